"""The folders alone, for a screen that offers a choice of them."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.accounts.connections import pool

from ..pages import Folder
from .folders import cached_tree, keep_listed, respect_choices
from .selecting import session_of


def known_folders(*, access: Access) -> tuple[Folder, ...]:
    """As far as they are known without asking."""
    tree = cached_tree(pool().notes(access.holder))
    return tree.folders if tree else ()


def list_folders(*, access: Access) -> tuple[Folder, ...]:
    """In the order to show, with counts that may be old. Raises MailServerError and SignInEndedError."""
    notes = pool().notes(access.holder)
    respect_choices(notes, access.person)
    tree = cached_tree(notes)
    if tree is None:
        with session_of(access, "INBOX") as session:
            tree = keep_listed(session, session.notes, None)
    return tree.folders
