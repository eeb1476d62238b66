from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.address import Mailbox
from webmail.mail.calendar import read_events
from webmail.mail.event import Attendee

INVITATION = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:1@x
SUMMARY:Møte\\, viktig
DTSTART;TZID=Europe/Oslo:20260706T100000
DURATION:PT1H
LOCATION:Rom 5
DESCRIPTION:Fyrst\\nso
ORGANIZER;CN="Ann B":mailto:ann@example.org
ATTENDEE;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;CN=Bob:MAILTO:bob@example.net
ATTENDEE:mailto:c@d.e
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,-1FR;COUNT=5
SEQUENCE:3
END:VEVENT
END:VCALENDAR
"""


def event(*lines: str, method: str = "") -> str:
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR",
            *([method] if method else []),
            "BEGIN:VEVENT",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
        )
    )


def test_reads_an_invitation() -> None:
    (found,) = read_events(INVITATION)
    assert (found.uid, found.method, found.summary, found.place) == (
        "1@x",
        "request",
        "Møte, viktig",
        "Rom 5",
    )
    assert found.description == "Fyrst\nso"
    assert isinstance(found.start, datetime)
    assert isinstance(found.end, datetime)
    assert found.start.astimezone(UTC) == datetime(2026, 7, 6, 8, tzinfo=UTC)
    assert (found.end - found.start).total_seconds() == 3600
    assert found.organiser == Mailbox("Ann B", "ann@example.org")
    assert found.attendees == (
        Attendee(Mailbox("Bob", "bob@example.net"), "accepted", "req-participant"),
        Attendee(Mailbox("", "c@d.e")),
    )
    assert found.recurrence is not None
    rule = found.recurrence
    assert (rule.freq, rule.interval, rule.count, rule.days) == ("weekly", 2, 5, ("mo", "-1fr"))
    assert found.sequence == 3
    assert not found.cancelled


def test_days_end_on_their_last_day() -> None:
    (found,) = read_events(event("DTSTART;VALUE=DATE:20260706", "DTEND;VALUE=DATE:20260708"))
    assert (found.all_day, found.start, found.end) == (True, date(2026, 7, 6), date(2026, 7, 7))
    (found,) = read_events(event("DTSTART;VALUE=DATE:20260706"))
    assert found.end == date(2026, 7, 6)


def test_a_mails_own_zone_is_its_own() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n"
    zone += "TZOFFSETTO:+0500\nEND:STANDARD\nEND:VTIMEZONE\n"
    start = "DTSTART;TZID=Mine:20260706T100000"
    (own,) = read_events(event(start).replace("BEGIN:VEVENT", f"{zone}BEGIN:VEVENT"))
    (other,) = read_events(event(start))
    assert own.start == datetime(2026, 7, 6, 5, tzinfo=UTC)
    assert isinstance(other.start, datetime)
    assert other.start.tzinfo is None


def test_a_zone_whose_rule_never_ends_is_not_followed() -> None:
    half = "BEGIN:{0}\nDTSTART:16010101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:{0}\n"
    zone = f"BEGIN:VTIMEZONE\nTZID:Slow\n{half.format('STANDARD')}{half.format('DAYLIGHT')}END:VTIMEZONE\n"
    (found,) = read_events(
        event("DTSTART;TZID=Slow:20260706T100000").replace("BEGIN:VEVENT", f"{zone}BEGIN:VEVENT")
    )
    assert found.start == datetime(2026, 7, 6, 10)  # noqa: DTZ001 (a floating time is what is left)


@pytest.mark.parametrize(
    ("text", "summaries"),
    [
        ("", []),
        ("nonsense", []),
        ("BEGIN:VCALENDAR", []),
        (event("SUMMARY:a", "DTSTART:garbage"), ["a"]),
        (event("SUMMARY:a", "a line without sense"), ["a"]),
        (event("SUMMARY:a").removesuffix("END:VCALENDAR"), ["a"]),
        ("\ufeff" + event("SUMMARY:a") + "\x00", ["a"]),
        (event("SUMMARY:a\u202eb", "SUMMARY:c"), ["ab"]),
        (event("SUMMARY:a", "RRULE:FREQ=NEVER"), ["a"]),
        (event("SUMMARY:a", "DTSTART:20260706T100000Z", "DTEND;VALUE=DATE:20260706"), ["a"]),
        (event("SUMMARY:a", "DTSTART:99991231T235959Z", "DURATION:P9999999D"), ["a"]),
        (event("SUMMARY:a", "ORGANIZER:", "ATTENDEE;CN=:mailto:"), ["a"]),
    ],
)
def test_reads_what_can_be_read(text: str, summaries: list[str]) -> None:
    assert [found.summary for found in read_events(text)] == summaries


def test_is_bounded() -> None:
    many = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n" * 200 + "END:VCALENDAR"
    assert len(read_events(many)) == 50
    assert len(read_events(event(*["ATTENDEE:mailto:a@b.c"] * 2_000))[0].attendees) == 500


def test_cancelled() -> None:
    assert read_events(event("UID:1", method="METHOD:CANCEL"))[0].cancelled
    assert read_events(event("STATUS:CANCELLED"))[0].cancelled


@given(
    st.lists(
        st.sampled_from([*INVITATION.splitlines(), ":", ";", " x", "DTSTART:1", "DURATION:P", "RRULE:X"]),
        max_size=30,
    )
)
def test_never_raises(lines: list[str]) -> None:
    read_events("\n".join(lines))
    read_events(event(*lines))
