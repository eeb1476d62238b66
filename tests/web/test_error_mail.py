"""Mails to ADMINS: few, and with nothing of anybody's."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail

from tests.front.conftest import kari, pool, visitor
from tests.front.visitor import Visitor
from webmail.web import error_mail
from webmail.web.error_mail import AN_HOUR, EACH_SECONDS, ErrorMailHandler

__all__ = ["kari", "pool", "visitor"]

log = logging.getLogger("webmail.tests")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def handler(settings: Any, clock: Clock) -> Iterator[ErrorMailHandler]:
    """In place of the program's own."""
    settings.ADMINS = [("", "admin@example.org")]
    handler, root = ErrorMailHandler(clock=clock), logging.getLogger()
    former = list(root.handlers)
    root.handlers = [each for each in former if not isinstance(each, ErrorMailHandler)] + [handler]
    yield handler
    root.handlers = former


def subjects(handler: ErrorMailHandler) -> list[str]:
    handler.flush()
    return [message.subject for message in mail.outbox]


def breaks(number: int = 0) -> None:
    """A place of its own for each number."""
    exec(compile("\n" * number + "raise KeyError('Hemmeleg')", "webmail/broken.py", "exec"), {})


def fail(number: int = 0) -> None:
    try:
        breaks(number)
    except KeyError:
        log.exception("loyndom %s", "loyndom")


def test_the_same_error_is_told_once_an_hour(handler: ErrorMailHandler, clock: Clock) -> None:
    for _ in range(5):
        fail()
    assert subjects(handler) == ["[Ekorn] KeyError at webmail/broken.py:1 in <module>"]
    clock.now += EACH_SECONDS
    fail()
    assert len(subjects(handler)) == 2
    assert "not told of: 4" in mail.outbox[1].body
    assert mail.outbox[1].to == ["admin@example.org"]


def test_many_different_ones_are_few_mails(handler: ErrorMailHandler) -> None:
    for number in range(3 * AN_HOUR):
        fail(number)
    assert len(set(subjects(handler))) == AN_HOUR


def test_nothing_but_the_place_is_told(handler: ErrorMailHandler) -> None:
    fail()
    log.error("loyndom without an exception")
    assert len(subjects(handler)) == 2
    for message in mail.outbox:
        assert "loyndom" not in message.subject + message.body
        assert "Hemmeleg" not in message.subject + message.body


def test_without_anybody_to_tell(handler: ErrorMailHandler, settings: Any) -> None:
    settings.ADMINS = []
    fail()
    assert subjects(handler) == []


def test_a_mail_that_can_not_be_sent_harms_nobody(
    handler: ErrorMailHandler, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*_: object) -> None:
        raise OSError("password=loyndom refused")

    monkeypatch.setattr("django.core.mail.mail_admins", refuses)
    fail()
    handler.flush()
    assert "An error could not be told by mail: OSError" in caplog.messages
    assert not [thread for thread in threading.enumerate() if thread.name == "error-mail"]


def test_of_a_request_its_view_and_number(
    kari: Visitor, handler: ErrorMailHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("insides")

    monkeypatch.setattr("webmail.mailbox.finding.list_view", broken)
    answer = kari.get("/folder/INBOX/?page=2&token=loyndom")
    assert len(subjects(handler)) == 1
    text = mail.outbox[0].body
    assert "View:    folder" in text
    assert f"Request: {answer.headers['X-Request-ID']}" in text
    for secret in ("insides", "loyndom", "INBOX", kari.cookie("session"), kari.cookie("key")):
        assert secret not in text


def test_it_listens_in_the_program() -> None:
    assert any(isinstance(each, error_mail.ErrorMailHandler) for each in logging.getLogger().handlers)
