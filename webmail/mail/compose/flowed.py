"""Typed text as format=flowed (RFC 3676): long lines broken so that a reader joins them again."""

from __future__ import annotations

import re

WIDTH = 76
SIGNATURE = "-- "

_QUOTE = re.compile(r">(?:[> ]*>)?")
_BREAK = re.compile("\r\n?|\n")


def flowed(text: str, *, width: int = WIDTH) -> str:
    """`text` with soft ends of lines at most `width` columns apart, where there is a space to break at.

    A line's ">" at its start are its quote, at any depth. Spaces at the end of a line are dropped, but for the
    signature's "-- ": a reader would take them for a soft end. Linear.
    """
    out: list[str] = []
    for line in _BREAK.split(text):
        found = _QUOTE.match(line)
        mark = found[0].replace(" ", "") if found else ""
        content = line[found.end() :].removeprefix(" ") if found else line
        out += _lines(mark, content, width)
    return "\n".join(out)


def _lines(mark: str, content: str, width: int) -> list[str]:
    if content == SIGNATURE:
        return [mark + _stuffed(mark, content)]
    content = content.rstrip(" ")
    room = max(20, width - len(mark) - 1)
    pieces: list[str] = []
    start = 0
    while len(content) - start > room and (cut := _cut(content, start, room)):
        pieces.append(content[start:cut])
        start = cut
    pieces.append(content[start:])
    return [mark + _stuffed(mark, piece) for piece in pieces]


def _cut(content: str, start: int, room: int) -> int:
    """Past the space to break at, 0 for none; a word that is too long stays whole."""
    cut = content.rfind(" ", start, start + room) + 1 or content.find(" ", start + room) + 1
    if content[start:cut] == SIGNATURE:  # alone on a line it would end the text
        cut = content.find(" ", cut) + 1
    return cut


def _stuffed(mark: str, piece: str) -> str:
    """RFC 3676, 4.4: a space before what a reader or a mail store would take for something else."""
    if not piece:
        return piece
    return f" {piece}" if mark or piece.startswith((" ", ">", "From ")) else piece
