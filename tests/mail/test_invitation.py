from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.test_calendar import INVITATION, event
from tests.mail.work import is_linear
from webmail.mail.address import Mailbox
from webmail.mail.calendar import read_events
from webmail.mail.event import Attendee
from webmail.mail.invitation import Kind, invitation_of
from webmail.mail.invitation_answer import State, answer

OWN = ("bob@example.net",)
STAMP = datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
ZONE = (
    "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\n"
    "TZOFFSETTO:+0500\nEND:STANDARD\nEND:VTIMEZONE\n"
)
INVITED = ("UID:1", "ORGANIZER:mailto:ann@example.org", "ATTENDEE:mailto:Bob@example.net")


@pytest.mark.parametrize(
    ("lines", "method", "kind", "answerable"),
    [
        (INVITED, "METHOD:REQUEST", "invitation", True),
        ((*INVITED, "SEQUENCE:2"), "METHOD:REQUEST", "update", True),
        ((*INVITED, "STATUS:CANCELLED"), "METHOD:REQUEST", "cancellation", False),
        (INVITED, "METHOD:CANCEL", "cancellation", False),
        (INVITED, "METHOD:ADD", "update", False),
        (INVITED, "METHOD:REPLY", "answer", False),
        (INVITED, "METHOD:COUNTER", "proposal", False),
        (INVITED, "METHOD:DECLINECOUNTER", "refusal", False),
        (INVITED, "METHOD:REFRESH", "question", False),
        (INVITED, "METHOD:PUBLISH", "notice", False),
        (INVITED, "", "notice", False),
        (INVITED[1:], "METHOD:REQUEST", "invitation", False),
        (("UID:1", INVITED[2]), "METHOD:REQUEST", "invitation", False),
        (("UID:1", "ORGANIZER:mailto:bob@example.net"), "METHOD:REQUEST", "invitation", False),
        (("UID:1", "ORGANIZER:invalid"), "METHOD:REQUEST", "invitation", False),
    ],
)
def test_what_it_wants(lines: tuple[str, ...], method: str, kind: Kind, answerable: bool) -> None:
    (found,) = read_events(event(*lines, method=method))
    invitation = invitation_of(found, OWN)
    assert (invitation.kind, invitation.answerable) == (kind, answerable)


def test_who_the_person_is() -> None:
    (found,) = read_events(event(*INVITED, method="METHOD:REQUEST"))
    assert invitation_of(found, OWN).me == Attendee(Mailbox("", "Bob@example.net"))
    assert invitation_of(found, ["me@example.net"]).me is None
    assert invitation_of(found, ["me@example.net"]).answerable


def test_one_of_many_and_a_comment() -> None:
    (found,) = read_events(event("UID:1", "RECURRENCE-ID:20260706T100000Z", "COMMENT:Seint\\, men"))
    assert (found.instance, found.comment) == (datetime(2026, 7, 6, 10, tzinfo=UTC), "Seint, men")
    (found,) = read_events(event("UID:1", "RECURRENCE-ID;VALUE=DATE:20260706"))
    assert found.instance == date(2026, 7, 6)


