"""What a server answers (RFC 5321, 4.2; enhanced codes, RFC 2034), read a line at a time within limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LINE: Final = re.compile(rb"([2-5][0-9][0-9])(?:([- ])(.*))?", re.DOTALL)
_ENHANCED: Final = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?:\s+|\Z)")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
LONGEST_TEXT: Final = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """`enhanced` is such as "5.1.1" ("" where none), `text` the server's words without codes, at most 1,000
    characters, a line each."""

    code: int
    enhanced: str = ""
    text: str = ""

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 300

    @property
    def temporary(self) -> bool:
        return 400 <= self.code < 500

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    def __str__(self) -> str:
        """In one line."""
        return " ".join([str(self.code), self.enhanced, *self.text.split("\n")]).replace("  ", " ").strip()


def reply_line(line: bytes) -> tuple[int, bool, str] | None:
    """(code, whether it is the last line, text) of a line without its end; None where it is none."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    text = _CONTROLS.sub(" ", (found[3] or b"").decode("utf-8", "replace")).strip()
    return int(found[1]), found[2] != b"-", text


def reply_of(code: int, lines: list[str]) -> Reply:
    """The enhanced code stands before each line's text, and counts where its class is the code's."""
    enhanced = ""
    texts = []
    for line in lines:
        found = _ENHANCED.match(line)
        if found and found[1][0] == str(code)[0]:
            enhanced = enhanced or found[1]
            line = line[found.end() :]
        texts.append(line)
    return Reply(code, enhanced, "\n".join(texts).strip()[:LONGEST_TEXT])
