"""Lines of plain text with how deep each is quoted: RFC 3676 where format=flowed says so, ">" in any case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_DEPTH = 12

_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ufeff\ufff9-\ufffb\ud800-\udfff]")
_QUOTE = re.compile(r"(?>(?:> ?)+)")
_FLOWED_QUOTE = re.compile(r">++")


@dataclass(frozen=True, slots=True)
class Line:
    """`depth` counts quote marks, at most 12."""

    depth: int
    text: str


def plain_lines(text: str) -> str:
    """The text with LF for every line's end, without controls and characters that turn its direction."""
    return _UNWANTED.sub("", _BREAK.sub("\n", text))


def read_lines(text: str, *, flowed: bool = False, delsp: bool = False) -> Iterator[Line]:
    """The lines of `text`, whose lines end with LF; flowed ones are joined into paragraphs. Linear."""
    if not flowed:
        for line in text.split("\n"):
            found = _QUOTE.match(line) if line.startswith(">") else None
            if found:
                yield Line(min(found[0].count(">"), MAX_DEPTH), line[found.end() :])
            else:
                yield Line(0, line)
        return
    depth = 0
    pieces: list[str] = []
    for line in text.split("\n"):
        found = _FLOWED_QUOTE.match(line)
        level = min(len(found[0]), MAX_DEPTH) if found else 0
        content = line[found.end() :] if found else line
        content = content.removeprefix(" ")
        if pieces and (level != depth or content == "-- "):
            yield Line(depth, "".join(pieces))
            pieces = []
        depth = level
        if content.endswith(" ") and content != "-- ":
            pieces.append(content[:-1] if delsp else content)
        else:
            yield Line(depth, "".join((*pieces, content)))
            pieces = []
    if pieces:
        yield Line(depth, "".join(pieces))
