"""What was found in one of several folders, with when each message came, so that they can be merged."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from webmail.imap import commands as imap
from webmail.imap.commands import Item
from webmail.imap.types import Fetched, Status

from ..pages import Folder

WAITING, TAKEN, DONE, FAILED = "waiting", "taken", "done", "failed"
ITEMS: Final[tuple[Item, ...]] = (imap.UID, imap.INTERNAL_DATE)


def _uids() -> array[int]:
    return array("I")


def _moments() -> array[int]:
    return array("q")


@dataclass(frozen=True, slots=True)
class Hits:
    """`count` of all that were found; `uids` falling and `moments` (INTERNALDATE, in seconds) of the newest of them."""

    uid_validity: int = 0
    count: int = 0
    uids: array[int] = field(default_factory=_uids)
    moments: array[int] = field(default_factory=_moments)

    def undated(self, uid_validity: int, uids: Sequence[int]) -> list[int]:
        """Of these UIDs, those whose moment isn't known here."""
        if uid_validity != self.uid_validity:
            return list(uids)
        return sorted(set(uids).difference(self.uids), reverse=True)

    def renewed(self, uid_validity: int, count: int, uids: Sequence[int], fetched: object) -> Hits:
        """These UIDs instead; moments as known here or fetched, the beginning of time where the server is silent."""
        known = dict(zip(self.uids, self.moments, strict=True)) if uid_validity == self.uid_validity else {}
        if isinstance(fetched, list | tuple):
            known |= dict(_told(fetched))
        return Hits(uid_validity, count, array("I", uids), array("q", (known.get(uid, 0) for uid in uids)))

    def without(self, gone: Iterable[int]) -> Hits:
        """When they are no longer there."""
        lost = frozenset(gone)
        left = [pair for pair in zip(self.uids, self.moments, strict=True) if pair[0] not in lost]
        missing = len(self.uids) - len(left)
        return replace(
            self,
            count=self.count - missing,
            uids=array("I", (uid for uid, _ in left)),
            moments=array("q", (moment for _, moment in left)),
        )


def _told(fetched: Iterable[Fetched]) -> Iterable[tuple[int, int]]:
    for data in fetched:
        if data.uid and data.internal_date is not None:
            yield data.uid, int(data.internal_date.timestamp())


@dataclass(eq=False, slots=True)
class Area:
    """One folder of a survey. `told`: what the server said of the folder before it was searched. `alone`: not together
    with others, since it may be the one that ends connections."""

    folder: Folder
    told: Status | None = None
    state: str = WAITING
    alone: bool = False
    hits: Hits = field(default_factory=Hits)

    @property
    def messages(self) -> int:
        return (self.told.messages or 0) if self.told else 0


def date_command(uids: Sequence[int]) -> imap.Command[Any]:
    return imap.fetch(uids, ITEMS)
