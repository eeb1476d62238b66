"""Invitations and other text/calendar parts (RFC 5545, RFC 5546) as events to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from icalendar.cal.component import Component

from webmail.mail.address import Mailbox
from webmail.mail.calendar_source import BROKEN, KINDS, MAX_EVENTS, reading
from webmail.mail.event import Attendee, Event, Recurrence
from webmail.mail.header import clean

MAX_ATTENDEES = 500
MAX_DESCRIPTION = 20_000


def read_events(text: str) -> tuple[Event, ...]:
    """The events of an iCalendar object, at most 50; () where nothing can be read. Never raises."""
    with reading(text) as calendars:
        return tuple(islice(_events(calendars), MAX_EVENTS))


def _events(calendars: Iterable[Component]) -> Iterator[Event]:
    for calendar in calendars:
        method = _word(calendar, "METHOD")
        for component in calendar.subcomponents:
            if component.name in KINDS:
                yield _event(component, method)


def _event(component: Component, method: str) -> Event:
    start, end = _moment(component, "DTSTART"), _moment(component, "DTEND") or _moment(component, "DUE")
    all_day = isinstance(start, date) and not isinstance(start, datetime)
    return Event(
        uid=_line(component, "UID"),
        kind=KINDS[component.name or ""],
        method=method,
        status=_word(component, "STATUS"),
        summary=_line(component, "SUMMARY"),
        place=_line(component, "LOCATION"),
        description=_text(component, "DESCRIPTION")[:MAX_DESCRIPTION],
        url=_line(component, "URL"),
        start=start,
        end=_end(component, start, end),
        all_day=all_day,
        organiser=_person(_first(component, "ORGANIZER")),
        attendees=tuple(_attendees(component)),
        recurrence=_recurrence(component),
        sequence=_integer(_first(component, "SEQUENCE")),
        instance=_moment(component, "RECURRENCE-ID"),
        comment=_text(component, "COMMENT")[:MAX_DESCRIPTION],
    )


def _first(component: Component, name: str) -> Any:
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def _text(component: Component, name: str) -> str:
    value = _first(component, name)
    return "" if value is None else str(value)


def _line(component: Component, name: str) -> str:
    return clean(_text(component, name)[:4_000])


def _word(component: Component, name: str) -> str:
    return _line(component, name).lower()


def _integer(value: Any) -> int:
    try:
        return int(value) if value is not None else 0
    except BROKEN:
        return 0


def _moment(component: Component, name: str) -> datetime | date | None:
    try:
        value = getattr(_first(component, name), "dt", None)
    except BROKEN:
        return None
    if isinstance(value, datetime):
        return _fixed(value)
    return value if isinstance(value, date) else None


def _fixed(value: datetime) -> datetime | None:
    """A mail's own time zone is asked once; what is kept has a plain offset or a zone of ours."""
    if value.tzinfo is None or isinstance(value.tzinfo, (ZoneInfo, timezone)):
        return value
    try:
        offset = value.utcoffset()
        return value.replace(tzinfo=timezone(offset) if offset is not None else None)
    except BROKEN:
        return value.replace(tzinfo=None)


def _end(
    component: Component, start: datetime | date | None, end: datetime | date | None
) -> datetime | date | None:
    """RFC 5545, 3.6.1: the end, or start and duration; a day's end is the day after its last."""
    if start is None:
        return end
    is_day = not isinstance(start, datetime)
    try:
        if end is None:
            duration = getattr(_first(component, "DURATION"), "dt", None)
            end = start + (duration if isinstance(duration, timedelta) else timedelta(days=int(is_day)))
        if is_day and not isinstance(end, datetime):
            return max(start, end - timedelta(days=1))
        return end if isinstance(end, datetime) is not is_day else start
    except BROKEN:
        return start


def _person(value: Any) -> Mailbox | None:
    if value is None:
        return None
    params = getattr(value, "params", {})
    address = clean(unquote(re.sub(r"(?i)\Amailto:", "", str(value)[:1_000].strip())))
    name = clean(str(params.get("CN", ""))[:500]).strip("\"' ")
    return Mailbox(name, address if "@" in address else "") if name or address else None


def _attendees(component: Component) -> Iterator[Attendee]:
    value = component.get("ATTENDEE")
    values = value if isinstance(value, list) else [] if value is None else [value]
    for attendee in values[:MAX_ATTENDEES]:
        person = _person(attendee)
        if person is not None:
            params = getattr(attendee, "params", {})
            status = clean(str(params.get("PARTSTAT", "needs-action"))).lower()
            yield Attendee(person, status, clean(str(params.get("ROLE", ""))).lower())


def _recurrence(component: Component) -> Recurrence | None:
    rule = _first(component, "RRULE")
    if not isinstance(rule, dict):
        return None
    values = {str(key).upper(): value if isinstance(value, list) else [value] for key, value in rule.items()}
    freq = [str(value).lower() for value in values.get("FREQ", [])]
    if not freq:
        return None
    until = next((value for value in values.get("UNTIL", []) if isinstance(value, date)), None)
    counts = [_integer(value) for value in values.get("COUNT", [])]
    return Recurrence(
        freq=clean(freq[0])[:20],
        interval=max(1, next(map(_integer, values.get("INTERVAL", [])), 1)),
        count=next((count for count in counts if count > 0), None),
        until=until,
        days=tuple(clean(str(day)).lower().lstrip("+")[:6] for day in values.get("BYDAY", [])[:20]),
        month_days=tuple(filter(None, map(_integer, values.get("BYMONTHDAY", [])[:31]))),
        months=tuple(filter(None, map(_integer, values.get("BYMONTH", [])[:12]))),
    )
