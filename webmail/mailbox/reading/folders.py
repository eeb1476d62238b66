"""The folder tree: special folders first, names in any script, counts in one command where the server can."""

from __future__ import annotations

import time
from collections.abc import Collection

from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.operations import list_with_status
from webmail.imap.session import Session
from webmail.imap.types import ListedMailbox

from ..errors import FolderNotFoundError
from ..pages import Folder

KIND = "folders"
# How long counts may be old when nothing of ours has changed them, in seconds.
FRESH = 30.0

COUNTS = ("MESSAGES", "UNSEEN")
ROLES = ("inbox", "flagged", "drafts", "sent", "archive", "junk", "trash", "all")
_ATTRIBUTES = {f"\\{role}": role for role in ROLES}
# RFC 6154 names first, then what servers and clients made of them before there was a standard.
_NAMES = {
    "drafts": "drafts draft utkast kladd entwürfe brouillons borradores bozze concepten",
    "sent": "sent|sent items|sent messages|sent mail|sendt|sende|sendte elementer|gesendet|envoyés|enviados",
    "archive": "archive archives arkiv archiv",
    "junk": "junk|spam|junk e-mail|junk email|bulk mail|søppelpost|uønsket e-post|spamverdacht",
    "trash": "trash|deleted items|deleted messages|bin|papirkorg|papirkurv|slettede elementer|papierkorb|corbeille",
}
_ROLE_OF_NAME = {
    name: role
    for role, names in _NAMES.items()
    for name in (names.split("|") if "|" in names else names.split())
}


class Tree:
    """The listed mailboxes of a person with how to reach each by name."""

    def __init__(self, listed: Collection[ListedMailbox]) -> None:
        self.made = time.monotonic()
        self.folders = arrange(listed)
        self.wire = {mailbox.name: mailbox.wire for mailbox in listed}
        self._by_name = {folder.name: folder for folder in self.folders}
        self._delimiters = {mailbox.name: mailbox.delimiter for mailbox in listed}

    @property
    def fresh(self) -> bool:
        return time.monotonic() - self.made < FRESH

    def find(self, name: str) -> Folder | None:
        return self._by_name.get(canonical(name))

    def below(self, name: str) -> tuple[Folder, ...]:
        """The folders in it, and in those."""
        delimiter = self._delimiters.get(name)
        if not delimiter:
            return ()
        return tuple(folder for folder in self.folders if folder.name.startswith(name + delimiter))


def cached_tree(cache: PersonCache) -> Tree | None:
    tree = cache.get(KIND, "")
    return tree if isinstance(tree, Tree) else None


def keep_tree(cache: PersonCache, listed: tuple[ListedMailbox, ...]) -> Tree:
    tree = Tree(listed)
    cache.put(KIND, "", tree, 400 * (len(listed) + 1))
    return tree


def counts_changed(cache: PersonCache) -> None:
    """Something was read or flagged: the next page asks for the counts again."""
    if (tree := cached_tree(cache)) is not None:
        tree.made = float("-inf")


def arrange(listed: Collection[ListedMailbox]) -> tuple[Folder, ...]:
    """In the order to show: special folders, each with what is below it, then the others by name.

    Parents that the server left out are added; parents that only hold special folders are left out.
    """
    nodes = {mailbox.name: mailbox for mailbox in listed if "\\nonexistent" not in mailbox.attributes}
    path_of = _paths(nodes.values())
    roles = _roles(nodes.values(), path_of)
    special = {path_of[name]: ROLES.index(role) for name, role in roles.items()}
    names = {path_of[name]: name for name in nodes}
    wanted = {path for path, name in names.items() if name in roles or _selectable(nodes[name])}
    for path in tuple(wanted - special.keys()):
        wanted.update(path[:length] for length in range(1, len(path)))

    def order(path: tuple[str, ...]) -> tuple[int, list[str]]:
        above = (special[path[:length]] for length in range(len(path), 0, -1) if path[:length] in special)
        return next(above, len(ROLES)), [segment.casefold() for segment in path]

    delimiter = next((mailbox.delimiter for mailbox in nodes.values() if mailbox.delimiter), "") or ""
    shown: list[Folder] = []
    for path in sorted(wanted, key=order):
        name = names.get(path)
        if name is None:
            shown.append(Folder(delimiter.join(path), path[-1], depth=len(path) - 1, selectable=False))
        else:
            depth = 0 if name in roles else min(len(path) - 1, 8)
            shown.append(_folder(nodes[name], roles.get(name, ""), path[-1], depth))
    return tuple(shown)


def _paths(listed: Collection[ListedMailbox]) -> dict[str, tuple[str, ...]]:
    """Each name's segments, without the `INBOX.` that some servers put before everything."""
    paths = {
        box.name: tuple(box.name.split(box.delimiter)) if box.delimiter else (box.name,) for box in listed
    }
    others = [path for name, path in paths.items() if name != "INBOX"]
    if others and all(path[0].upper() == "INBOX" and len(path) > 1 for path in others):
        return {name: path if name == "INBOX" else path[1:] for name, path in paths.items()}
    return paths


def _roles(listed: Collection[ListedMailbox], path_of: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Role by name: what the server says wins, a well-known name at the top level stands in; one of each."""
    roles: dict[str, str] = {}

    def give(mailbox: ListedMailbox, role: str | None) -> None:
        if role and role not in roles.values() and mailbox.name not in roles and _selectable(mailbox):
            roles[mailbox.name] = role

    for mailbox in listed:
        give(mailbox, "inbox" if mailbox.name == "INBOX" else None)
    for mailbox in listed:
        for attribute in sorted(mailbox.attributes):
            give(mailbox, _ATTRIBUTES.get(attribute))
    for mailbox in listed:
        path = path_of[mailbox.name]
        give(mailbox, _ROLE_OF_NAME.get(path[0].casefold()) if len(path) == 1 else None)
    return roles


def _folder(mailbox: ListedMailbox, role: str, label: str, depth: int) -> Folder:
    status = mailbox.status
    return Folder(
        name=mailbox.name,
        label=label or mailbox.name,
        role=role,
        depth=depth,
        selectable=_selectable(mailbox),
        unseen=status.unseen if status else None,
        total=status.messages if status else None,
    )


def _selectable(mailbox: ListedMailbox) -> bool:
    return not mailbox.attributes & {"\\noselect", "\\nonexistent"}


def role_named(name: str) -> str:
    """The role that a folder of this name has by custom, "" where none: `sendt` is "sent"."""
    name = name.casefold()
    return name if name in ROLES else _ROLE_OF_NAME.get(name, "")


def folder_named(tree: Tree, name: str) -> Folder:
    """Raises FolderNotFoundError for one that isn't there or can't hold messages."""
    folder = tree.find(name)
    if folder is None or not folder.selectable:
        raise FolderNotFoundError
    return folder


def canonical(name: str) -> str:
    """INBOX in any case is INBOX (RFC 9051, 5.1)."""
    return "INBOX" if name.upper() == "INBOX" else name


def list_command(session: Session) -> imap.Command[tuple[ListedMailbox, ...]]:
    """LIST with everything in one, for a server with LIST-STATUS."""
    return imap.list_mailboxes("", "*", special_use=session.has("SPECIAL-USE"), status_items=COUNTS)


def keep_listed(session: Session, cache: PersonCache, listed: object) -> Tree:
    """Keeps the answer to `list_command`; where it was refused, or never sent, asks in the ways of old."""
    if not isinstance(listed, tuple | list):
        listed = list_with_status(session)
    return keep_tree(cache, tuple(listed))
