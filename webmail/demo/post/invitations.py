"""Calendar parts (RFC 5545, 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ..letter import Part, attached, encoded, multipart, plain
from ..people import Person

_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
END:VTIMEZONE"""


def invitation(
    text: str,
    *,
    method: str,
    uid: str,
    title: str,
    place: str,
    start: datetime,
    length: timedelta,
    organiser: Person,
    guests: Sequence[Person],
    made: datetime,
    rule: str = "",
) -> Part:
    """An iMIP message: the words, the calendar as an alternative, and the same as a file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ekorn//demo//NN", f"METHOD:{method}"]
    lines += _ZONE.splitlines()
    lines += ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    lines += [f"DTSTART;TZID=Europe/Oslo:{start:%Y%m%dT%H%M%S}"]
    lines += [f"DTEND;TZID=Europe/Oslo:{start + length:%Y%m%dT%H%M%S}"]
    lines += [f"RRULE:{rule}"] if rule else []
    lines += [f"SUMMARY:{_escaped(title)}", f"LOCATION:{_escaped(place)}", f"DESCRIPTION:{_escaped(text)}"]
    lines += [f'ORGANIZER;CN="{organiser.name}":mailto:{organiser.address}']
    status = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    lines += [
        f'ATTENDEE;CN="{guest.name}";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{guest.address}'
        for guest in guests
    ]
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Påminning", "TRIGGER:-PT15M", "END:VALARM"]
    lines += [f"STATUS:{status}", "SEQUENCE:0", *alarm, "END:VEVENT", "END:VCALENDAR", ""]
    calendar = "\r\n".join(folded for line in lines for folded in _folded(line)).encode()
    part = Part(
        (
            ("Content-Type", f"text/calendar; charset=utf-8; method={method}"),
            ("Content-Transfer-Encoding", "base64"),
        ),
        encoded(calendar, "base64"),
    )
    both = multipart("alternative", plain(text), part)
    return multipart("mixed", both, attached(calendar, "application/ics", "invite.ics"))


def _escaped(text: str) -> str:
    for mark, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(mark, written)
    return text


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets."""
    pieces, rest = [], line
    while len(rest.encode()) > 73:
        cut = 73
        while len(rest[:cut].encode()) > 73:
            cut -= 1
        pieces.append(rest[:cut])
        rest = " " + rest[cut:]
    return [*pieces, rest]
