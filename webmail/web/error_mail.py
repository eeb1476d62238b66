"""Mails to ADMINS about errors of the program: what kind, where, and by which number the log has it. Nothing else.

No message of an exception, no variable, no address, form, cookie or query string: any of them may be somebody's mail.
"""

from __future__ import annotations

import logging
import platform
import threading
import time
from collections.abc import Callable
from typing import Final

from webmail.metrics.logs import places, view_of

EACH_SECONDS: Final = 3600.0
AN_HOUR: Final = 10


class ErrorMailHandler(logging.Handler):
    """One mail an hour for each kind of error at one place, and few in all; the next one says how many were left out.
    Sent in a thread of its own: no request waits for a mail server. `flush` waits for those under way."""

    def __init__(self, level: int = logging.ERROR, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(level)
        self._clock = clock
        self._told: dict[str, float] = {}
        self._left_out = 0
        self._sending: list[threading.Thread] = []

    def emit(self, record: logging.LogRecord) -> None:
        """The caller holds the handler's lock."""
        from django.conf import settings

        if not settings.ADMINS or threading.current_thread().name == "error-mail":
            return
        what = _what(record)
        if not self._may_tell(what):
            self._left_out += 1
            return
        text, self._left_out = _text(record, self._left_out), 0
        thread = threading.Thread(target=_send, args=(what, text), name="error-mail", daemon=True)
        self._sending = [other for other in self._sending if other.is_alive()] + [thread]
        thread.start()

    def flush(self) -> None:
        for thread in tuple(self._sending):
            thread.join()

    def _may_tell(self, what: str) -> bool:
        now = self._clock()
        self._told = {kind: at for kind, at in self._told.items() if now - at < EACH_SECONDS}
        if what in self._told or len(self._told) >= AN_HOUR:
            return False
        self._told[what] = now
        return True


def _what(record: logging.LogRecord) -> str:
    """What an error is told apart by, and the mail's subject: short, and the program's own words only."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return f"{record.name} at {record.module}:{record.lineno}"
    lines = places(error)
    place = next((line.strip() for line in reversed(lines) if line.startswith("  ")), "")
    return f"{type(error).__name__} at {place}"


def _text(record: logging.LogRecord, left_out: int) -> str:
    import django

    error = record.exc_info[1] if record.exc_info else None
    lines = [
        f"Logger:  {record.name}",
        f"View:    {getattr(record, 'view', '') or view_of(getattr(record, 'request', None))}",
        f"Request: {getattr(record, 'request_id', '') or '-'}",
        f"Python:  {platform.python_version()}",
        f"Django:  {django.get_version()}",
    ]
    if left_out:
        lines.append(f"Errors since the last such mail that were not told of: {left_out}")
    lines += ["", *places(error), "", "The log holds the lines around it; look for the request's number."]
    return "\n".join(lines)


def _send(subject: str, text: str) -> None:
    from django.core.mail import mail_admins

    try:
        mail_admins(subject, text)
    except Exception as error:  # noqa: BLE001 - nothing may come of telling but a line in the log
        logging.getLogger(__name__).error("An error could not be told by mail: %s", type(error).__name__)
