"""Messages with all others of their threads."""

from __future__ import annotations

from collections.abc import Sequence

from webmail.imap.session import Session

from ..reading.index import index_of
from . import index


def whole_threads(session: Session, folder: str, uids: Sequence[int]) -> tuple[int, ...]:
    """Of `folder`, which is selected; ascending. Threads it where that wasn't done yet."""
    known = index.recall(session, folder)
    if known is None:
        known = index.begun(session, folder)
    elif not index.is_current(session, known):
        index_of(session)
        known = index.renewed(session, folder, known)
    return tuple(sorted({*uids, *(uid for one in known.threads.with_any(uids) for uid in one)}))
