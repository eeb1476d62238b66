"""Sequence sets (RFC 9051, 9): numbers to "1:5,9" and back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from webmail.imap.errors import EncodeError, LimitError, ProtocolError

GREATEST = 2**32 - 1
SET_LIMIT = 2_000_000


def format_set(numbers: Iterable[int]) -> str:
    """Ascending, each number once. Raises EncodeError where there is none, or one is no message number."""
    ordered = sorted(set(numbers))
    if not ordered:
        raise EncodeError("an empty set of messages")
    if ordered[0] < 1 or ordered[-1] > GREATEST:
        raise EncodeError("a message number is outside 1 to 4294967295")
    ranges = []
    first = last = ordered[0]
    for number in chain(ordered[1:], (0,)):
        if number == last + 1:
            last = number
            continue
        ranges.append(f"{first}" if first == last else f"{first}:{last}")
        first = last = number
    return ",".join(ranges)


def parse_set(text: str, limit: int = SET_LIMIT) -> tuple[int, ...]:
    """The numbers in the order of `text`, a range always ascending.

    Raises LimitError where the set holds more than `limit` numbers, before any is made, and ProtocolError for
    what is no set of plain numbers ("*" among them).
    """
    ranges = []
    total = 0
    for item in text.split(","):
        first, colon, last = item.partition(":")
        low = _number(first)
        high = _number(last) if colon else low
        if high < low:
            low, high = high, low
        total += high - low + 1
        if total > limit:
            raise LimitError(f"a set of more than {limit} messages")
        ranges.append(range(low, high + 1))
    return tuple(chain.from_iterable(ranges))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10) or int(text) > GREATEST:
        raise ProtocolError("a malformed set of messages")
    return int(text)
