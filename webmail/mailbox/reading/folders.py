"""The folder tree: special folders first, names in any script, counts in one command where the server can."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from webmail.accounts.folder_choices import FolderChoices, choices_of
from webmail.accounts.models import Person
from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.operations import list_with_status
from webmail.imap.selected import SelectedState
from webmail.imap.session import Session
from webmail.imap.types import ListedMailbox, Namespace

from ..errors import FolderNotFoundError
from ..pages import Folder, QuotaUse
from .arranging import arrange
from .quota import ask_quota, keep_quota, known_quota

KIND = "folders"
CHOSEN = "folder choices"
# How long counts may be old when nothing of ours has changed them, in seconds.
FRESH = 30.0

COUNTS = ("MESSAGES", "UNSEEN")
_ONLY_OWN = Namespace()


class Tree:
    """The listed mailboxes of a person with how to reach each by name."""

    def __init__(
        self, listed: Collection[ListedMailbox], namespace: Namespace, choices: FolderChoices
    ) -> None:
        self.made = time.monotonic()
        self.listed, self.namespace = listed, namespace
        self.wire = {mailbox.name: mailbox.wire for mailbox in listed}
        self.folders: tuple[Folder, ...] = ()
        self.delimiter = next((mailbox.delimiter for mailbox in listed if mailbox.delimiter), "")
        self._by_name: dict[str, Folder] = {}
        self._delimiters = {mailbox.name: mailbox.delimiter for mailbox in listed}
        self._show(arrange(listed, namespace=namespace, choices=choices))

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

    def tell_quota(self, use: QuotaUse | None) -> None:
        self._show(tuple(replace(one, quota=use) if one.role == "inbox" else one for one in self.folders))

    def _show(self, folders: tuple[Folder, ...]) -> None:
        self.folders = folders
        self._by_name = {folder.name: folder for folder in folders}


def cached_tree(cache: PersonCache) -> Tree | None:
    tree = cache.get(KIND, "")
    return tree if isinstance(tree, Tree) else None


def named_folder(cache: PersonCache, role: str) -> str:
    """What the person's domain calls the folder with this role, "" where it says nothing."""
    return FolderChoices.of(cache.get(CHOSEN, "") or {}).named.get(role, "")


def keep_tree(
    cache: PersonCache, listed: Collection[ListedMailbox], namespace: Namespace | None = None
) -> Tree:
    tree = Tree(listed, namespace or _ONLY_OWN, FolderChoices.of(cache.get(CHOSEN, "") or {}))
    if use := known_quota(cache):
        tree.tell_quota(use)
    cache.put(KIND, "", tree, 600 * (len(listed) + 1))
    return tree


def respect_choices(cache: PersonCache, person: Person) -> None:
    """What the person has chosen about their folders, and their domain calls them, holds for the tree from here on."""
    choices = choices_of(person)
    if cache.get(CHOSEN, "") == choices:
        return
    cache.put(CHOSEN, "", choices, 100 + 100 * sum(map(len, filter(None, map(_sized, choices.values())))))
    if (tree := cached_tree(cache)) is not None:
        keep_tree(cache, tree.listed, tree.namespace).made = tree.made


def _sized(value: Any) -> list[Any] | dict[str, Any] | None:
    return value if isinstance(value, list | dict) else None


def counts_changed(cache: PersonCache) -> None:
    """Something was read or flagged: the next page asks for the counts again."""
    if (tree := cached_tree(cache)) is not None:
        tree.made = float("-inf")


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
    return imap.list_mailboxes(
        "",
        "*",
        special_use=session.has("SPECIAL-USE"),
        subscribed=_by_subscription(session.notes),
        status_items=COUNTS,
    )


def listed_after(session: Session, state: SelectedState | None, listed: object) -> object:
    """The answer to a `list_command` that went together with NOOP, `state` being what was selected then. Dovecot
    counts before it looks for what is new: what NOOP found is not in these counts, and they are asked for again."""
    if state is None or state is not session.selected or not state.has_news:
        return listed
    (listed,) = session.gather(list_command(session))
    return listed


def keep_listed(session: Session, cache: PersonCache, listed: object) -> Tree:
    """Keeps the answer to `list_command`; where it was refused, or never sent, asks in the ways of old."""
    if not isinstance(listed, tuple | list):
        listed = list_with_status(session, subscribed=_by_subscription(cache))
    tree = keep_tree(cache, tuple(listed), session.namespace)

    def heard(use: QuotaUse | None) -> None:
        keep_quota(cache, use)
        tree.tell_quota(use)

    ask_quota(session, cache, heard)
    return tree


def _by_subscription(cache: PersonCache) -> bool:
    return FolderChoices.of(cache.get(CHOSEN, "") or {}).subscribed_only
