"""The selected mailbox as the server last described it, and what changed in it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeVar

from webmail.imap.errors import ProtocolError
from webmail.imap.sets import parse_set
from webmail.imap.types import Fetched, Selected
from webmail.imap.utf7 import decode as utf7_decode

_MOST_CHANGES: Final = 10_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Changes:
    """What the server told unasked. `expunged` are message numbers in the order told, each valid at its moment;
    `vanished` are UIDs. `lost`: there was more than is kept, so nothing known of this mailbox can be trusted."""

    exists: bool = False
    expunged: tuple[int, ...] = ()
    vanished: tuple[int, ...] = ()
    fetched: tuple[Fetched, ...] = ()
    lost: bool = False

    def __bool__(self) -> bool:
        return self.exists or self.lost or bool(self.expunged or self.vanished or self.fetched)


@dataclass(slots=True, eq=False, weakref_slot=True)
class SelectedState:
    """Live. `wire` is the name as it was sent; `uid_validity` 0 where the server gave none."""

    name: str
    wire: bytes
    exists: int = 0
    uid_validity: int = 0
    uid_next: int | None = None
    highest_modseq: int | None = None
    flags: frozenset[str] = frozenset()
    permanent_flags: frozenset[str] | None = None
    read_only: bool = False
    _exists_changed: bool = False
    _expunged: list[int] = field(default_factory=list)
    _vanished: list[int] = field(default_factory=list)
    _fetched: list[Fetched] = field(default_factory=list)
    _lost: bool = False

    @classmethod
    def of(cls, selected: Selected, wire: bytes) -> SelectedState:
        return cls(
            name=selected.name,
            wire=wire,
            exists=selected.exists,
            uid_validity=selected.uid_validity,
            uid_next=selected.uid_next,
            highest_modseq=selected.highest_modseq,
            flags=selected.flags,
            permanent_flags=selected.permanent_flags,
            read_only=selected.read_only,
        )

    def holds(self, name: str | bytes) -> bool:
        """Is this the mailbox of that name? INBOX in any case."""
        mine = self.wire if isinstance(name, bytes) else self.name
        return mine == name or (mine.upper() == name.upper() and name.upper() in ("INBOX", b"INBOX"))

    def set_exists(self, count: int) -> None:
        self._exists_changed = self._exists_changed or count != self.exists
        if count > self.exists and self.uid_next is not None:
            self.uid_next += count - self.exists
        self.exists = count

    def expunge(self, seq: int) -> None:
        self.exists = max(0, self.exists - 1)
        self._keep(self._expunged, seq)

    def vanish(self, uids: str, *, earlier: bool) -> None:
        """A set (RFC 7162, 3.2.10). `earlier`: not of messages that were there when the mailbox was opened."""
        try:
            gone = parse_set(uids, _MOST_CHANGES)
        except ProtocolError:
            self._lost = True
            return
        if not earlier:
            self.exists = max(0, self.exists - len(gone))
        for uid in gone:
            self._keep(self._vanished, uid)

    def fetched(self, message: Fetched) -> None:
        self._keep(self._fetched, message)

    def heard_uid(self, uid: int | None) -> None:
        """No server tells UIDNEXT again, but it is above every UID seen, and each arrival takes one at least."""
        if uid is not None and self.uid_next is not None and uid >= self.uid_next:
            self.uid_next = uid + 1

    @property
    def has_news(self) -> bool:
        """There are changes that nobody took yet."""
        return bool(self._exists_changed or self._expunged or self._vanished or self._fetched or self._lost)

    def take_changes(self) -> Changes:
        changes = Changes(
            self._exists_changed,
            tuple(self._expunged),
            tuple(self._vanished),
            tuple(self._fetched),
            self._lost,
        )
        self._exists_changed = self._lost = False
        self._expunged, self._vanished, self._fetched = [], [], []
        return changes

    def _keep(self, kept: list[_T], change: _T) -> None:
        if len(kept) < _MOST_CHANGES:
            kept.append(change)
        else:
            self._lost = True


def name_of(name: str | bytes) -> str:
    return name if isinstance(name, str) else utf7_decode(name)
