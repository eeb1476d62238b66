"""All messages that a list shows, on all its pages."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.imap.commands import Key, criteria
from webmail.imap.operations import search
from webmail.imap.sets import format_set
from webmail.journal.step import Lot

from .working import in_folder


def everything(*, access: Access, folder: str, uid_validity: int, key: Key = criteria.ALL) -> tuple[Lot, ...]:
    """As they are at this moment; () where there are none. Raises FolderNotFoundError, FolderRenumberedError,
    MailServerError, SignInEndedError."""
    with in_folder(access, folder, uid_validity) as session:
        found = search(session, key).numbers
    return (Lot(folder, uid_validity, format_set(found)),) if found else ()
