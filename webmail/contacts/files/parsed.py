"""What was found in a file, and what could not be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..pages import Card

MOST_ENTRIES = 20_000
# So many are named one by one; the rest is counted.
MOST_PROBLEMS = 100
SNIPPET = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is "line" (not understood), "end" (a card without an end), "empty" (neither name nor address),
    "address" (not one), "many" (more addresses or groups than fit), "long" (text was cut), "quote" (a quotation mark
    that is never closed), "entries" (the file has more than are read), "full" (the address book has no room) or
    "groups" (it has no room for more groups)."""

    line: int
    code: str
    text: str = ""


@dataclass(slots=True)
class Parsed:
    """Cards with the line on which each begins; `left_out` counts what there is no place for, such as "TEL"."""

    cards: list[tuple[int, Card]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def problem(self, line: int, code: str, text: str = "") -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(line, code, text[:SNIPPET]))
