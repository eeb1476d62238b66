"""Hostile words in what a message asks or tells: events, reports, receipts, lists. They stay text, and reach nobody."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.front.odd import multipart
from tests.front.visitor import Visitor
from tests.security.test_stored_markup import BREAKS, strange, word
from tests.servers.dovecot import MailUser

EVENT_FIELDS = "UID SUMMARY LOCATION DESCRIPTION COMMENT URL STATUS RRULE".split()
HEAD = b"Subject: asks\r\nFrom: who@example.org\r\nMIME-Version: 1.0\r\n"


def ics(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def event(text: str, method: str) -> bytes:
    name = text.replace('"', "'")
    lines = (
        *(f"{field}:{ics(text)}" for field in EVENT_FIELDS),
        "DTSTART:20261126T100000Z",
        f'ORGANIZER;CN="{name}":mailto:"{quote(text)}"@evil.example',
        f'ATTENDEE;CN="{name}";PARTSTAT="{name}":mailto:{quote(text)}@evil.example',
    )
    calendar = "\r\n".join(
        ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", "")
    )
    field, body = multipart(
        b"mixed",
        b"Content-Type: text/plain\r\n\r\nhei",
        b"Content-Type: text/calendar; charset=utf-8\r\n\r\n" + calendar.encode(),
    )
    return HEAD + field + b"\r\n\r\n" + body


def report(text: str, kind: str) -> bytes:
    status = (
        f"Reporting-MTA: dns; {text}\r\n\r\nOriginal-Recipient: rfc822; {text}@evil.example\r\n"
        f"Final-Recipient: rfc822; {text}\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; {text}\r\n"
        f"Diagnostic-Code: smtp; {text}\r\nDisposition: {text}; displayed\r\n"
    )
    field, body = multipart(
        b"report",
        b"Content-Type: text/plain\r\n\r\nhei",
        f"Content-Type: message/{kind}\r\n\r\n{status}".encode(),
        b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <"
        + text.encode()
        + b"@x>\r\nSubject: "
        + word(text)
        + b"\r\n",
    )
    return HEAD + field + b"; report-type=x\r\n\r\n" + body


def asking(text: str) -> bytes:
    link = quote(text, safe="<>\"'&;:/(){}%! ")
    return (
        HEAD
        + f'Disposition-Notification-To: "{text}" <{text}@evil.example>, <who@evil.example>\r\n'.encode()
        + f"List-Unsubscribe: <https://list.example/{link}>, ".encode()
        + f"<mailto:a@list.example?subject={quote(text)}&body={quote(text)}>\r\n\r\nhei\r\n".encode()
    )


@pytest.mark.parametrize("text", BREAKS)
@pytest.mark.parametrize(
    "letter",
    [
        lambda text: event(text, "REQUEST"),
        lambda text: event(text, "REPLY"),
        lambda text: event(text, "CANCEL"),
        lambda text: report(text, "delivery-status"),
        lambda text: report(text, "disposition-notification"),
        asking,
    ],
)
def test_hostile_words_are_words(kari: Visitor, mail_user: MailUser, letter, text: str) -> None:
    mail_user.deliver("INBOX", letter(text))
    (address,) = kari.list().rows
    shown = kari.get(address)
    assert strange(shown.markup) == []
    ways = kari.get(f"{address}unsubscribe/")
    assert (ways.status == 200) == (letter is asking)
    assert "pwn" in (ways if letter is asking else shown).markup
    assert strange((ways if ways.status == 200 else kari.follow(ways)).markup) == []


@pytest.mark.parametrize("do", ["invitation/", "receipt/", "unsubscribe/"])
def test_another_site_can_not_answer(mail_user: MailUser, visitor: Visitor, do: str) -> None:
    strict = Visitor(csrf=True)
    strict.get("/sign-in/")
    token = strict.cookie("csrf")
    assert strict.sign_in(mail_user, csrfmiddlewaretoken=token).status == 302
    mail_user.deliver("INBOX", asking("x"))
    (address,) = strict.list().rows
    assert strict.post(address + do, do="send", state="accepted").status == 403


@pytest.mark.parametrize("do", ["invitation/", "receipt/", "unsubscribe/", "original/"])
def test_only_for_who_is_signed_in(kari: Visitor, mail_user: MailUser, do: str) -> None:
    mail_user.deliver("INBOX", asking("x"))
    (address,) = kari.list().rows
    stranger = Visitor()
    for answer in (stranger.get(address + do), stranger.post(address + do, do="send")):
        assert answer.status in (302, 405)
        assert answer.status == 405 or "/sign-in/" in answer.location
