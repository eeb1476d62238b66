"""The Date field (RFC 5322, 3.3 and 4.3) as clocks and programs of all times have written it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb fév", "mar mär maa", "apr avr", "may mai mei", "jun", "jul", "aug aoû", "sep", "oct okt",
         "nov", "dec dez des déc"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "jst": 540, "kst": 540,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "aest": 600, "aedt": 660, "awst": 480, "nzst": 720, "nzdt": 780,
}  # fmt: skip

_COMMENT = re.compile(r"\([^()]*\)")
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d{2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?\s*([ap]m?\b)?", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*([^\W\d_]{3,12})\.?[\s,-]*(\d{2,4})?(?![\d:])"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?!\d|:)")
_YEAR = re.compile(r"(?<![\d:+-])(\d{4})(?![\d:])")
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+-])\s*(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[a-z]{1,5}", re.IGNORECASE)


def date(raw: bytes | str | None) -> datetime | None:
    """The moment in a raw Date field, with its own offset (UTC where none is said); None where it is no date."""
    if not raw:
        return None
    text = raw[:500].decode("utf_8", "replace") if isinstance(raw, bytes) else raw[:500]
    text = " ".join(_COMMENT.sub(" ", text).split())
    time = _TIME.search(text)
    rest = (text[: time.start()] + " " + text[time.end() :]) if time else text
    day = _day(rest)
    if day is None:
        return None
    hour, minute, second = _clock(time)
    try:
        moment = datetime(*day, hour, minute, second, tzinfo=_zone(text[time.end() :] if time else ""))
        for days in (-1, 1):  # it must exist in any reader's zone
            moment.astimezone(UTC) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return moment


def _clock(time: re.Match[str] | None) -> tuple[int, int, int]:
    if time is None:
        return 0, 0, 0
    hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
    half = (time[4] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (0 if hour == 24 else hour), minute, min(second, 59)


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _ISO.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    for found in _DAY_MONTH.finditer(text):
        month = _MONTHS.get(found[2].lower()[:3])
        if month:
            year = found[3] or next((match[1] for match in _YEAR.finditer(text, found.end())), None)
            return (_full_year(year), month, int(found[1])) if year else None
    for found in _MONTH_DAY.finditer(text):
        month = _MONTHS.get(found[1].lower()[:3])
        year = next((match[1] for match in _YEAR.finditer(text, found.end())), None)
        if month and year:
            return int(year), month, int(found[2])
    return None


def _full_year(text: str) -> int:
    """RFC 5322, 4.3: two digits below 50 are of this century, three count from 1900."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(text) == 3 else year


def _zone(text: str) -> timezone:
    if found := _OFFSET.search(text):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours < 24 and minutes < 60:
            offset = 60 * hours + minutes
            return _zone_at(offset if found[1] == "+" else -offset)
        return UTC
    for word in _WORD.findall(text):
        if word.lower() in _ZONES:
            return _zone_at(_ZONES[word.lower()])
    return UTC


@cache
def _zone_at(minutes: int) -> timezone:
    """The same object for the same offset: it is kept with every message of a list."""
    return timezone(timedelta(minutes=minutes))
