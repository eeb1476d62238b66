"""INTERNALDATE (RFC 9051, 9: date-time)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from webmail.imap.parse.lexer import Node
from webmail.imap.parse.text import BrokenError, octets

_STANDARD = re.compile(rb"([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})\Z")
_OTHER = re.compile(
    rb"\s*(?:[A-Za-z]+,?\s*)?(\d{1,2})[-\s/]+([A-Za-z]{3})[a-z]*[-\s/]+(\d{2,4})[\sT]+"
    rb"(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:\.\d+)?\s*([+-]\d\d:?\d\d)?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"),
        start=1,
    )
}


def date_time(node: Node) -> datetime | None:
    """Always with a zone, UTC where none is readable. None for NIL; raises BrokenError."""
    value = octets(node)
    if value is None:
        return None
    match = _STANDARD.match(value) or _OTHER.match(value[:100])
    if match is None:
        try:
            moment = datetime.fromisoformat(value[:40].decode("ascii").strip())
        except ValueError:
            raise BrokenError from None
        if not 1900 <= moment.year <= 9998:
            raise BrokenError from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    day, month, year, hour, minute, second, zone = match.groups()
    years = int(year)
    if len(year) < 4:
        years += 2000 if years < 70 else 1900
    if not 1900 <= years <= 9998:
        # Nobody can turn these to another zone.
        raise BrokenError
    try:
        return datetime(
            years,
            _MONTHS[month.lower()],
            int(day),
            int(hour),
            int(minute),
            min(int(second or 0), 59),
            tzinfo=_zone(zone),
        )
    except (KeyError, ValueError):
        raise BrokenError from None


@lru_cache(maxsize=256)
def _zone(zone: bytes | None) -> timezone:
    if zone is None:
        return UTC
    digits = zone[1:].replace(b":", b"")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60 or not minutes:
        return UTC
    return timezone(timedelta(minutes=-minutes if zone[:1] == b"-" else minutes))
