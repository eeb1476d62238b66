"""One response on its way through the parser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webmail.imap.parse.lexer import Node, lex
from webmail.imap.parse.limits import ParseLimits
from webmail.imap.parse.text import joined, mailbox_name


@dataclass(slots=True)
class Source:
    """`raw` as the reader assembled it; what is to be read begins at `start` of the first text."""

    raw: Sequence[bytes]
    start: int
    limits: ParseLimits
    utf8: bool

    def text(self) -> bytes:
        return joined(self.raw, self.start)

    def nodes(self) -> list[Node]:
        return lex(self.raw, self.start, self.limits.depth)

    def name(self, wire: bytes) -> str:
        return mailbox_name(wire, utf8=self.utf8)
