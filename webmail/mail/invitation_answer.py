"""The answer to an invitation: an iCalendar object with METHOD:REPLY (RFC 5546, 3.2.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal
from urllib.parse import unquote

from icalendar import Calendar, vCalAddress, vText
from icalendar.cal.component import Component

from webmail.mail.calendar_source import BROKEN, MAX_EVENTS, reading
from webmail.mail.charset import decode
from webmail.mail.header import clean
from webmail.mail.reply.own import address_key

MAX_COMMENT = 2_000
MAX_ATTENDEES = 500

State = Literal["ACCEPTED", "TENTATIVE", "DECLINED"]

_STATES = frozenset({"ACCEPTED", "TENTATIVE", "DECLINED"})
_ANSWERED = frozenset({"VEVENT", "VTODO"})
# What tells the organiser's calendar which event is meant, and its reader when that is.
_GIVEN_BACK = ("UID", "ORGANIZER", "SEQUENCE", "RECURRENCE-ID", "DTSTART", "DTEND", "DUE", "DURATION")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)


def answer(
    calendar: bytes, address: str, state: State, *, stamp: datetime, comment: str = "", uid: str = ""
) -> bytes:
    """For the invitation in `calendar` (a text/calendar part, decoded), from the attendee with `address`.

    `uid` chooses an event where there are several. The result is UTF-8 with CRLF, for a text/calendar part with
    method=REPLY; b"" where nothing can be answered. Raises ValueError for a wrong state or address.
    """
    if state not in _STATES or not address.isprintable() or " " in address or "@" not in address:
        raise ValueError("not an answer")
    try:
        with reading(decode(calendar, "utf-8")) as calendars:
            return b"".join(islice(_replies(calendars, address, state, stamp, comment, uid), 1))
    except BROKEN:
        return b""


def _replies(
    calendars: Iterator[Component], address: str, state: State, stamp: datetime, comment: str, uid: str
) -> Iterator[bytes]:
    for calendar in calendars:
        invited = [one for one in calendar.subcomponents if _is_answerable(one, uid)]
        uid = uid or (str(invited[0]["UID"]) if invited else "")
        answers = [
            _answer(one, address, state, stamp, comment)
            for one in invited[:MAX_EVENTS]
            if str(one["UID"]) == uid
        ]
        if not answers:
            continue
        reply = Calendar()
        reply.add("PRODID", "-//Ekorn//EN")
        reply.add("VERSION", "2.0")
        reply.add("METHOD", "REPLY")
        for part in (*_zones(calendar, answers), *answers):
            reply.add_component(part)
        yield reply.to_ical()


def _is_answerable(component: Component, uid: str) -> bool:
    known = _sound(component)
    return (
        component.name in _ANSWERED
        and {"UID", "ORGANIZER"} <= known.keys()
        and clean(str(known["UID"])) == (uid or clean(str(known["UID"])))
        and bool(str(known["UID"]))
    )


def _sound(component: Component) -> dict[str, Any]:
    """Each property of a kind that is given back and could be read; the first where it is there twice."""
    broken = {name.upper() for name, _ in component.errors if name}
    found = {name: component.get(name) for name in _GIVEN_BACK if name not in broken}
    firsts = {name: value[0] if isinstance(value, list) and value else value for name, value in found.items()}
    return {name: value for name, value in firsts.items() if value is not None}


def _answer(component: Component, address: str, state: State, stamp: datetime, comment: str) -> Component:
    made = type(component)()
    for name, value in _sound(component).items():
        made[name] = value
    made.add("DTSTAMP", stamp.astimezone(UTC).replace(microsecond=0))
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params["PARTSTAT"] = vText(state)
    if name := _name(component, address):
        attendee.params["CN"] = vText(name)
    made.add("ATTENDEE", attendee)
    if summary := clean(str(component.get("SUMMARY") or ""))[:1_000]:
        made.add("SUMMARY", summary)
    if comment.strip():
        made.add("COMMENT", comment.strip()[:MAX_COMMENT])
    return made


def _name(component: Component, address: str) -> str:
    value = component.get("ATTENDEE")
    values = value if isinstance(value, list) else [] if value is None else [value]
    for one in values[:MAX_ATTENDEES]:
        if address_key(unquote(_MAILTO.sub("", str(one)[:1_000], count=1))) == address_key(address):
            return clean(str(getattr(one, "params", {}).get("CN", ""))[:500]).replace('"', "")
    return ""


def _zones(calendar: Component, answers: list[Component]) -> Iterator[Component]:
    """The invitation's own time zones, where a moment that is given back is told in one."""
    used = {
        str(value.params["TZID"])
        for answered in answers
        for value in answered.values()
        if "TZID" in getattr(value, "params", {})
    }
    for component in calendar.subcomponents:
        if component.name == "VTIMEZONE" and str(component.get("TZID")) in used:
            yield component
