"""The message before and the one after, in the order of the list."""

from __future__ import annotations

from typing import Any

from webmail.imap import commands as imap
from webmail.imap.session import Session

from .index import Index, index_of

# UIDs are mostly dense: so many on either side nearly always hold the neighbours, whatever the folder's size.
REACH = 6


def neighbour_command(session: Session, uid: int, *, selected: bool) -> imap.Command[Any] | None:
    """What to ask beside opening `uid`, in the same write; None when both neighbours are known."""
    state = session.selected
    index = index_of(session) if selected else Index()
    seq = index.seq_of(uid)
    if seq is None or state is None:
        return imap.fetch(f"{max(1, uid - REACH)}:{uid + REACH}", (imap.UID, imap.FLAGS))
    around = _unknown(index, seq, state.exists)
    return imap.fetch(around, (imap.UID, imap.FLAGS), uid=False) if around else None


def neighbours(session: Session, uid: int) -> tuple[int | None, int | None]:
    """(newer, older) UIDs, None at the ends. Where UIDs are sparse it costs one round trip more."""
    index, state = index_of(session), session.selected
    seq = index.seq_of(uid)
    if seq is None or state is None:
        return None, None
    if around := _unknown(index, seq, state.exists):
        index_of(session, *session.run(imap.fetch(around, (imap.UID, imap.FLAGS), uid=False)))
    return index.uids.get(seq + 1), index.uids.get(seq - 1)


def _unknown(index: Index, seq: int, exists: int) -> list[int]:
    return [near for near in (seq - 1, seq + 1) if 1 <= near <= exists and near not in index.uids]
