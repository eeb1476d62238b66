"""What is written for programs: receipts and answers to invitations, read back with our own readers."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

from tests.mail.compose.messages import BOB, file, message, octets
from tests.mail.compose.test_write import assert_sound, body
from tests.mail.test_calendar import event
from webmail.mail.calendar import read_events
from webmail.mail.compose import message_id
from webmail.mail.invitation_answer import answer
from webmail.mail.parse import parse_message
from webmail.mail.parts import choose_body
from webmail.mail.receipt import receipt
from webmail.mail.report import Reported, read_report, report_parts

READ = b"From: bob@example.net\r\nSubject: Lunch\r\nMessage-ID: <7@example.net>\r\n"
INVITED = event(
    "UID:1",
    "ORGANIZER:mailto:bob@example.net",
    "ATTENDEE;CN=Åse:mailto:ann@example.org",
    "SUMMARY:Blåbærtur på fjellet med heile kontoret og alle som vil vere med i lag",
)


def test_a_receipt_is_read_as_one() -> None:
    made = receipt(READ, reader="ann@example.org", text="Lest på tysdag.")
    parts = (
        file("", made.notification, "message/disposition-notification"),
        file("", made.headers, "text/rfc822-headers"),
    )
    raw = octets(message(to=(BOB,), text=made.text, attachments=parts, report="disposition-notification"))
    assert_sound(raw)
    read = parse_message(raw)
    found = report_parts(read.root)
    assert found is not None
    assert found.original is not None
    report = read_report(found.kind, body(read, found.status), body(read, found.original))
    assert report is not None
    assert (report.message_id, report.subject, report.by_itself) == ("<7@example.net>", "Lunch", False)
    assert report.recipients == (Reported("ann@example.org", "displayed"),)
    assert next(part.type for part in choose_body(read.root).text) == "text/plain"
    python = message_from_bytes(raw, policy=policy.default)
    assert python.get_param("report-type") == "disposition-notification"
    assert python.get_content_type() == "multipart/report"


def test_an_answer_to_an_invitation_is_read_as_one() -> None:
    calendar = answer(
        INVITED.encode(), "ann@example.org", "TENTATIVE", stamp=datetime(2026, 11, 25, tzinfo=UTC)
    )
    raw = octets(
        message(
            message_id=message_id("example.org"),
            to=(BOB,),
            text="Kanskje.",
            versions=(file("", calendar, "text/calendar; method=REPLY; charset=utf-8"),),
            attachments=(file("invite.ics", calendar, "application/ics"),),
        )
    )
    assert_sound(raw)
    read = parse_message(raw)
    assert [part.type for part in read.root.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    chosen = choose_body(read.root)
    assert [part.type for part in chosen.text] == ["text/plain"]
    for part in chosen.calendars:
        (told,) = read_events(body(read, part).decode())
        assert (told.method, told.uid, told.attendees[0].status) == ("reply", "1", "tentative")
    beside = chosen.calendars[0]
    assert beside.param("method").upper() == "REPLY"
    assert beside.charset == "utf-8"
