"""What a folder is for, where it stands, whether what is below it shows: the person's choices, kept by us."""

from __future__ import annotations

from webmail.accounts.access import Access
from webmail.accounts.folder_choices import FolderChoices, change_choices

from ..errors import FolderNotFoundError
from ..pages import Folder
from ..reading.folders import canonical
from ..reading.tree import list_folders
from .errors import FolderProtectedError


def give_role(*, access: Access, folder: str, role: str) -> None:
    """`role` is one of ROLES, or "" for none; the folder that had it before has none then.

    Raises FolderNotFoundError, FolderProtectedError (the inbox), ValueError, MailServerError, SignInEndedError.
    """
    found = _found(list_folders(access=access), folder)
    if found.role == "inbox" or found.kind or not found.selectable:
        raise FolderProtectedError
    change_choices(access.person, lambda choices: choices.with_role(found.name, role))


def fold(*, access: Access, folder: str, on: bool) -> None:
    """Put away in the sidebar what is below it, or show it. Raises as `give_role`."""
    found = _found(list_folders(access=access), folder)
    change_choices(access.person, lambda choices: choices.folding(found.name, on=on))


def move_by(*, access: Access, folder: str, by: int) -> None:
    """So many places down, or up where it is negative, among its siblings; at the ends nothing happens."""
    siblings = _siblings(list_folders(access=access), folder)
    at = siblings.index(canonical(folder))
    name = siblings.pop(at)
    siblings.insert(min(max(0, at + by), len(siblings)), name)
    _keep_order(access, siblings)


def place_before(*, access: Access, folder: str, before: str) -> None:
    """Before that one of its siblings, or last where it is "". Raises FolderNotFoundError too."""
    siblings = _siblings(list_folders(access=access), folder)
    name = siblings.pop(siblings.index(canonical(folder)))
    if before and before not in siblings:
        raise FolderNotFoundError
    siblings.insert(siblings.index(before) if before else len(siblings), name)
    _keep_order(access, siblings)


def show_subscribed_only(*, access: Access, on: bool) -> None:
    """In the sidebar, that is; folders with a role always show."""

    def change(choices: FolderChoices) -> FolderChoices:
        return FolderChoices(choices.roles, choices.order, choices.folded, on, choices.renamed)

    change_choices(access.person, change)


def _keep_order(access: Access, siblings: list[str]) -> None:
    change_choices(access.person, lambda choices: choices.with_order(tuple(siblings)))


def _found(folders: tuple[Folder, ...], name: str) -> Folder:
    name = canonical(name)
    for folder in folders:
        if folder.name == name:
            return folder
    raise FolderNotFoundError


def _siblings(folders: tuple[Folder, ...], name: str) -> list[str]:
    found = _found(folders, name)
    return [
        one.name
        for one in folders
        if (bool(one.role), one.kind, one.parent) == (bool(found.role), found.kind, found.parent)
    ]
