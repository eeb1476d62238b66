"""A page of a folder's threads, the one with the newest message first, at the cost of that page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.operations import search
from webmail.imap.session import Session
from webmail.mail.threads import Threads

from ..finding import rows
from ..finding.asking import asker_of
from ..finding.looking import look
from ..pages import Found, ListPage
from ..reading import folders
from ..reading.index import index_of
from ..reading.listing import OUTGOING
from ..reading.marking import keeps, keeps_keywords
from ..reading.selecting import session_of
from ..view import View
from . import index
from .index import Index
from .members import MOST_FLAGS, MUTED, Members

Thread = tuple[int, ...]
# So many threads can be open at once.
MOST_OPEN: Final = 20


def list_threads(
    *, access: Access, view: View, page: int = 1, size: int = 50, opened: Collection[int] = ()
) -> ListPage:
    """Of a view that `follows`: a thread is there where any of its messages matches. `opened` are messages whose
    threads are shown with all their messages.

    Raises FolderNotFoundError, MailServerError and SignInEndedError. A page past the end is the last one.
    """
    folder = folders.canonical(view.folder)
    key = view.key(asker_of(access, view)) if view.narrows else None
    with session_of(access, folder) as session:
        return _Lister(session, folder, key, max(1, page), size, tuple(opened)[:MOST_OPEN]).page()


class _Lister:
    """One folder on one session, for the length of a request."""

    def __init__(
        self, session: Session, folder: str, key: imap.Key | None, number: int, size: int, opened: Thread
    ) -> None:
        self.session, self.folder, self.key = session, folder, key
        self.number, self.size, self.opened = number, size, opened
        self.threads: Threads | list[Thread] = []

    def page(self) -> ListPage:
        """The folder is brought up to date in the same write as the page is asked for, or its threads are."""
        session = self.session
        known = index.recall(session, self.folder)
        if known is None:
            tree = folders.cached_tree(session.notes)
            listed = tree.find(self.folder) if tree else None
            command = index.first_command(session, listed.total if listed else None)
            tree, answers = look(session, self.folder, *([command] if command else ()))
            known = index.begun(session, self.folder, answers[0] if answers else None)
        elif self.key is not None:
            tree, _ = look(session, self.folder)
        else:
            self.threads = known.threads
            members = Members.of(session, self.folder, known.uid_validity, self.shown)
            asked, count = members.questions(session, self.shown, self.whole)
            tree, answers = look(session, self.folder, *asked)
            if index.is_current(session, known):
                members.learn(session, answers, count)
                return self.drawn(tree, known, members)
        if not index.is_current(session, known):
            index_of(session)
            known = index.renewed(session, self.folder, known)
        matching = search(session, self.key).numbers if self.key is not None else ()
        self.threads = known.threads if self.key is None else known.threads.with_any(matching)
        return self.drawn(tree, known, self.members(known, None))

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.threads) // self.size))

    @property
    def first(self) -> int:
        """Counted from 0."""
        return (min(self.number, self.pages) - 1) * self.size

    @property
    def shown(self) -> list[Thread]:
        end = min(self.first + self.size, len(self.threads))
        return [self.threads[at] for at in range(self.first, end)]

    @property
    def whole(self) -> Thread:
        """The messages of the threads that are open, of each as far as a page has room."""
        if not self.opened:
            return ()
        opened = frozenset(self.opened)
        return tuple(uid for one in self.shown if not opened.isdisjoint(one) for uid in one[-MOST_FLAGS:])

    def drawn(self, tree: folders.Tree, known: Index, members: Members) -> ListPage:
        session, state = self.session, self.session.selected
        assert state is not None
        folder = folders.folder_named(tree, self.folder)
        members = self.members(known, members)
        if gone := members.gone(self.shown):
            known = index.without(session, self.folder, known, gone)
            lost = frozenset(gone)
            left = [tuple(uid for uid in one if uid not in lost) for one in self.threads]
            self.threads = [one for one in left if one]
            members = self.members(known, members)
        self.quiet(self.shown, members)
        opened, threads, total = frozenset(self.opened), self.shown, len(self.threads)
        return ListPage(
            folder=folder,
            folders=tree.folders,
            uid_validity=state.uid_validity,
            rows=tuple(members.row(one, folder.role, opened=not opened.isdisjoint(one)) for one in threads),
            number=min(self.number, self.pages),
            pages=self.pages,
            total=total,
            unseen=folder.unseen,
            first=self.first + 1 if total else 0,
            last=self.first + len(threads),
            outgoing=folder.role in OUTGOING,
            keywords=keeps_keywords(state),
            read_only=not keeps(state, "\\Deleted"),
            last_uid=(state.uid_next or 1) - 1,
            alerts=tuple(session.take_alerts()),
            found=Found() if self.key is not None else None,
            threaded=True,
            newest=known.newest,
        )

    def members(self, known: Index, members: Members | None) -> Members:
        """With what is still missing; a message that the server chokes on costs only its own row."""
        session, threads, whole = self.session, self.shown, self.whole
        if members is None:
            members = Members.of(session, self.folder, known.uid_validity, threads)
        asked, count = members.questions(session, threads, whole)
        if asked:
            members.learn(session, session.gather(*asked), count)
        rows.shown(session, self.folder, [*(one[-1] for one in threads), *whole], members.known)
        return members

    def quiet(self, threads: Sequence[Thread], members: Members) -> None:
        """What has come to a muted thread is marked as read, and as muted."""
        flags, session = members.known.flags, self.session
        if not keeps(session.selected, MUTED):
            return
        new = [
            uid
            for thread in threads
            if any(MUTED.lower() in flags.get(uid, ()) for uid in thread)
            for uid in thread[-MOST_FLAGS:]
            if uid in flags and MUTED.lower() not in flags[uid]
        ]
        if not new:
            return
        stored: Any
        (stored,) = session.gather(imap.store(new, "add", ["\\Seen", MUTED], silent=False))
        if not isinstance(stored, CommandError):
            index_of(session, stored.fetched)
            folders.counts_changed(session.notes)
            for uid in new:
                flags[uid] = flags[uid] | {"\\seen", MUTED.lower()}
