"""All messages that a list shows, on all its pages, and all messages of threads."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.imap.sets import format_set, parse_set
from webmail.journal.step import Lot

from ..finding import asker_of, matching
from ..following import whole_threads
from ..view import View
from .working import in_folder


def everything(*, access: Access, view: View, uid_validity: int, last_uid: int = 0) -> tuple[Lot, ...]:
    """Those of the view's own folder that match at this moment, none of them above the UID `last_uid` (0 for no bound):
    what came after the person looked is not meant. () where there are none.

    A list of threads shows all messages of those that match. Raises FolderNotFoundError, FolderRenumberedError,
    MailServerError, SignInEndedError.
    """
    with in_folder(access, view.folder, uid_validity) as session:
        found = matching(session, view, asker_of(access, view))
        if view.follows and view.narrows:
            found = whole_threads(session, view.folder, found)
        found = tuple(uid for uid in found if uid <= (last_uid or uid))
    return (Lot(view.folder, uid_validity, format_set(found)),) if found else ()


def in_threads(*, access: Access, lot: Lot) -> Lot:
    """These messages and all others of their threads in the folder. Raises as `everything`."""
    with in_folder(access, lot.folder, lot.uid_validity) as session:
        found = whole_threads(session, lot.folder, parse_set(lot.uids))
    return Lot(lot.folder, lot.uid_validity, format_set(found))
