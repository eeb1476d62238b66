"""Having the right folder selected, and only that one, before anything is said about its messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from webmail.accounts.access import Access
from webmail.accounts.connections import borrowed
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError, EncodeError, MailboxChangedError, MissingError
from webmail.imap.session import Session
from webmail.imap.types import Selected

from ..errors import FolderNotFoundError, FolderRenumberedError, MailServerError, MessageNotFoundError
from .folders import cached_tree, counts_changed, respect_choices


@contextmanager
def session_of(access: Access, folder: str, *, lasting: bool = False) -> Iterator[Session]:
    """A borrowed session, if possible one that has the folder selected already; `lasting` for a download.

    A refusal that nobody inside has judged is told in the server's words. Where the folder is gone, the tree that
    led there is asked for anew.
    """
    try:
        with borrowed(access.holder, folder, lasting=lasting) as session:
            respect_choices(session.notes, access.person)
            try:
                with _judged():
                    yield session
            except FolderNotFoundError:
                counts_changed(session.notes)
                raise
    except CommandError as error:
        raise MailServerError("refused", error.text) from error
    except EncodeError as error:
        raise FolderNotFoundError from error


@contextmanager
def _judged() -> Iterator[None]:
    try:
        yield
    except MailboxChangedError as error:
        raise (FolderRenumberedError if error.renumbered else FolderNotFoundError) from error
    except MissingError as error:
        raise MessageNotFoundError from error


def wire_name(session: Session, folder: str) -> str | bytes:
    """The server's own spelling where it is known: some names do not survive being decoded."""
    tree = cached_tree(session.notes)
    return tree.wire.get(folder, folder) if tree else folder


def is_selected(session: Session, folder: str) -> bool:
    return session.selected is not None and session.selected.name == folder


def select(session: Session, folder: str) -> imap.Command[Selected]:
    return imap.select(wire_name(session, folder), condstore=session.has("CONDSTORE"))


def with_selected(session: Session, folder: str, *commands: imap.Command[Any]) -> tuple[Any, ...]:
    """Runs the commands in the folder, with its SELECT in the same write where it isn't selected yet.

    Only for what reads: should SELECT fail, the server refuses the rest for want of a selected mailbox.
    Raises FolderNotFoundError.
    """
    if is_selected(session, folder):
        return session.run(*commands) if commands else ()
    try:
        _, *results = session.run(select(session, folder), *commands)
    except CommandError as error:
        if error.command in {"SELECT", "EXAMINE"}:
            raise FolderNotFoundError from error
        raise
    return tuple(results)


def expect_uid_validity(session: Session, uid_validity: int) -> None:
    """Raises FolderRenumberedError. Servers that give no UIDVALIDITY are taken at their word: 0."""
    if session.selected is None or session.selected.uid_validity != uid_validity:
        raise FolderRenumberedError
