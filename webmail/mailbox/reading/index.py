"""Which UID stands at which sequence number, as one connection sees its selected mailbox.

Sequence numbers belong to a connection, so an index lives and dies with that connection's selected state. It is
what makes a list page that changed nothing cost one NOOP, and a page out of a million messages cost that page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from weakref import WeakKeyDictionary

from webmail.imap.selected import SelectedState
from webmail.imap.session import Session
from webmail.imap.types import Fetched

# More expunges than this are not worth following.
_MOST_SHIFTED: Final = 200
_indexes: WeakKeyDictionary[SelectedState, Index] = WeakKeyDictionary()


@dataclass(slots=True)
class Index:
    """`uids` and `flags` by sequence number, for what was seen so far."""

    uids: dict[int, int] = field(default_factory=dict)
    flags: dict[int, frozenset[str]] = field(default_factory=dict)

    def note(self, fetched: Iterable[Fetched]) -> None:
        for data in fetched:
            if data.uid:
                self.uids[data.seq] = data.uid
            if data.flags is not None and data.seq in self.uids:
                self.flags[data.seq] = lower(data.flags)

    def missing(self, first: int, last: int) -> list[int]:
        return [seq for seq in range(first, last + 1) if seq not in self.flags]

    def seq_of(self, uid: int) -> int | None:
        return next((seq for seq, known in self.uids.items() if known == uid), None)

    def expunge(self, gone: Iterable[int]) -> None:
        """Message numbers in the order told: each moves those above it down by one."""
        numbers = {seq: seq for seq in self.uids}
        for seq in gone:
            numbers = {old: now - (now > seq) for old, now in numbers.items() if now != seq}
        uids, flags = self.uids, self.flags
        self.uids = {now: uids[old] for old, now in numbers.items()}
        self.flags = {now: flags[old] for old, now in numbers.items() if old in flags}

    def forget(self) -> None:
        self.uids.clear()
        self.flags.clear()


@lru_cache(maxsize=512)
def lower(flags: frozenset[str]) -> frozenset[str]:
    """System flags and keywords know no case (RFC 9051, 2.3.2)."""
    return frozenset(flag.lower() for flag in flags)


def index_of(session: Session, *fetched: object) -> Index:
    """The index of what the session has selected, brought up to date with what the server told since.

    `fetched` are answers of this session's own FETCHes, errors left out. Where messages were expunged among them
    nobody can tell which numbers were meant before and which after, so then nothing is learnt.
    """
    state = session.selected
    if state is None:
        return Index()
    index = _indexes.setdefault(state, Index())
    changes = session.take_changes()
    if changes.expunged or changes.vanished or changes.lost:
        if (
            len(changes.expunged) > _MOST_SHIFTED
            or changes.vanished
            or changes.lost
            or changes.fetched
            or fetched
        ):
            index.forget()
        else:
            index.expunge(changes.expunged)
        return index
    index.note(changes.fetched)
    for answer in fetched:
        if isinstance(answer, list | tuple):
            index.note(answer)
    return index
