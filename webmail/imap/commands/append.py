"""APPEND (RFC 9051, 6.3.12), from memory or from a file, with what APPENDUID tells (RFC 4315)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from webmail.imap.commands.command import Command
from webmail.imap.encode import Argument, Body, Mailbox, date_time, flag_list
from webmail.imap.errors import EncodeError
from webmail.imap.parse import Tagged
from webmail.imap.types import AppendUid


class Append(Command[AppendUid | None]):
    """`message` has CRLF line ends; of a file, `size` octets from where it stands, read in pieces."""

    words = ("APPEND",)
    repeatable = False

    def __init__(
        self,
        name: str | bytes,
        message: bytes | BinaryIO,
        *,
        size: int | None = None,
        flags: Iterable[str] = (),
        date: datetime | None = None,
    ) -> None:
        if isinstance(message, bytes):
            size = len(message)
        if not size:
            raise EncodeError("A message to append has a size, and not 0.")
        marks = flag_list(flags)
        words: list[Argument] = [Mailbox(name)]
        if marks:
            words.append(marks)
        if date is not None:
            words.append(date_time(date))
        super().__init__(*words, Body(message, size))

    def reset(self) -> None:
        self._appended: AppendUid | None = None

    def complete(self, tagged: Tagged) -> None:
        if tagged.code is not None and isinstance(tagged.code.argument, AppendUid):
            self._appended = tagged.code.argument

    def result(self) -> AppendUid | None:
        return self._appended
