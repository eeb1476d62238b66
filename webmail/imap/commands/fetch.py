"""FETCH (RFC 9051, 6.4.5): items built safely, answers put together by message."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from webmail.imap.commands.command import Command
from webmail.imap.encode import Argument, Raw, atom, item, number, sequence_set
from webmail.imap.parse import Expunge, FetchResponse, Response
from webmail.imap.types import Fetched


@dataclass(frozen=True, slots=True)
class Item:
    """What to fetch; made by the constants and functions of this module."""

    wire: Raw

    @classmethod
    def of(cls, name: str) -> Item:
        return cls(item(name))


UID: Final = Item.of("UID")
FLAGS: Final = Item.of("FLAGS")
ENVELOPE: Final = Item.of("ENVELOPE")
BODYSTRUCTURE: Final = Item.of("BODYSTRUCTURE")
SIZE: Final = Item.of("RFC822.SIZE")
INTERNAL_DATE: Final = Item.of("INTERNALDATE")
MODSEQ: Final = Item.of("MODSEQ")
PREVIEW: Final = Item.of("PREVIEW")
PREVIEW_LAZY: Final = Item.of("PREVIEW (LAZY)")
EMAIL_ID: Final = Item.of("EMAILID")
THREAD_ID: Final = Item.of("THREADID")


def body(section: str = "", *, peek: bool = True, partial: tuple[int, int] | None = None) -> Item:
    """BODY[section]: "", "1.2", "HEADER", "1.MIME", "TEXT". `partial` is (first octet, how many)."""
    octets = "" if partial is None else f"<{partial[0]}.{partial[1]}>"
    return Item.of(f"BODY{'.PEEK' if peek else ''}[{section.upper()}]{octets}")


def header_fields(*names: str, part: str = "", but: bool = False) -> Item:
    """BODY.PEEK[HEADER.FIELDS (…)], or all fields `but` these; of a nested message with its `part` number.

    It arrives in `Fetched.sections` under the key that `section_of` gives.
    """
    return body(_fields(names, part=part, but=but))


def _fields(names: tuple[str, ...], *, part: str, but: bool) -> str:
    prefix = f"{part}." if part else ""
    return f"{prefix}HEADER.FIELDS{'.NOT' if but else ''} ({' '.join(name.upper() for name in names)})"


def section_of(wanted: Item) -> str:
    """The key in `Fetched.sections` under which this body item arrives."""
    name = wanted.wire.wire.decode("ascii")
    return name[name.index("[") + 1 : name.rindex("]")]


class Fetch(Command[tuple[Fetched, ...]]):
    """The messages asked for, in the server's order, each once, with what the server told of it.

    `uid` (default): numbers are UIDs. `changed_since`: a MODSEQ (CONDSTORE). What the server tells unasked of
    other messages is left to `Connection.take_changes()`.
    """

    words: tuple[str, ...] = ("UID", "FETCH")

    def __init__(
        self,
        numbers: str | int | Iterable[int],
        items: Iterable[Item],
        *,
        uid: bool = True,
        changed_since: int | None = None,
    ) -> None:
        wire = sequence_set(numbers)
        wanted = tuple(one.wire for one in items)
        if uid and UID.wire not in wanted:
            wanted = (UID.wire, *wanted)
        modifiers: tuple[Argument, ...] = ()
        if changed_since is not None:
            modifiers = ((atom("CHANGEDSINCE"), number(changed_since)),)
        self._uid = uid
        self._asked = Members.of(wire.wire.decode("ascii"))
        super().__init__(wire, wanted, *modifiers)
        if not uid:
            self.words = ("FETCH",)

    def reset(self) -> None:
        self._found: list[Fetched] = []
        self._by_uid: dict[int, int] = {}
        self._by_seq: dict[int, int] = {}

    def collect(self, response: Response) -> bool:
        if isinstance(response, Expunge):
            self._by_seq.clear()
            return False
        if not isinstance(response, FetchResponse):
            return False
        message = response.message
        at = self._by_uid.get(message.uid, -1) if message.uid is not None else -1
        if at < 0:
            at = self._by_seq.get(message.seq, -1)
        if at >= 0:
            message = merge(self._found[at], message)
            self._found[at] = message
        else:
            key = message.uid if self._uid else message.seq
            if key is None or key not in self._asked:
                return False
            at = len(self._found)
            self._found.append(message)
        if message.uid is not None:
            self._by_uid[message.uid] = at
        self._by_seq[message.seq] = at
        return True

    def salvages(self) -> bool:
        """One message that the server can't read (Exchange, Cyrus: NO at the end) does not cost the others."""
        return bool(self._found)

    def result(self) -> tuple[Fetched, ...]:
        return tuple(self._found)


_SINGLE: Final = tuple(one.name for one in fields(Fetched) if one.default is None)
_KEYED: Final = tuple(one.name for one in fields(Fetched) if one.default_factory is dict)


def merge(former: Fetched, latter: Fetched) -> Fetched:
    """Servers may tell of one message in several responses; what comes later is newer."""
    told: dict[str, Any] = {name: value for name in _SINGLE if (value := getattr(latter, name)) is not None}
    for name in _KEYED:
        told[name] = {**getattr(former, name), **getattr(latter, name)}
    return replace(former, seq=latter.seq, broken=former.broken + latter.broken, **told)


class Members:
    """Is this number in that set? Without holding the numbers."""

    def __init__(self, ranges: tuple[tuple[int, int], ...], *, everything: bool) -> None:
        self._ranges = ranges
        self._everything = everything

    @classmethod
    def of(cls, text: str) -> Members:
        """A range up to "*" has no end; a lone "*", the last message, or "$" may be any."""
        ranges = []
        everything = False
        for part in text.split(","):
            first, colon, last = part.partition(":")
            if part in ("*", "$", "*:*"):
                everything = True
            elif "*" in (first, last):
                ranges.append((int(last if first == "*" else first), 2**32))
            else:
                ends = int(first), int(last if colon else first)
                ranges.append((min(ends), max(ends)))
        return cls(tuple(sorted(ranges)), everything=everything)

    def __contains__(self, number: int) -> bool:
        if self._everything:
            return True
        at = bisect_right(self._ranges, (number, 2**33))
        return at > 0 and self._ranges[at - 1][1] >= number
