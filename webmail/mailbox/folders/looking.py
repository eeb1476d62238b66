"""Every folder, or one of them, with what can be done to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.operations import list_with_status
from webmail.imap.session import Session
from webmail.imap.types import ListedMailbox

from ..errors import FolderNotFoundError
from ..pages import Folder, QuotaUse
from ..reading.folders import Tree, canonical, keep_tree
from ..reading.quota import keep_quota, use_of
from ..reading.selecting import session_of
from .naming import delimiter_of
from .rights import Rights

_MOST_RIGHTS: Final = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """`protected`: neither renamed nor deleted, since it is the inbox or has a role. `first` and `last` among those
    that it can change places with."""

    folder: Folder
    subscribed: bool
    rights: Rights = field(default_factory=Rights)
    childless: bool = False
    first: bool = False
    last: bool = False

    @property
    def protected(self) -> bool:
        return bool(self.folder.role)

    @property
    def can_delete(self) -> bool:
        return not self.protected and self.rights.delete

    @property
    def can_rename(self) -> bool:
        return not self.protected and self.rights.delete

    @property
    def can_hold_folders(self) -> bool:
        return not self.childless and self.rights.make_below


@dataclass(frozen=True, slots=True)
class Overview:
    """`people` are everybody's rights to the one folder, where only that was asked for and may be seen."""

    entries: tuple[Entry, ...]
    delimiter: str
    quota: QuotaUse | None = None
    alerts: tuple[str, ...] = ()
    people: Mapping[str, Rights] = field(default_factory=dict)

    @property
    def folders(self) -> tuple[Folder, ...]:
        return tuple(entry.folder for entry in self.entries)

    def entry(self, name: str) -> Entry:
        """Raises FolderNotFoundError."""
        name = canonical(name)
        for entry in self.entries:
            if entry.folder.name == name:
                return entry
        raise FolderNotFoundError

    def siblings(self, name: str) -> tuple[Entry, ...]:
        """Those that it can change places with, and itself."""
        place = _place(self.entry(name).folder)
        return tuple(entry for entry in self.entries if _place(entry.folder) == place)


@contextmanager
def current_tree(access: Access) -> Iterator[tuple[Session, Tree]]:
    """A session that can be used for changes, and the folders as the server has them at this moment."""
    with session_of(access, "INBOX") as session:
        yield session, list_now(session)


def list_now(session: Session) -> Tree:
    listed = list_with_status(session, subscribed=True)
    return keep_tree(session.notes, listed, session.namespace)


def overview(*, access: Access) -> Overview:
    """Raises MailServerError and SignInEndedError."""
    with current_tree(access) as (session, tree):
        return _overview(session, tree)


def folder_entry(*, access: Access, folder: str) -> Overview:
    """The same, with everybody's rights to this folder. Raises FolderNotFoundError too."""
    folder = canonical(folder)
    with current_tree(access) as (session, tree):
        if tree.find(folder) is None:
            raise FolderNotFoundError
        return _overview(session, tree, folder)


def _overview(session: Session, tree: Tree, one: str = "") -> Overview:
    listed = {box.name: box for box in tree.listed}
    asked = _asked(session, tree, one)
    commands: list[imap.Command[Any]] = [imap.my_rights(tree.wire.get(name, name)) for name in asked]
    with_quota = session.has("QUOTA")
    if with_quota:
        commands.append(imap.get_quota_root("INBOX"))
    if one in asked:
        commands.append(imap.get_acl(tree.wire.get(one, one)))
    answers: list[object] = list(session.gather(*commands)) if commands else []
    rights = {
        name: Rights(answer)
        for name, answer in zip(asked, answers, strict=False)
        if isinstance(answer, str) and answer
    }
    people = answers[-1] if one in asked else None
    if with_quota and isinstance(told := answers[len(asked)], tuple):
        keep_quota(session.notes, use_of(told))
        tree.tell_quota(use_of(told))
    entries = tuple(_entry(tree, folder, listed.get(folder.name), rights) for folder in tree.folders)
    return Overview(
        entries=_with_neighbours(entries),
        delimiter=delimiter_of(tree, one),
        quota=next((folder.quota for folder in tree.folders if folder.quota), None),
        alerts=tuple(session.take_alerts()),
        people={who: Rights(what) for who, what in people.items()} if isinstance(people, dict) else {},
    )


def _asked(session: Session, tree: Tree, one: str) -> list[str]:
    """Of one's own folders all is allowed, as a rule; so only the others, and the one in question."""
    if not session.has("ACL"):
        return []
    names = [
        folder.name for folder in tree.folders if folder.selectable and (folder.kind or folder.name == one)
    ]
    return names[:_MOST_RIGHTS]


def _entry(tree: Tree, folder: Folder, box: ListedMailbox | None, rights: Mapping[str, Rights]) -> Entry:
    attributes = box.attributes if box else frozenset[str]()
    # Where everything is below the inbox, that is the top.
    is_top = tree.namespace.personal[0][0] == folder.name + delimiter_of(tree, folder.name)
    return Entry(
        folder,
        subscribed="\\subscribed" in attributes,
        rights=rights.get(folder.name, Rights()),
        childless=is_top or "\\noinferiors" in attributes,
    )


def _with_neighbours(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    firsts: dict[object, str] = {}
    lasts: dict[object, str] = {}
    for entry in entries:
        place = _place(entry.folder)
        firsts.setdefault(place, entry.folder.name)
        lasts[place] = entry.folder.name
    ends = (set(firsts.values()), set(lasts.values()))
    return tuple(
        Entry(
            entry.folder,
            entry.subscribed,
            entry.rights,
            entry.childless,
            first=entry.folder.name in ends[0],
            last=entry.folder.name in ends[1],
        )
        for entry in entries
    )


def _place(folder: Folder) -> tuple[bool, str, str]:
    return bool(folder.role), folder.kind, folder.parent
