"""Making a folder, renaming or moving one, subscribing to it."""

from __future__ import annotations

from dataclasses import dataclass

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.accounts.folder_choices import ROLES, FolderChoices, change_choices
from webmail.accounts.identities import rename_sent_folder
from webmail.imap import commands as imap
from webmail.imap.errors import BadError, CommandError
from webmail.imap.session import Session

from ..errors import FolderNotFoundError
from ..pages import Folder
from ..reading.folders import Tree, canonical, counts_changed, respect_choices
from .errors import FolderExistsError, FolderNameError, FolderProtectedError, refusal
from .looking import current_tree, list_now
from .naming import below, delimiter_of, full_name, wire_name


@dataclass(frozen=True, slots=True)
class Renamed:
    """`label` and `parent` give the folder `name` its former name back."""

    name: str
    label: str
    parent: str


def create_folder(*, access: Access, label: str, parent: str = "", role: str = "") -> str:
    """Its full name; it is subscribed to. `parent` is a folder's name or "", `role` one of ROLES or "".

    Raises FolderNameError, FolderExistsError, FolderForbiddenError, FolderRefusedError, FolderNotFoundError (the
    parent), MailServerError and SignInEndedError.
    """
    if role and role not in ROLES:
        raise ValueError("no such role")
    with current_tree(access) as (session, tree):
        _there(tree, parent)
        name = full_name(tree, label, parent)
        if any(one.name == name and "\\nonexistent" not in one.attributes for one in tree.listed):
            raise FolderExistsError
        wire = wire_name(tree, name)
        _create(session, wire, role)
        session.gather(imap.subscribe(wire))
        if role or name in FolderChoices.of(access.person.folder_choices).renamed:
            change_choices(access.person, lambda choices: choices.with_made(name, role))
            respect_choices(session.notes, access.person)
        list_now(session)
    return name


def rename_folder(*, access: Access, folder: str, label: str, parent: str = "") -> Renamed:
    """To `label` below `parent`, which may be another than before. What is below it goes along.

    Raises what `create_folder` raises, and FolderProtectedError.
    """
    folder = canonical(folder)
    with current_tree(access) as (session, tree):
        found = changeable(tree, folder)
        _there(tree, parent)
        name = full_name(tree, label, parent)
        if name == folder:
            return Renamed(name, found.label, found.parent)
        if name.startswith(folder + (delimiter_of(tree, folder) or "\0")):
            raise FolderNameError("inside")
        if any(one.name == name and "\\nonexistent" not in one.attributes for one in tree.listed):
            raise FolderExistsError
        leave(session, tree, found)
        try:
            session.run(imap.rename(wire_name(tree, folder), wire_name(tree, name)))
        except CommandError as error:
            raise refusal(error) from error
        names = {old: name + old[len(folder) :] for old in (folder, *below(tree, folder))}
        _move_subscriptions(session, tree, names)
        change_choices(access.person, lambda choices: choices.after_rename(names))
        rename_sent_folder(person=access.person, names=names)
        respect_choices(session.notes, access.person)
        list_now(session)
        end_others(access)
    return Renamed(name, found.label, found.parent)


def set_subscribed(*, access: Access, folder: str, on: bool) -> None:
    """Raises FolderNotFoundError, FolderForbiddenError, FolderRefusedError, MailServerError, SignInEndedError."""
    folder = canonical(folder)
    with current_tree(access) as (session, tree):
        _there(tree, folder)
        wire = wire_name(tree, folder)
        try:
            session.run(imap.subscribe(wire) if on else imap.unsubscribe(wire))
        except CommandError as error:
            raise refusal(error) from error
        counts_changed(session.notes)


def changeable(tree: Tree, name: str) -> Folder:
    """Raises FolderNotFoundError and FolderProtectedError."""
    found = tree.find(name)
    if found is None:
        raise FolderNotFoundError
    if found.role or any(one.role and one.name in below(tree, name) for one in tree.folders):
        raise FolderProtectedError
    return found


def leave(session: Session, tree: Tree, folder: Folder) -> None:
    """A session must not go on in a folder that goes away under it."""
    state = session.selected
    if state is not None and state.name in (folder.name, *below(tree, folder.name)):
        session.run(imap.examine("INBOX"))


def end_others(access: Access) -> None:
    """The person's other sessions, which may have the folder selected under its old name; ours is lent to us."""
    pool().make_room(access.holder.key)


def _there(tree: Tree, parent: str) -> None:
    if parent and tree.find(parent) is None:
        raise FolderNotFoundError


def _create(session: Session, wire: str | bytes, role: str) -> None:
    """With its special use where the server keeps that (RFC 6154); some offer it and then refuse."""
    special = f"\\{role.capitalize()}" if role and session.has("CREATE-SPECIAL-USE") else None
    try:
        session.run(imap.create(wire, special_use=special))
    except CommandError as error:
        if special is None or not (isinstance(error, BadError) or error.code in {"USEATTR", "CANNOT", ""}):
            raise refusal(error) from error
        try:
            session.run(imap.create(wire))
        except CommandError as second:
            raise refusal(second) from second


def _move_subscriptions(session: Session, tree: Tree, names: dict[str, str]) -> None:
    """Servers leave them at the former names."""
    commands: list[imap.Command[None]] = []
    for box in tree.listed:
        if box.name in names and "\\subscribed" in box.attributes:
            commands += (imap.subscribe(names[box.name]), imap.unsubscribe(box.wire))
    if commands:
        session.gather(*commands)
