"""Which folders a view looks through, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..errors import FolderNotFoundError
from ..pages import Folder
from ..reading.arranging import role_named
from ..reading.folders import Tree, folder_named
from ..view import View

# What is looked for is mostly here; the others come as the tree has them.
_FIRST: Final = ("inbox", "sent", "archive")
_LAST: Final = ("junk", "trash")
# These show the messages of other folders a second time.
_VIRTUAL: Final = frozenset({"all", "flagged"})
_WORDS: Final = {
    "all": "all", "alle": "all", "alt": "all",
    "everywhere": "everywhere", "anywhere": "everywhere", "overalt": "everywhere",
    "innboks": "inbox", "innboksen": "inbox",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """`unknown`: what `in:` names and isn't there."""

    folders: tuple[Folder, ...]
    unknown: tuple[str, ...] = ()


def reach(tree: Tree, view: View) -> Reach:
    """The view's own folder first. What `in:` names stands instead of the scope. Raises FolderNotFoundError."""
    own = folder_named(tree, view.folder)
    if not view.query.places:
        return Reach(_in_order(_within(tree, view.scope, own), own))
    wanted: list[Folder] = []
    unknown: list[str] = []
    for place in view.query.places:
        found = _named(tree, place, own)
        wanted += found
        if not found:
            unknown.append(place)
    return Reach(_in_order(tuple(wanted), own), tuple(dict.fromkeys(unknown)))


def _within(tree: Tree, scope: str, own: Folder) -> tuple[Folder, ...]:
    if scope == "folder":
        return (own,)
    if scope == "subtree":
        return (own, *tree.below(own.name))
    bins = [folder for folder in tree.folders if folder.role in _LAST]
    binned = {folder.name for bin_ in bins for folder in (bin_, *tree.below(bin_.name))}
    return (
        own,
        *(
            folder
            for folder in tree.folders
            if folder.role not in _VIRTUAL and (scope == "everywhere" or folder.name not in binned)
        ),
    )


def _named(tree: Tree, place: str, own: Folder) -> tuple[Folder, ...]:
    """By a word for many, by role, by whole name, by last segment."""
    word = _WORDS.get(place.casefold(), "")
    if word in {"all", "everywhere"}:
        return _within(tree, word, own)
    try:
        return (folder_named(tree, place),)
    except FolderNotFoundError:
        pass
    if role := word or role_named(place):
        return tuple(folder for folder in tree.folders if folder.role == role)
    name = place.casefold()
    called = [folder for folder in tree.folders if folder.selectable]
    return tuple(folder for folder in called if folder.name.casefold() == name) or tuple(
        folder for folder in called if folder.label.casefold() == name
    )


def _in_order(folders: tuple[Folder, ...], own: Folder) -> tuple[Folder, ...]:
    def rank(folder: Folder) -> int:
        if folder.name == own.name:
            return -1
        if folder.role in _FIRST:
            return _FIRST.index(folder.role)
        return len(_FIRST) + (1 + _LAST.index(folder.role) if folder.role in _LAST else 0)

    once = {folder.name: folder for folder in folders if folder.selectable}
    return tuple(sorted(once.values(), key=rank))
