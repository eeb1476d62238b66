"""Seen, starred, and keywords: what reading changes on the server."""

from __future__ import annotations

from collections.abc import Sequence

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.selected import SelectedState

from .folders import counts_changed
from .index import index_of
from .selecting import expect_uid_validity, session_of, with_selected

SEEN, FLAGGED = "\\Seen", "\\Flagged"


def set_seen(*, access: Access, folder: str, uid_validity: int, uids: Sequence[int], on: bool) -> None:
    """Raises FolderRenumberedError before anything is marked, FolderNotFoundError and MailServerError."""
    _set(access, folder, uid_validity, uids, SEEN, on)


def set_starred(*, access: Access, folder: str, uid_validity: int, uids: Sequence[int], on: bool) -> None:
    _set(access, folder, uid_validity, uids, FLAGGED, on)


def _set(access: Access, folder: str, uid_validity: int, uids: Sequence[int], flag: str, on: bool) -> None:
    if not uids:
        return
    with session_of(access, folder) as session:
        with_selected(session, folder)
        expect_uid_validity(session, uid_validity)
        (stored,) = session.run(store_command(uids, flag, on=on))
        index_of(session, stored.fetched)
        counts_changed(session.notes)


def keeps(state: SelectedState | None, flag: str) -> bool:
    """PERMANENTFLAGS (RFC 9051, 7.1); a server that names none is only asked for what every server has."""
    if state is None or state.read_only:
        return False
    if state.permanent_flags is None:
        return flag.startswith("\\")
    named = {name.lower() for name in state.permanent_flags}
    return flag.lower() in named or ("\\*" in named and not flag.startswith("\\"))


def keeps_keywords(state: SelectedState | None) -> bool:
    """New ones too."""
    named = state.permanent_flags if state is not None and not state.read_only else None
    return named is not None and "\\*" in named


def store_command(uids: Sequence[int], flag: str, *, on: bool) -> imap.Command[imap.Stored]:
    """Not silent: the answer tells the flags as they are now, which the page index learns from."""
    return imap.store(uids, "add" if on else "remove", [flag], silent=False)
