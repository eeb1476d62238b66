"""How much of a response is believed."""

from __future__ import annotations

from dataclasses import dataclass

from webmail.imap.sets import SET_LIMIT


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """`depth` counts nested parentheses, `parts` the nodes of one BODYSTRUCTURE, `numbers` what one set or
    search result holds. Too deep or too many parts costs that item; too many numbers raises LimitError."""

    depth: int = 120
    parts: int = 10_000
    numbers: int = SET_LIMIT


DEFAULT = ParseLimits()
