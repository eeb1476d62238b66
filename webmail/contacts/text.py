"""Text that is kept: one clean line, or several; what could break a header, a file or a page is not in it."""

from __future__ import annotations

from webmail.mail.compose.wire_address import problem
from webmail.mail.header import clean

from .limits import ADDRESS, LABEL


def line(text: str, longest: int) -> str:
    """Without CR, LF, NUL, other controls and overrides of direction; cut."""
    return clean(text)[:longest].strip()


def label(text: str) -> str:
    """The two that programs share are written alike."""
    kept = line(text, LABEL)
    return kept.lower() if kept.lower() in ("home", "work") else kept


def lines(text: str, longest: int) -> str:
    """The same for several lines: each ends as "\\n"."""
    kept = "\n".join(clean(one) for one in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return kept[:longest].strip()


def is_address(text: str) -> bool:
    """Something that a message can be sent to."""
    return len(text) <= ADDRESS and problem(text) in (None, "no-dot")
