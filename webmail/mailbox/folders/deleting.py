"""Deleting a folder with what is below it: for ever, so after asking, and no more than was asked about."""

from __future__ import annotations

from dataclasses import dataclass

from webmail.accounts.access import Access
from webmail.accounts.folder_choices import change_choices
from webmail.accounts.identities import rename_sent_folder
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session

from ..pages import Folder
from ..reading.folders import Tree, canonical, respect_choices
from ..reading.quota import quota_changed
from .changing import changeable, end_others, leave
from .errors import FolderChangedError, FolderForbiddenError, FolderRefusedError, refusal
from .looking import current_tree, list_now
from .naming import below


@dataclass(frozen=True, slots=True)
class Doomed:
    """What would go. `names` are the folder and all below it, deepest last; `messages` in all of them, and in how many
    of them the server did not tell (`uncounted`)."""

    folder: Folder
    folders: tuple[Folder, ...]
    names: tuple[str, ...]
    messages: int
    uncounted: int

    @property
    def subfolders(self) -> int:
        return len(self.names) - 1

    @property
    def seal(self) -> str:
        """What the person is shown, in short: a deletion must be about the same."""
        return f"{len(self.names)}-{self.messages}-{self.uncounted}"


def doomed(*, access: Access, folder: str) -> Doomed:
    """Raises FolderNotFoundError, FolderProtectedError, MailServerError and SignInEndedError."""
    with current_tree(access) as (_session, tree):
        return _doomed(tree, folder)


def delete_folder(*, access: Access, folder: str, seal: str) -> Doomed:
    """`seal` is that of what the person was shown. From the deepest up, and not a folder whose subfolders stayed.

    Raises FolderChangedError, FolderForbiddenError, FolderRefusedError (some may be gone) and as `doomed`.
    """
    with current_tree(access) as (session, tree):
        going = _doomed(tree, folder)
        if going.seal != seal:
            raise FolderChangedError
        leave(session, tree, going.folder)
        gone: list[str] = []
        try:
            _delete(session, tree, going, gone)
        finally:
            _forget(access, session, tree, frozenset(gone))
            end_others(access)
    return going


def _doomed(tree: Tree, name: str) -> Doomed:
    name = canonical(name)
    folder = changeable(tree, name)
    names = (name, *sorted(below(tree, name), key=lambda one: _depth(tree, one)))
    boxes = [one for one in tree.listed if one.name in names and one.attributes.isdisjoint(_HOLLOW)]
    return Doomed(
        folder,
        tree.folders,
        names,
        messages=sum(box.status.messages or 0 for box in boxes if box.status),
        uncounted=sum(1 for box in boxes if not box.status or box.status.messages is None),
    )


_HOLLOW = frozenset({"\\noselect", "\\nonexistent"})


def _depth(tree: Tree, name: str) -> int:
    delimiter = next((one.delimiter for one in tree.listed if one.name == name), None)
    return name.count(delimiter) if delimiter else 0


def _delete(session: Session, tree: Tree, going: Doomed, gone: list[str]) -> None:
    """Folders of equal depth in one write. A name that holds nothing goes by itself on most servers, with its last
    subfolder."""
    hollow = {one.name for one in tree.listed if one.attributes & _HOLLOW}
    there = {one.name for one in tree.listed}
    levels: dict[int, list[str]] = {}
    for name in going.names:
        levels.setdefault(_depth(tree, name), []).append(name)
    for level in sorted(levels, reverse=True):
        names = [name for name in levels[level] if name in there]
        answers = session.gather(*(imap.delete(tree.wire[name]) for name in names))
        refused: CommandError | None = None
        for name, answer in zip(names, answers, strict=True):
            if not isinstance(answer, CommandError) or answer.code == "NONEXISTENT" or name in hollow:
                gone.append(name)
            else:
                refused = refused or answer
        if refused is not None:
            error = refusal(refused)
            if isinstance(error, FolderForbiddenError) and not gone:
                raise error from refused
            raise FolderRefusedError(refused.text, len(gone)) from refused


def _forget(access: Access, session: Session, tree: Tree, gone: frozenset[str]) -> None:
    if not gone:
        return
    session.gather(*(imap.unsubscribe(tree.wire[name]) for name in gone))
    change_choices(access.person, lambda choices: choices.without(gone))
    rename_sent_folder(person=access.person, names=dict.fromkeys(gone, ""))
    respect_choices(session.notes, access.person)
    quota_changed(session.notes)
    list_now(session)
