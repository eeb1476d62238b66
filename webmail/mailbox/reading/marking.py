"""Seen and starred: what reading changes on the server."""

from __future__ import annotations

from collections.abc import Sequence

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.pool import Session

from .folders import counts_changed
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
    with session_of(access, folder) as (session, cache):
        with_selected(session, cache, folder)
        expect_uid_validity(session, uid_validity)
        session.run(store_command(session, uids, flag, on))
        counts_changed(cache)


def store_command(session: Session, uids: Sequence[int], flag: str, on: bool) -> imap.Command[object]:
    """Not silent: the answer tells the flags as they are now, which the page index learns from."""
    return imap.store(uids, "+" if on else "-", [flag])
