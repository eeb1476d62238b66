"""COPY and MOVE (RFC 9051, 6.4.7; 6851), with what COPYUID tells (RFC 4315)."""

from __future__ import annotations

from collections.abc import Iterable

from webmail.imap.commands.command import Command
from webmail.imap.encode import Mailbox, sequence_set
from webmail.imap.parse import Code, Condition, Response, Tagged
from webmail.imap.types import CopyUid


class Copy(Command[CopyUid | None]):
    """What became of each message; None where the server did not tell, or not credibly."""

    words: tuple[str, ...] = ("UID", "COPY")
    repeatable = False
    touches = True

    def __init__(self, numbers: str | int | Iterable[int], name: str | bytes, *, uid: bool = True) -> None:
        super().__init__(sequence_set(numbers), Mailbox(name))
        if not uid:
            self.words = self.words[1:]

    def reset(self) -> None:
        self._copied: CopyUid | None = None

    def collect(self, response: Response) -> bool:
        return isinstance(response, Condition) and self._take(response.code)

    def complete(self, tagged: Tagged) -> None:
        self._take(tagged.code)

    def _take(self, code: Code | None) -> bool:
        if code is None or code.name != "COPYUID":
            return False
        if isinstance(code.argument, CopyUid):
            self._copied = code.argument
        return True

    def result(self) -> CopyUid | None:
        return self._copied


class Move(Copy):
    words = ("UID", "MOVE")
