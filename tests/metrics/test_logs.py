"""A log line tells where and what kind, and nothing of anybody's mail."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.metrics import request_id
from webmail.metrics.logs import Discreet, Json, Line


@pytest.fixture(params=[Line, Json])
def said(request: pytest.FixtureRequest) -> io.StringIO:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Discreet())
    handler.setFormatter(request.param())
    names = ("django.request", "django.security.DisallowedHost", "django.server", "gunicorn.error", "webmail")
    for name in names:
        logging.getLogger(name).addHandler(handler)
    stream.handler = handler  # type: ignore[attr-defined]  # kept alive with it
    yield stream
    for name in names:
        logging.getLogger(name).removeHandler(handler)


def request(view: str | None = "folder") -> SimpleNamespace:
    match = SimpleNamespace(view_name=view) if view else None
    return SimpleNamespace(META={}, resolver_match=match)


def test_a_path_is_not_logged(said: io.StringIO) -> None:
    log = logging.getLogger("django.request")
    extra = {"status_code": 404, "request": request()}
    log.warning("%s: %s", "Not Found", "/folder/Hemmeleg/", extra=extra)
    log.warning(
        "Method Not Allowed (%s): %s", "LOYNDOM", "/", extra={"status_code": 405, "request": request(None)}
    )
    assert "Not Found: folder" in said.getvalue()
    assert "Method Not Allowed: other" in said.getvalue()
    for secret in ("Hemmeleg", "LOYNDOM"):
        assert secret not in said.getvalue()


def test_nor_a_host_that_was_made_up(said: io.StringIO) -> None:
    extra = {"status_code": 400, "request": request(None)}
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST: 'loyndom'", extra=extra)
    assert "loyndom" not in said.getvalue()
    assert "Bad Request: other" in said.getvalue()


def test_nor_what_gunicorn_was_asked(said: io.StringIO) -> None:
    log = logging.getLogger("gunicorn.error")
    log.warning("Invalid request from ip=192.0.2.1: Invalid Request Line 'GET /folder/Hemmeleg'")
    log.error("Error handling request %s %s", "GET", "/folder/Hemmeleg")
    logging.getLogger("django.server").warning('"%s" %s %s', "GET /folder/Hemmeleg HTTP/1.1", "404", "12")
    assert "Hemmeleg" not in said.getvalue()
    log.setLevel(logging.DEBUG)
    log.debug("%s %s", "GET", "/folder/Hemmeleg")
    log.setLevel(logging.INFO)
    assert "Hemmeleg" not in said.getvalue()
    assert said.getvalue().count("\n") == 4
    assert "Error handling request" in said.getvalue()
    assert "answered 404" in said.getvalue()


def test_an_exception_is_its_type_and_places(said: io.StringIO) -> None:
    def inner() -> None:
        raise KeyError("Hemmeleg")

    try:
        try:
            inner()
        except KeyError as error:
            raise RuntimeError("loyndom") from error
    except RuntimeError:
        logging.getLogger("webmail").exception("It broke")
    text = said.getvalue()
    assert "Hemmeleg" not in text
    assert "loyndom" not in text
    assert text.index("in inner") < text.index("KeyError") < text.index("RuntimeError")
    assert "tests/metrics/test_logs.py" in text


def test_json_is_one_object_a_line() -> None:
    record = logging.LogRecord("webmail", logging.INFO, __file__, 1, "a\nb %s", ('"æ',), None)
    number = request_id.begin("0" * 31 + "f")
    Discreet().filter(record)
    line = Json().format(record)
    assert "\n" not in line
    assert json.loads(line) | {"time": ""} == {
        "time": "",
        "level": "INFO",
        "logger": "webmail",
        "message": 'a\nb "æ',
        "request": number,
    }


def test_no_line_can_be_made_up() -> None:
    """What a stranger may put into a message does not look like another line."""
    record = logging.LogRecord("webmail", logging.INFO, __file__, 1, "a\r\nWARNING b", (), None)
    assert Line().format(record).splitlines()[1].startswith("  ")


@given(st.text(max_size=40))
def test_only_what_looks_like_a_number_is_taken_for_one(text: str) -> None:
    number = request_id.begin(text)
    assert len(number) == 32
    assert set(number) <= set("0123456789abcdef")
    assert number == request_id.current()
    assert request_id.begin("ab" * 16) == "ab" * 16
    assert request_id.begin("ab" * 16 + "\n") != "ab" * 16 + "\n"
