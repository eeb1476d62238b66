"""Sizes and days as people write them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from .errors import QueryError

_SIZE: Final = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,3}))?([kmg]?)b?", re.IGNORECASE)
_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_ISO: Final = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?")
_DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_AGO: Final = re.compile(r"([0-9]{1,4})([dwmy])", re.IGNORECASE)
_DAYS: Final = {"d": 1, "w": 7, "m": 30, "y": 365}
_NAMED: Final = {"today": 0, "i dag": 0, "idag": 0, "yesterday": 1, "i går": 1, "igår": 1}
_DAY: Final = timedelta(days=1)


def octets(value: str) -> int:
    """`500k`, `1.5MB`, `2000`: decimal, as sizes are shown. Raises QueryError."""
    found = _SIZE.fullmatch(value.strip())
    if found is None:
        raise QueryError("size", value)
    whole, part, unit = found.groups()
    factor = _UNITS[unit.lower()]
    return int(whole) * factor + (int(part) * factor // 10 ** len(part) if part else 0)


def days(value: str, today: date) -> tuple[date, date]:
    """The first day that is meant and the day after the last: a day, a month (2026-11), a year, or so long ago
    (7d, 2w, 3m, 1y, yesterday). Raises QueryError."""
    text = value.strip().casefold()
    try:
        if text in _NAMED:
            first = today - timedelta(days=_NAMED[text])
            return first, first + _DAY
        if ago := _AGO.fullmatch(text):
            first = _days_ago(today, int(ago[1]) * _DAYS[ago[2]])
            return first, first + _DAY
        if dotted := _DOTTED.fullmatch(text):
            first = date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
            return first, first + _DAY
        if iso := _ISO.fullmatch(text):
            return _span(*(int(number) for number in iso.groups() if number))
    except (ValueError, OverflowError):
        pass
    raise QueryError("date", value)


def _span(year: int, month: int | None = None, day: int | None = None) -> tuple[date, date]:
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if day is None:
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, day), date(year, month, day) + _DAY


def _days_ago(today: date, count: int) -> date:
    with suppress(OverflowError):
        return max(today - timedelta(days=count), date(1, 1, 1))
    return date(1, 1, 1)
