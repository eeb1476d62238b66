"""Flags, and the end of messages: STORE, EXPUNGE, UID EXPUNGE (RFC 9051, 6.4; 7162; 4315)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from webmail.imap.commands.command import Command, Simple
from webmail.imap.commands.fetch import Members
from webmail.imap.encode import Argument, atom, flag_list, number, sequence_set
from webmail.imap.errors import ProtocolError
from webmail.imap.parse import FetchResponse, Response, Tagged
from webmail.imap.sets import parse_set
from webmail.imap.types import Fetched

Mode = Literal["add", "remove", "replace"]
_SIGNS: dict[Mode, str] = {"add": "+", "remove": "-", "replace": ""}


@dataclass(frozen=True, slots=True)
class Stored:
    """`fetched`: what the server told of the flags afterwards. `modified`: messages left alone, since they had
    changed after `unchanged_since`."""

    fetched: tuple[Fetched, ...] = ()
    modified: tuple[int, ...] = ()


class Store(Command[Stored]):
    """Set flags ("\\Seen", keywords). `silent`: without an answer for each message."""

    words: tuple[str, ...] = ("UID", "STORE")
    touches = True

    def __init__(
        self,
        numbers: str | int | Iterable[int],
        mode: Mode,
        flags: Iterable[str],
        *,
        silent: bool = True,
        unchanged_since: int | None = None,
        uid: bool = True,
    ) -> None:
        wire = sequence_set(numbers)
        modifiers: tuple[Argument, ...] = ()
        if unchanged_since is not None:
            modifiers = ((atom("UNCHANGEDSINCE"), number(unchanged_since)),)
        action = atom(f"{_SIGNS[mode]}FLAGS{'.SILENT' if silent else ''}")
        self._uid = uid
        self._asked = Members.of(wire.wire.decode("ascii"))
        super().__init__(wire, *modifiers, action, flag_list(flags))
        if not uid:
            self.words = ("STORE",)

    def reset(self) -> None:
        self._fetched: list[Fetched] = []
        self._modified: tuple[int, ...] = ()

    def collect(self, response: Response) -> bool:
        if not isinstance(response, FetchResponse):
            return False
        message = response.message
        key = message.uid if self._uid else message.seq
        if key is None or key not in self._asked:
            return False
        self._fetched.append(message)
        return True

    def complete(self, tagged: Tagged) -> None:
        code = tagged.code
        if code is None or code.name != "MODIFIED" or not isinstance(code.argument, str):
            return
        try:
            self._modified = parse_set(code.argument)
        except ProtocolError:
            self._modified = ()

    def result(self) -> Stored:
        return Stored(tuple(self._fetched), self._modified)


class Expunge(Simple):
    """Every message that is marked \\Deleted, whoever marked it."""

    words = ("EXPUNGE",)
    repeatable = False
    touches = True


class UidExpunge(Simple):
    """Those of these messages that are marked \\Deleted (UIDPLUS)."""

    words = ("UID", "EXPUNGE")
    repeatable = False
    touches = True

    def __init__(self, uids: str | int | Iterable[int]) -> None:
        super().__init__(sequence_set(uids))
