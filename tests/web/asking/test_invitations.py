"""Invitations as their cards show them, and the answers that go out: to the organiser alone, and once."""

from __future__ import annotations

import re

import pytest

from tests.web.asking.messages import invitation
from webmail.mail.calendar import read_events
from webmail.mail.header import decode_header
from webmail.mail.header_block import first, parse_headers
from webmail.mail.parse import parse_message
from webmail.mail.transfer import decode
from webmail.outbox.models import Outgoing
from webmail.outbox.worker import take_due

EVENT = (
    "UID:77",
    "DTSTART:20261126T090000Z",
    "DTEND:20261126T100000Z",
    "SUMMARY:Statusmøte",
    "LOCATION:Loftet",
    "ORGANIZER;CN=Solveig Haugen:mailto:solveig@fjord.example",
)
STATES = [
    ("accepted", "Accepted: Statusmøte"),
    ("tentative", "Maybe: Statusmøte"),
    ("declined", "Declined: Statusmøte"),
]


def invited(reader, *more: str) -> bytes:
    return invitation(*EVENT, f"ATTENDEE;CN=Kari:mailto:{reader.address}", *more)


def answer(reader, address: str, state: str = "accepted", **fields: str):
    page = reader.page(address)
    once = re.search(r'name="once" value="([0-9a-f]{32})"', page)
    given = {"event": "77", "state": state, "comment": "", "once": once[1] if once else "0" * 32}
    return reader.post(f"{address}invitation/", given | fields)


def calendars(content: bytes):
    read = parse_message(content)
    parts = [part for part in read.root.walk() if part.type in ("text/calendar", "application/ics")]
    return [read_events(decode(read.body(part.section), part.encoding).decode())[0] for part in parts]


def test_the_card(reader):
    page = reader.page(reader.letter(invited(reader, "RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270101T000000Z")))
    for words in (
        "Statusmøte",
        "Thursday 26 November 2026, 10:00–11:00",
        "every week on Monday and Thursday, until Friday 1 January 2027",
        "Loftet",
        "Invited by Solveig Haugen &lt;solveig@fjord.example&gt;",
        "The answer goes to solveig@fjord.example.",
    ):
        assert words in page
    assert "That is not who sent this message" not in page
    assert re.findall(r'name="state" value="(\w+)"', page) == ["accepted", "tentative", "declined"]


@pytest.mark.parametrize(("state", "subject"), STATES)
def test_an_answer(reader, state, subject):
    address = reader.letter(invited(reader))
    assert answer(reader, address, state, comment="Eg tek med kake.\r\n.\r\nHei")["Location"] == address
    (content,) = reader.posted()
    headers = parse_headers(content)
    assert first(headers, "to") == b"solveig@fjord.example"
    assert reader.address.encode() in (first(headers, "from") or b"")
    assert first(headers, "in-reply-to") == b"<invitation@fjord.example>"
    assert reader.smtp.wires("RCPT") == [b"RCPT TO:<solveig@fjord.example>"]
    for event in calendars(content):
        assert (event.method, event.uid) == ("reply", "77")
        (attendee,) = event.attendees
        assert (attendee.mailbox.address, attendee.status) == (reader.address, state)
        assert event.comment.startswith("Eg tek med kake.")
    assert reader.sent() == [content]
    assert f"invitation{state}".encode() in reader.flags()
    assert b"\\answered" in reader.flags()
    assert decode_header(first(headers, "subject")) == subject


def test_it_is_remembered_and_can_be_changed(reader):
    address = reader.letter(invited(reader))
    answer(reader, address)
    assert "You have said that you are coming." in reader.page(address)
    answer(reader, address, "declined")
    page = reader.page(address)
    assert "You have said that you are not coming." in page
    assert b"invitationaccepted" not in reader.flags()
    session = reader.client.session
    del session["marks"]
    session.save()
    assert "You have said that you are not coming." in reader.page(address)
    assert len(reader.posted()) == 2


def test_pressed_twice_is_sent_once(reader):
    address = reader.letter(invited(reader))
    answer(reader, address, once="a" * 32)
    answer(reader, address, once="a" * 32)
    assert len(reader.posted()) == 1


def test_an_answer_can_be_taken_back(reader):
    reader.person.__class__.objects.update(undo_seconds=10)
    address = reader.letter(invited(reader))
    answer(reader, address)
    row = Outgoing.objects.get()
    page = reader.page(address)
    assert f'action="/outbox/{row.pk}/undo/"' in page
    assert "Your answer is on its way." in page
    assert reader.post(f"/outbox/{row.pk}/undo/", {"next": address})["Location"] == address
    page = reader.page(address)
    assert "It was not sent." in page
    assert "You have said" not in page
    assert b"invitationaccepted" not in reader.flags()
    Outgoing.objects.update(next_try=row.created)
    take_due()
    assert (reader.posted(), reader.sent(), reader.sent("Drafts")) == ([], [], [])


