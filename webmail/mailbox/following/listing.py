"""A page of a folder's threads, the one with the newest message first, at the cost of that page."""

from __future__ import annotations

from collections.abc import Sequence

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session

from ..finding import rows
from ..finding.looking import look
from ..pages import ListPage
from ..reading import folders
from ..reading.index import index_of
from ..reading.listing import OUTGOING
from ..reading.marking import keeps
from ..reading.selecting import session_of
from . import index
from .index import Index
from .members import MOST_FLAGS, MUTED, Members

Thread = tuple[int, ...]


def list_threads(*, access: Access, folder: str, page: int = 1, size: int = 50, opened: int = 0) -> ListPage:
    """`opened` is a message whose thread is shown with all its messages. Raises FolderNotFoundError, MailServerError
    and SignInEndedError. A page past the end is the last one."""
    folder = folders.canonical(folder)
    with session_of(access, folder) as session:
        return _Lister(session, folder, max(1, page), size, opened).page()


class _Lister:
    """One folder on one session, for the length of a request."""

    def __init__(self, session: Session, folder: str, number: int, size: int, opened: int) -> None:
        self.session, self.folder = session, folder
        self.number, self.size, self.opened = number, size, opened

    def page(self) -> ListPage:
        """The folder is brought up to date in the same write as the page is asked for, or its threads are."""
        session = self.session
        known = index.recall(session, self.folder)
        if known is not None:
            threads = self.threads_of(known)
            members = Members.of(session, self.folder, known.uid_validity, threads)
            asked, count = members.questions(session, threads, self.whole(known))
            tree, answers = look(session, self.folder, *asked)
            if index.is_current(session, known):
                members.learn(session, answers, count)
                return self.drawn(tree, known, members)
            index_of(session)
            known = index.renewed(session, self.folder, known)
        else:
            command = index.first_command(session)
            tree, answers = look(session, self.folder, *([command] if command else ()))
            known = index.begun(session, self.folder, answers[0] if answers else None)
        return self.drawn(tree, known, None)

    def whole(self, known: Index) -> Thread:
        """The thread that is shown with all its messages, as far as a page has room."""
        return known.threads.holding(self.opened)[-MOST_FLAGS:] if self.opened else ()

    def threads_of(self, known: Index) -> list[Thread]:
        first = (self.position(known) - 1) * self.size
        return [known.threads[at] for at in range(first, min(first + self.size, len(known.threads)))]

    def position(self, known: Index) -> int:
        return min(self.number, self.pages(known))

    def pages(self, known: Index) -> int:
        return max(1, -(-len(known.threads) // self.size))

    def drawn(self, tree: folders.Tree, known: Index, members: Members | None) -> ListPage:
        session, state = self.session, self.session.selected
        assert state is not None
        folder = folders.folder_named(tree, self.folder)
        threads = self.threads_of(known)
        members = self.members(threads, known, members)
        if gone := members.gone(threads):
            known = index.without(session, self.folder, known, gone)
            threads = self.threads_of(known)
            members = self.members(threads, known, members)
        self.quiet(threads, members)
        whole, total, number = self.whole(known), len(known.threads), self.position(known)
        first = (number - 1) * self.size + 1 if total else 0
        return ListPage(
            folder=folder,
            folders=tree.folders,
            uid_validity=state.uid_validity,
            rows=tuple(
                members.row(thread, folder.role, opened=bool(whole) and self.opened in thread)
                for thread in threads
            ),
            number=number,
            pages=self.pages(known),
            total=total,
            unseen=folder.unseen,
            first=first,
            last=first + len(threads) - 1 if total else 0,
            outgoing=folder.role in OUTGOING,
            alerts=tuple(session.take_alerts()),
            threaded=True,
            newest=len(known.letters) if known.partial else None,
        )

    def members(self, threads: Sequence[Thread], known: Index, members: Members | None) -> Members:
        """With what is still missing; a message that the server chokes on costs only its own row."""
        session, whole = self.session, self.whole(known)
        if members is None:
            members = Members.of(session, self.folder, known.uid_validity, threads)
        asked, count = members.questions(session, threads, whole)
        if asked:
            members.learn(session, session.gather(*asked), count)
        shown = [thread[-1] for thread in threads] + list(whole)
        rows.shown(session, self.folder, shown, members.known)
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
        (stored,) = session.gather(imap.store(new, "add", ["\\Seen", MUTED], silent=False))
        if not isinstance(stored, CommandError):
            index_of(session, stored.fetched)
            folders.counts_changed(session.notes)
            for uid in new:
                flags[uid] = flags[uid] | {"\\seen", MUTED.lower()}
