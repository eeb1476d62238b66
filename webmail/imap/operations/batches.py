"""Many messages in command lines that every server takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from webmail.imap.sets import format_set

LONGEST_SET: Final = 7000  # Octets: RFC 7162, 4 asks servers for lines of 8192.


def batches(numbers: Iterable[int]) -> list[str]:
    """Sets that hold all numbers between them, each short enough for one command. EncodeError where none."""
    text = format_set(numbers)
    found = []
    while len(text) > LONGEST_SET:
        cut = text.rindex(",", 0, LONGEST_SET)
        found.append(text[:cut])
        text = text[cut + 1 :]
    return [*found, text]
