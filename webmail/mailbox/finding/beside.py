"""The message before and the one after, in the order of a view."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.imap.cache import PersonCache

from ..reading import folders
from ..reading.selecting import session_of
from ..view import NEWEST_FIRST, View
from . import order, trail
from .asking import asker_of
from .listing import Lister


@dataclass(frozen=True, slots=True)
class Beside:
    """UIDs of the rows above and below a message, None at the ends; `page` is the one that it is on, 0 where it is on
    none."""

    above: int | None = None
    below: int | None = None
    page: int = 0


def beside(*, access: Access, view: View, uid_validity: int, uid: int, size: int = 50) -> Beside:
    """Of a message that was opened from a view of one folder. Asks nothing where the view was on the screen lately;
    else searches anew, where that is quick. Raises as `list_view`."""
    view = replace(view, folder=folders.canonical(view.folder))
    asker, notes = asker_of(access, view), pool().notes(access.holder)
    name, place = trail.identity(view, asker), (uid_validity, uid)
    found = _remembered(notes, view, name, place, size)
    if found is not None or view.query.slow:
        return found or Beside()
    with session_of(access, view.folder) as session:
        lister = Lister(session, view, asker, page=1, size=size)
        if (ordered := order.recall(notes, lister.order_name)) and uid in ordered.uids:
            # At the edge of what is known: the next block overlaps this one.
            at = ordered.first + ordered.uids.index(uid)
            edge = at + 1 if at >= ordered.first + len(ordered.uids) - 1 else at - 1
            lister.number = -(-edge // size)
        lister.page()
    return _remembered(notes, view, name, place, size) or Beside()


def _remembered(
    notes: PersonCache, view: View, name: Hashable, place: tuple[int, int], size: int
) -> Beside | None:
    uid_validity, uid = place
    if view.sort in (NEWEST_FIRST, "arrival"):
        known = trail.recall(notes, name)
        if known is None or known.uid_validity != uid_validity:
            return None
        return _of_falling(known.uids, uid, size, rising=view.sort == "arrival")
    ordered = order.recall(notes, (name, view.sort))
    if ordered is None or ordered.uid_validity != uid_validity or uid not in ordered.uids:
        return None
    at = ordered.first + ordered.uids.index(uid)
    around = ordered.window(max(1, at - 1), at + 1)
    if around is None:
        return None
    above = around[0] if at > 1 else None
    return Beside(above, around[-1] if at < ordered.total else None, (at - 1) // size + 1)


def _of_falling(uids: Sequence[int], uid: int, size: int, *, rising: bool) -> Beside:
    """Also for a message that matches no longer, where it would stand."""
    at = bisect_left(uids, -uid, key=lambda one: -one)
    there = at < len(uids) and uids[at] == uid
    newer = uids[at - 1] if at else None
    after = at + there
    older = uids[after] if after < len(uids) else None
    if rising:
        return Beside(older, newer, (len(uids) - 1 - at) // size + 1 if there else 0)
    return Beside(newer, older, at // size + 1 if there else 0)
