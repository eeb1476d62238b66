"""Emptying the trash and the junk folder, all of it or what came before a day: for ever, so after asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from webmail.accounts.access import Access
from webmail.imap.commands import criteria
from webmail.imap.operations import search
from webmail.imap.session import Session
from webmail.journal.models import Deed

from .. import filing
from ..errors import FolderNotFoundError
from ..finding.matching import highest_uid
from ..pages import Folder
from ..reading.folders import cached_tree, canonical, folder_named, keep_listed
from ..reading.quota import quota_changed
from ..reading.selecting import expect_uid_validity, session_of, with_selected
from .errors import FolderProtectedError

EMPTIED: Final = frozenset({"trash", "junk"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is in it at this moment: `messages` in all, `before` each asked day so many. `last_uid` is the newest; what
    comes after it was not asked about."""

    folder: Folder
    folders: tuple[Folder, ...]
    uid_validity: int
    last_uid: int
    messages: int
    before: tuple[tuple[date, int], ...]


def waiting(*, access: Access, folder: str, days: Iterable[date]) -> Waiting:
    """Raises FolderNotFoundError, FolderProtectedError (neither trash nor junk), MailServerError, SignInEndedError."""
    folder = canonical(folder)
    with session_of(access, folder) as session:
        with_selected(session, folder)
        tree = cached_tree(session.notes) or keep_listed(session, session.notes, None)
        found = folder_named(tree, folder)
        if found.role not in EMPTIED:
            raise FolderProtectedError
        if session.selected is None:
            raise FolderNotFoundError
        return Waiting(
            found,
            tree.folders,
            session.selected.uid_validity,
            highest_uid(session),
            session.selected.exists,
            tuple((day, len(_uids(session, day))) for day in days),
        )


def empty_folder(
    *, access: Access, folder: str, uid_validity: int, last_uid: int, before: date | None = None
) -> Deed | None:
    """Deletes for ever what came before that day, or everything, up to the UID `last_uid`; more than filing.AT_ONCE
    in the background. None where there is nothing of it. Raises FolderRenumberedError too, and as filing does.
    """
    folder = canonical(folder)
    with session_of(access, folder) as session:
        with_selected(session, folder)
        expect_uid_validity(session, uid_validity)
        tree = cached_tree(session.notes) or keep_listed(session, session.notes, None)
        if folder_named(tree, folder).role not in EMPTIED:
            raise FolderProtectedError
        uids = [uid for uid in _uids(session, before) if uid <= last_uid]
        quota_changed(session.notes)
    if not uids:
        return None
    lot = filing.lot_of(folder=folder, uid_validity=uid_validity, uids=uids)
    return filing.file_messages(access=access, order=filing.Order("forever"), lots=(lot,))


def _uids(session: Session, before: date | None) -> tuple[int, ...]:
    return search(session, criteria.before(before) if before else criteria.ALL).numbers
