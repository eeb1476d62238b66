"""Words that were searched for, found in text and marked in clean markup. Linear and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

# More words than these are nobody's search, and each would be looked for everywhere.
MOST_WORDS: Final = 20
LONGEST_WORD: Final = 100
# Each is an element that a browser has to lay out.
MOST_HITS: Final = 1000

_PIECE: Final = re.compile(
    r"""([^<>]++)|<(/?+)[a-z][a-z0-9]*+((?>(?: [a-z-]++(?>(?:="[^"]*+")?))*))(?>(?: ?/)?)>"""
)
_REFERENCE: Final = re.compile(r"&#?\w{1,32};")


def words_of(texts: Iterable[str]) -> tuple[str, ...]:
    """What to look for, as `find` wants it."""
    wanted = (" ".join(text.split())[:LONGEST_WORD].strip() for text in texts)
    return tuple(dict.fromkeys(_lower(word) for word in wanted if word))[:MOST_WORDS]


def find(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where one of the words begins and ends, in any case; rising, what overlaps joined."""
    lower = _lower(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = lower.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = lower.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def mark(markup: str, words: Iterable[str], *, style: str = "") -> str:
    """Clean markup with `<mark>` around the words in its text: nothing else of it is changed, nothing left out.

    Markup is read as strictly as our serialisers write it; where one character doesn't fit, it stays as it is. `style`
    is for each mark. The words that we ourselves put into a mail (class "ekorn-…") are left alone.
    """
    wanted, left = tuple(words), MOST_HITS
    opening = f'<mark style="{style}">' if style else "<mark>"
    out: list[str] = []
    at, ours = 0, False
    for piece in _PIECE.finditer(markup):
        if piece.start() != at:
            return markup
        at = piece.end()
        text, attributes = piece[1], piece[3]
        if text is None or ours or not left:
            out.append(piece[0])
            ours = attributes is not None and 'class="ekorn-' in attributes
            continue
        for run in _runs(text):
            hits = find(run, wanted)[:left] if not run.startswith("&") else []
            left -= len(hits)
            out.append(_marked(run, hits, opening))
    return "".join(out) if at == len(markup) else markup


def _runs(text: str) -> Iterator[str]:
    """The text between character references, and these."""
    at = 0
    for reference in _REFERENCE.finditer(text):
        if at < reference.start():
            yield text[at : reference.start()]
        yield reference[0]
        at = reference.end()
    if at < len(text):
        yield text[at:]


def _marked(text: str, hits: list[tuple[int, int]], opening: str) -> str:
    if not hits:
        return text
    pieces: list[str] = []
    at = 0
    for start, end in hits:
        pieces += (text[at:start], opening, text[start:end], "</mark>")
        at = end
    return "".join((*pieces, text[at:]))


def _lower(text: str) -> str:
    """In small letters, each at its place."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
