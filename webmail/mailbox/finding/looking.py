"""Having a view's folder selected and up to date, with other questions in the same write."""

from __future__ import annotations

from typing import Any

from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session

from ..errors import FolderNotFoundError
from ..reading import folders
from ..reading.listing import select_as_listed
from ..reading.selecting import is_selected, select


def look(session: Session, folder: str, *more: imap.Command[Any]) -> tuple[folders.Tree, list[Any]]:
    """The tree, and the answers to `more` (CommandErrors among them). Raises FolderNotFoundError."""
    tree = folders.cached_tree(session.notes)
    old = tree is None or not tree.fresh or tree.find(folder) is None
    together = old and session.has("LIST-STATUS")
    state = session.selected
    commands: list[imap.Command[Any]] = [
        imap.noop() if is_selected(session, folder) else select(session, folder)
    ]
    if together:
        commands.append(folders.list_command(session))
    opened, *answers = session.gather(*commands, *more)
    listed = folders.listed_after(session, state, answers.pop(0)) if together else None
    if old:
        tree = folders.keep_listed(session, session.notes, listed)
    assert tree is not None
    if isinstance(opened, CommandError):
        folders.folder_named(tree, folder)
        select_as_listed(session, tree, folder)
        answers = session.gather(*more) if more else []
    if session.selected is None:
        raise FolderNotFoundError
    return tree, answers