def test_what_was_refused_was_not_said(reader):
    address = reader.letter(invited(reader))
    answer(reader, address)
    reader.smtp.table["RCPT"] = b"550 5.1.1 Nobody"
    answer(reader, address, "declined")
    page = reader.page(address)
    assert "Not sent" in page
    assert "You have said that you are coming." in page
    assert b"invitationdeclined" not in reader.flags()


def test_from_the_identity_that_was_invited(reader):
    reader.person.identities.create(address=f"styret@{reader.address.partition('@')[2]}", name="Styret")
    address = reader.letter(invitation(*EVENT, "ATTENDEE:mailto:STYRET@fjord.example"))
    answer(reader, address)
    (content,) = reader.posted()
    assert first(parse_headers(content), "from") == b"Styret <styret@fjord.example>"
    assert calendars(content)[0].attendees[0].mailbox.address.lower() == "styret@fjord.example"


def test_somebody_else_organises_than_sent_it(reader):
    raw = invitation(*EVENT[:-1], "ORGANIZER;CN=solveig@fjord.example:mailto:spy@evil.example")
    page = reader.page(reader.letter(raw))
    assert "solveig@fjord.example &lt;spy@evil.example&gt;" in page
    assert "The answer goes to spy@evil.example." in page
    assert "That is not who sent this message." in page


@pytest.mark.parametrize(
    "organiser",
    [
        "solveig@fjord.example,spy@evil.example",
        "solveig@fjord.example%0d%0aBcc: spy@evil.example",
        "solveig@fjord.example%0aRCPT TO:<spy@evil.example>",
        "solveig@fjord.example?cc=spy@evil.example",
        "<solveig@fjord.example>",
        "solveig@fjord.example spy@evil.example",
        "a" * 300 + "@fjord.example",
        "@fjord.example",
        "solveig@",
        "%00@fjord.example",
    ],
)
def test_to_one_sound_address_or_to_nobody(reader, organiser):
    address = reader.letter(invitation(*EVENT[:-1], f"ORGANIZER:mailto:{organiser}"))
    reader.page(address)
    assert answer(reader, address).status_code == 302
    assert reader.smtp.wires("RCPT") == []
    assert reader.posted() == []
    assert "can&#x27;t be answered" in reader.page(address)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "maybe"}, 400),
        ({"state": ""}, 400),
        ({"once": "x"}, 400),
        ({"comment": "x" * 2_001}, 400),
        ({"event": "another"}, 302),
    ],
)
def test_bad_input_changes_nothing(reader, fields, status):
    address = reader.letter(invited(reader))
    assert answer(reader, address, **fields).status_code == status
    assert reader.posted() == []
    assert b"invitation" not in reader.flags()


def test_only_by_post(reader):
    address = reader.letter(invited(reader))
    assert reader.get(f"{address}invitation/").status_code == 405
    assert reader.posted() == []


@pytest.mark.parametrize(
    ("lines", "method", "words"),
    [
        (("SEQUENCE:3",), "REQUEST", "Changed invitation"),
        ((), "CANCEL", "Cancelled"),
        (("STATUS:CANCELLED",), "REQUEST", "Cancelled"),
        (
            ("ATTENDEE;CN=Ola;PARTSTAT=DECLINED:mailto:ola@x.example", "COMMENT:Er på ferie"),
            "REPLY",
            "not coming",
        ),
        (
            ("ATTENDEE;CN=Ola:mailto:ola@x.example", "COMMENT:Heller klokka 12"),
            "COUNTER",
            "Another time is proposed",
        ),
        ((), "DECLINECOUNTER", "The other time was turned down"),
        ((), "PUBLISH", "Event"),
        (("RECURRENCE-ID:20261126T090000Z",), "REQUEST", "only this one of several"),
        (("RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3",), "REQUEST", "every month on the second Tuesday, 3 times"),
        (("RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",), "REQUEST", "every weekday"),
        (("RRULE:FREQ=DAILY;INTERVAL=2",), "REQUEST", "every 2 days"),
        (("RRULE:FREQ=SECONDLY",), "REQUEST", "repeats"),
    ],
)
def test_what_it_is(reader, lines, method, words):
    page = reader.page(reader.letter(invitation(*EVENT, *lines, method=method)))
    assert words in page
    assert ('name="state"' in page) == (method == "REQUEST" and "STATUS:CANCELLED" not in lines)
    for comment in ("Er på ferie", "Heller klokka 12"):
        assert (comment in page) == any(comment in line for line in lines)


def test_when_sending_fails_it_is_told(reader, settings):
    settings.SMTP_URL = ""
    address = reader.letter(invited(reader))
    assert answer(reader, address).status_code == 302
    assert Outgoing.objects.get().state != "done"
    assert "Not sent" in reader.page(address)
