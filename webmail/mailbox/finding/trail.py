"""What a search has found in a folder so far, newest first: kept with the person's connections, so that a second page
costs only its page, and a search through a hundred thousand bodies is gone on with, not begun again."""

from __future__ import annotations

import time
from array import array
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from webmail.imap.cache import PersonCache
from webmail.imap.commands import criteria
from webmail.imap.session import Session

from ..query.meaning import Asker
from ..view import View
from .matching import SPAN_OF_STRUCTURES, found_within, highest_uid

KIND: Final = "found"
# Messages looked through in the first step of a slow search; each step then takes about so many seconds.
FIRST_SPAN: Final = 2000
_STEP_SECONDS: Final = 0.25


@dataclass(frozen=True, slots=True)
class Trail:
    """`uids` falling, all that match from `low` up to `high`; below `low` nobody looked yet, 1 when all is done.
    `exists` and `uid_next` as they were; `span`: how many UIDs the next step takes."""

    uid_validity: int
    uids: array[int]
    low: int
    high: int
    exists: int
    span: int = FIRST_SPAN

    @property
    def done(self) -> bool:
        return self.low <= 1

    @property
    def share(self) -> float:
        """Of the UIDs, how many have been looked at: 0 to 1."""
        return 1.0 if self.done else (self.high - self.low + 1) / max(1, self.high)


def identity(view: View, asker: Asker, folder: str = "") -> Hashable:
    """What two views have in common that find the same messages in a folder."""
    return folder or view.folder, str(view.query), asker.addresses, tuple(asker.labels.items()), asker.today


def recall(cache: PersonCache, name: Hashable) -> Trail | None:
    found = cache.get(KIND, name)
    return found if isinstance(found, Trail) else None


def keep(cache: PersonCache, name: Hashable, trail: Trail) -> Trail:
    cache.put(KIND, name, trail, 300 + 4 * len(trail.uids))
    return trail


def complete(session: Session, uids: Iterable[int]) -> Trail:
    """Of a search that was done at once."""
    state = session.selected
    assert state is not None
    return Trail(
        state.uid_validity, array("I", sorted(uids, reverse=True)), 1, highest_uid(session), state.exists
    )


def begin(session: Session) -> Trail:
    state = session.selected
    assert state is not None
    high = highest_uid(session)
    # UIDs may be sparse: the first step is to take so many messages, not numbers.
    span = FIRST_SPAN * max(1, high // max(1, state.exists))
    return Trail(state.uid_validity, array("I"), high + 1, high, state.exists, span)


def is_current(session: Session, trail: Trail) -> bool:
    state = session.selected
    return (
        state is not None
        and trail.uid_validity == state.uid_validity
        and trail.exists == state.exists
        and trail.high == highest_uid(session)
    )


def follow(session: Session, view: View, asker: Asker, trail: Trail) -> Trail:
    """One step further down."""
    span = min(trail.span, SPAN_OF_STRUCTURES) if view.query.looked_up else trail.span
    high = trail.low - 1
    low = max(1, high - span + 1)
    began = time.monotonic()
    found = found_within(session, view.query, asker, criteria.uids(f"{low}:{high}"))
    took = time.monotonic() - began
    pace = 2 if took < _STEP_SECONDS / 2 else 1 if took < 2 * _STEP_SECONDS else 0.5
    uids = trail.uids + array("I", sorted(found, reverse=True))
    return replace(trail, uids=uids, low=low, span=max(FIRST_SPAN // 4, int(span * pace)))


def renewed(session: Session, view: View, asker: Asker, trail: Trail) -> Trail:
    """With what has arrived since. What was expunged shows when its page does."""
    state = session.selected
    assert state is not None
    # A server need not say UIDNEXT again: what came is whatever is above. "*" is the last message, wherever it is.
    fresh = found_within(session, view.query, asker, criteria.uids(f"{trail.high + 1}:*"))
    found = [uid for uid in fresh if uid > trail.high]
    high = max(highest_uid(session), trail.high, *found)
    uids = array("I", sorted(found, reverse=True)) + trail.uids
    return replace(trail, uids=uids, high=high, exists=state.exists)


def without(trail: Trail, gone: Iterable[int]) -> Trail:
    lost = frozenset(gone)
    return replace(trail, uids=array("I", (uid for uid in trail.uids if uid not in lost))) if lost else trail
