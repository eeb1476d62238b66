"""All messages that a list shows, on all its pages."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.imap.sets import format_set
from webmail.journal.step import Lot

from ..finding import asker_of, matching
from ..view import View
from .working import in_folder


def everything(*, access: Access, view: View, uid_validity: int, last_uid: int = 0) -> tuple[Lot, ...]:
    """Those of the view's own folder that match at this moment, none of them above the UID `last_uid` (0 for no bound):
    what came after the person looked is not meant. () where there are none.

    Raises FolderNotFoundError, FolderRenumberedError, MailServerError, SignInEndedError.
    """
    with in_folder(access, view.folder, uid_validity) as session:
        found = [uid for uid in matching(session, view, asker_of(access, view)) if uid <= (last_uid or uid)]
    return (Lot(view.folder, uid_validity, format_set(found)),) if found else ()
