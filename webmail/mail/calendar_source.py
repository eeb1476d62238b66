"""iCalendar objects (RFC 5545) taken apart by icalendar, held to what a mail may cost and what a stranger may break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from icalendar import Calendar
from icalendar.cal.component import Component
from icalendar.timezone import tzp

MAX_CALENDAR = 524_288
MAX_EVENTS = 50
MAX_ZONE_RULES = 40
KINDS = {"VEVENT": "event", "VTODO": "task", "VFREEBUSY": "freebusy"}

_ONE_AT_A_TIME = Lock()
_BEGINNINGS = frozenset(f"BEGIN:{kind}" for kind in KINDS)
_ENDS = frozenset(f"END:{kind}" for kind in KINDS)
_METHOD = re.compile(r"^METHOD:[A-Z-]{1,30}", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(r"\r*\n[ \t]")
_ZONE = re.compile(
    r"^BEGIN:VTIMEZONE\s(?>(?:(?!^END:VTIMEZONE|^BEGIN:VTIMEZONE).*\n?)*)(?:END:VTIMEZONE\s*)?",
    re.MULTILINE | re.IGNORECASE,
)
_RULE = re.compile(r"^(?:RRULE|RDATE|EXRULE)\b.*", re.MULTILINE | re.IGNORECASE)
_CALM_RULE = re.compile(
    r"RDATE.{0,200}\Z|RRULE:(?:(?:FREQ=YEARLY|INTERVAL=\d+|BYMONTH=\d+|BYDAY=[+-]?\d?[A-Z]{2}|WKST=[A-Z]{2}|UNTIL=[\dTZ]+"
    r"|BYMONTHDAY=-?\d+(?:,-?\d+){0,6}|COUNT=\d+)(?:;|\s*\Z))+\Z",
    re.IGNORECASE,
)
# What icalendar raises for what it can't read; its own documentation promises ValueError only.
BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, RecursionError)


@contextmanager
def reading(text: str) -> Iterator[Iterator[Component]]:
    """The VCALENDARs in `text`, to be used within the block: the library keeps the zones that it read for all."""
    text = text[:MAX_CALENDAR].lstrip("\ufeff \t\r\n").replace("\x00", "")
    with _ONE_AT_A_TIME:
        tzp.use_default()  # forgets the zones of the mail before, or they would be used for this one
        yield _calendars(_tame(text))


def _tame(text: str) -> str:
    """Unfolded, and without time zones whose rules would take long to follow."""
    text = _FOLD.sub("", text)
    rules = [rule for zone in _ZONE.findall(text) for rule in _RULE.findall(zone)]
    if len(rules) > MAX_ZONE_RULES or not all(_CALM_RULE.match(rule) for rule in rules):
        return _ZONE.sub("", text)
    return text


def _calendars(text: str) -> Iterator[Component]:
    found: list[Component] = []
    with suppress(*BROKEN):
        found = [
            calendar
            for calendar in Calendar.from_ical(text, multiple=True)
            if isinstance(calendar, Component)
        ]
    yield from found or _by_block(text)


def _by_block(text: str) -> Iterator[Component]:
    """A calendar that can't be read whole: each event by itself."""
    method = _METHOD.search(text)
    head = f"BEGIN:VCALENDAR\n{method[0]}\n" if method else "BEGIN:VCALENDAR\n"
    lines: list[str] = []
    count = 0
    for line in text.splitlines():
        word = line.strip().upper()
        if word in _BEGINNINGS:
            lines = [line.strip()]
        elif lines:
            lines.append(line)
        if lines and word in _ENDS:
            count += 1
            if count > MAX_EVENTS:
                return
            with suppress(*BROKEN):
                yield Calendar.from_ical("\n".join((head + lines[0], *lines[1:], "END:VCALENDAR", "")))
            lines = []
