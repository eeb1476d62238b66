"""Log lines that tell where and what kind, and nothing of anybody's mail.

Django and gunicorn write paths, which hold folder names, and exceptions carry whatever a server or a database said of
what it was given. Here a request is named by its view, and an exception by its type and the places it came through.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Final

from . import request_id

NO_VIEW: Final = "other"


class Discreet(logging.Filter):
    """Rewrites records of Django and gunicorn that would name a path; lets all pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        if hasattr(record, "request_id"):
            return True  # Another's filter has done it.
        record.request_id = request_id.current()
        if record.name.startswith("django."):
            _name_view(record)
        elif record.name.startswith("gunicorn.") and record.levelno != logging.INFO:
            _cut(record)
        return True


class Line(logging.Formatter):
    """`2026-11-25 18:00:00,123 WARNING 4f…e1 django.request Not Found: folder`; "-" outside of requests."""

    def format(self, record: logging.LogRecord) -> str:
        number = getattr(record, "request_id", "") or "-"
        message = record.getMessage().replace("\r", " ").replace("\n", "\n  ")
        lines = [f"{self.formatTime(record)} {record.levelname} {number} {record.name} {message}"]
        if record.exc_info:
            lines += places(record.exc_info[1])
        return "\n".join(lines)


class Json(logging.Formatter):
    """One object a line: `time` (RFC 3339, UTC), `level`, `logger`, `message`, and where there are such `request`,
    `view`, `status` and `error` (its type and places)."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, Any] = {
            "time": time,
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request_id", ""),
            "view": getattr(record, "view", ""),
            "status": getattr(record, "status_code", ""),
        }
        if record.exc_info:
            said["error"] = "\n".join(places(record.exc_info[1]))
        return json.dumps({name: value for name, value in said.items() if value != ""}, ensure_ascii=False)


def set_up(*, form: str, level: str, admins: str) -> dict[str, Any]:
    """Django's LOGGING. `admins`: the handler's class that tells of errors. Under gunicorn its own lines from here on
    look like ours."""
    console = {"handlers": ["console"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": Discreet}},
        "formatters": {"line": {"()": Line}, "json": {"()": Json}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if form == "json" else "line",
                "filters": ["discreet"],
            },
            "admins": {"class": admins, "level": "ERROR", "filters": ["discreet"]},
        },
        "root": {"handlers": ["console", "admins"], "level": level},
        # Filters of a handler see what comes from below a logger, those of a logger what it says itself, whoever
        # else listens.
        "loggers": {
            "django": {"handlers": [], "level": level},
            "django.request": {"filters": ["discreet"]},
            "django.security.csrf": {"filters": ["discreet"]},
            "django.server": console | {"filters": ["discreet"]},
            "gunicorn.error": console | {"filters": ["discreet"]},
        },
    }


def view_of(request: Any) -> str:
    """The name of the view that a Django request went to, or that it went to none."""
    match = getattr(request, "resolver_match", None)
    return str(match.view_name) if match is not None else NO_VIEW


def _name_view(record: logging.LogRecord) -> None:
    request = getattr(record, "request", None)
    if record.name == "django.server":
        status = record.args[1] if isinstance(record.args, tuple) and len(record.args) > 1 else ""
        record.msg, record.args = f"answered {status}".strip(), ()
    elif hasattr(request, "META") and not hasattr(record, "view"):
        view = view_of(request)
        message = f"{_phrase(getattr(record, 'status_code', 0))}: {view}"
        vars(record).update(view=view, msg=message, args=())


def _cut(record: logging.LogRecord) -> None:
    """Without the address that was asked for, and without a request line that could not be read. What it says at INFO
    is of processes."""
    message = str(record.msg)
    if message.startswith("Invalid request from"):
        record.msg, record.args = "Invalid request", ()
    elif record.args:
        record.msg, record.args = message.partition("%")[0].strip() or "A request", ()


def _phrase(status: object) -> str:
    try:
        return HTTPStatus(int(str(status))).phrase
    except ValueError:
        return "Refused"


def places(error: BaseException | None) -> list[str]:
    """Type and places of it and of what it came from, outermost last, as Python prints them, without any message."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        lines[:0] = [*_frames(error.__traceback__), type(error).__qualname__]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    return [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]


def _short(path: str) -> str:
    """From the package on: where it is installed is nobody's matter."""
    for folder in sorted(sys.path, key=len, reverse=True):
        if folder and path.startswith(folder + "/"):
            return path.removeprefix(folder + "/")
    return path
