"""What was searched for, marked where it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

# More words than these are nobody's search, and each would be looked for in every row.
MOST = 20
LONGEST = 100


def marker(words: Sequence[str]) -> Callable[[str], str] | None:
    """A function from text to escaped text with `<mark>` around the words, in any case; None where there are none."""
    wanted = sorted({word.strip()[:LONGEST] for word in words[:MOST]} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    pattern = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)

    def marked(text: str) -> str:
        pieces: list[str] = []
        at = 0
        for found in pattern.finditer(text):
            pieces += (escape(text[at : found.start()]), f"<mark>{escape(found[0])}</mark>")
            at = found.end()
        return "".join((*pieces, escape(text[at:])))

    return marked