@pytest.mark.parametrize("state", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer(state: State) -> None:
    made = answer(
        INVITATION.encode(), "bob@example.net", state, stamp=STAMP, comment="Ja; gjerne,\nmen seint"
    )
    assert made.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"\n" not in made.replace(b"\r\n", b"")
    assert b"DTSTAMP:20260701T100000Z\r\n" in made
    (found,) = read_events(made.decode())
    assert (found.method, found.uid, found.sequence, found.summary) == ("reply", "1@x", 3, "Møte, viktig")
    assert found.organiser == Mailbox("Ann B", "ann@example.org")
    assert found.attendees == (Attendee(Mailbox("Bob", "bob@example.net"), state.lower()),)
    assert found.comment == "Ja; gjerne,\nmen seint"
    assert found.start == read_events(INVITATION)[0].start
    assert found.recurrence is None


def test_somebody_who_is_not_listed_may_answer() -> None:
    made = answer(INVITATION.encode(), "åse@example.net", "ACCEPTED", stamp=STAMP)
    (found,) = read_events(made.decode())
    assert found.attendees == (Attendee(Mailbox("", "åse@example.net"), "accepted"),)
    assert found.comment == ""


def test_the_instance_is_named_in_its_own_zone() -> None:
    text = event(*INVITED, "DTSTART;TZID=Mine:20260706T100000", "RECURRENCE-ID;TZID=Mine:20260706T090000")
    made = answer(
        text.replace("BEGIN:VEVENT", f"{ZONE}BEGIN:VEVENT").encode(),
        "bob@example.net",
        "DECLINED",
        stamp=STAMP,
    )
    assert made.count(b"BEGIN:VTIMEZONE") == 1
    assert b"RECURRENCE-ID;TZID=Mine:20260706T090000" in made
    (found,) = read_events(made.decode())
    assert found.instance == datetime(2026, 7, 6, 4, tzinfo=UTC)


def test_all_of_one_event_are_answered_and_no_other() -> None:
    more = event(*INVITED, "RECURRENCE-ID:20260706T090000Z").split("BEGIN:VEVENT")[1].split("END:VEVENT")[0]
    other = more.replace("UID:1", "UID:2")
    text = event(*INVITED).replace(
        "END:VCALENDAR", f"BEGIN:VEVENT{more}END:VEVENT\r\nBEGIN:VEVENT{other}END:VEVENT\r\nEND:VCALENDAR"
    )
    for uid, count in (("", 2), ("1", 2), ("2", 1), ("3", 0)):
        made = answer(text.encode(), "bob@example.net", "ACCEPTED", stamp=STAMP, uid=uid)
        assert [found.uid for found in read_events(made.decode())] == [uid or "1"] * count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "BEGIN:VCALENDAR",
        event("UID:1"),
        event("ORGANIZER:mailto:a@b"),
        event("UID:", "ORGANIZER:mailto:a@b"),
        event(*INVITED).replace("VEVENT", "VFREEBUSY"),
    ],
)
def test_nothing_to_answer(text: str) -> None:
    assert answer(text.encode(), "bob@example.net", "ACCEPTED", stamp=STAMP) == b""


def test_broken_properties_are_left_out() -> None:
    text = event(*INVITED, "SEQUENCE:x", "DTSTART:x", "RECURRENCE-ID:x", "DTEND:x", "SUMMARY:a\\nb", "X:y")
    made = answer(text.encode(), "bob@example.net", "ACCEPTED", stamp=STAMP)
    assert b":x" not in made
    assert read_events(made.decode())[0].summary == "a b"


@pytest.mark.parametrize("address", ["", "bob", "bob@x\r\nMETHOD:CANCEL", "b b@x", "bob@x\n", "bob\x00@x"])
def test_no_line_break_gets_in(address: str) -> None:
    with pytest.raises(ValueError, match="not an answer"):
        answer(INVITATION.encode(), address, "ACCEPTED", stamp=STAMP)


@given(
    st.lists(
        st.sampled_from(
            [
                *INVITATION.splitlines(),
                *ZONE.splitlines(),
                ":",
                ";",
                " x",
                "DTSTART:1",
                "RECURRENCE-ID;TZID=Mine:1",
            ]
        ),
        max_size=30,
    ),
    st.text(max_size=20),
)
def test_never_raises(lines: list[str], comment: str) -> None:
    for text in ("\n".join(lines), event(*INVITED, *lines)):
        made = answer(text.encode(), "bob@example.net", "ACCEPTED", stamp=STAMP, comment=comment)
        for found in read_events(made.decode()):
            assert found.method == "reply"
            assert len(found.attendees) == 1


@given(st.binary(max_size=200))
def test_never_raises_on_octets(raw: bytes) -> None:
    answer(raw, "bob@example.net", "ACCEPTED", stamp=STAMP)


@pytest.mark.parametrize("unit", ["ATTENDEE:mailto:a@b.c\n", "X:y\n", " x\n", "BEGIN:VALARM\n", "UID:1\n"])
def test_is_linear(unit: str) -> None:
    def work(size: int) -> None:
        text = event(*INVITED).replace("END:VEVENT", unit * size + "END:VEVENT")
        answer(text.encode(), "bob@example.net", "ACCEPTED", stamp=STAMP)

    assert is_linear(work, 500)
