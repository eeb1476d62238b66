"""A page of a view of one folder: searched, filtered, sorted."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.operations import search
from webmail.imap.session import Session

from ..pages import Found, ListPage
from ..query.meaning import Asker
from ..reading import folders
from ..reading.index import index_of
from ..reading.listing import OUTGOING, list_messages
from ..reading.marking import keeps, keeps_keywords
from ..reading.selecting import is_selected, session_of
from ..view import NEWEST_FIRST, View
from . import order, trail
from .asking import asker_of
from .looking import look
from .order import Ordered
from .rows import known_of, learn, questions, shown
from .trail import Trail
from .wide import list_wide

# A slow search answers when it has a page, when it has something and took this long, or after all.
SOON: Final = 0.4
LATEST: Final = 2.0


def list_view(
    *, access: Access, view: View, page: int = 1, size: int = 50, going_on: bool = True
) -> ListPage:
    """Raises FolderNotFoundError, MailServerError and SignInEndedError. A page past the end is the last one that is
    known; a slow search that is not done shows what it found, and goes on when the page is asked for again.
    `going_on` False: of a search through several folders, what is found by now."""
    view = replace(view, folder=folders.canonical(view.folder))
    if view.wide:
        return list_wide(access=access, view=view, page=page, size=size, going_on=going_on)
    if view.plain:
        return list_messages(access=access, folder=view.folder, page=page, size=size)
    asker = asker_of(access, view)
    with session_of(access, view.folder) as session:
        return Lister(session, view, asker, page=page, size=size).page()


@dataclass(frozen=True, slots=True)
class Window:
    """The UIDs of a page in the order to show; `total` of all that are found."""

    number: int
    uids: Sequence[int]
    total: int
    found: Found


class Lister:
    """One view on one session, for the length of a request."""

    def __init__(self, session: Session, view: View, asker: Asker, *, page: int, size: int) -> None:
        self.session, self.view, self.asker = session, view, asker
        self.number, self.size = max(1, page), size
        self.name: Hashable = trail.identity(view, asker)
        self.order_name: Hashable = (self.name, view.sort)
        self.notes = session.notes

    @property
    def position(self) -> int:
        """Of the page's first row, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def by_arrival(self) -> bool:
        return self.view.sort in (NEWEST_FIRST, "arrival")

    def page(self) -> ListPage:
        """The folder is brought up to date in the same write as the page's messages, where the page is known, or the
        search, where it is quick."""
        guess = self.remembered()
        if guess is not None:
            known = known_of(self.session, self.view.folder, guess.uids)
            tree, answers = look(self.session, self.view.folder, *questions(self.session, known, guess.uids))
            if self.is_current():
                learn(self.session, known, answers)
                return self.drawn(tree, guess)
            window = self.searched()
        else:
            command, before = self.quick_command(), self.stamp()
            index_of(self.session)
            tree, answers = look(self.session, self.view.folder, *([command] if command else ()))
            # Dovecot lets its NOOP look for mail and flags only after what was pipelined behind it.
            missed = before is not None and (before != self.stamp() or self.has_news)
            window = self.searched(answers[0] if answers and not missed else None)
        return self.drawn(tree, window)

    def remembered(self) -> Window | None:
        """The page as it was when somebody last looked. What depends on flags is looked at anew on a first page."""
        if self.number == 1 and self.view.query.by_flags:
            return None
        if self.by_arrival:
            known = trail.recall(self.notes, self.name)
            return self.of_trail(known) if known and self.is_enough(known, 0) else None
        ordered = order.recall(self.notes, self.order_name)
        return self.of_order(ordered) if ordered else None

    def is_current(self) -> bool:
        if self.by_arrival:
            known = trail.recall(self.notes, self.name)
            return known is not None and trail.is_current(self.session, known)
        ordered, state = order.recall(self.notes, self.order_name), self.session.selected
        return (
            ordered is not None
            and state is not None
            and (ordered.uid_validity, ordered.exists) == (state.uid_validity, state.exists)
        )

    def stamp(self) -> tuple[int, int | None] | None:
        """What changes with arrivals and expunges; None where the folder isn't selected."""
        state = self.session.selected
        return (
            (state.exists, state.uid_next) if state and is_selected(self.session, self.view.folder) else None
        )

    @property
    def has_news(self) -> bool:
        """Something was told that may change what matches."""
        state = self.session.selected
        return state is not None and self.view.query.by_flags and state.has_news

    @property
    def sorts_at_server(self) -> bool:
        return not self.by_arrival and not self.view.query.looked_up and self.session.has("SORT")

    def quick_command(self) -> imap.Command[Any] | None:
        """What finds everything at once, where that is quick."""
        key = self.view.key(self.asker)
        if self.sorts_at_server:
            return order.sort_command(self.session, self.view, key, self.position)
        if self.view.query.slow:
            return None
        return imap.search(key, return_=("ALL",) if self.session.has("ESEARCH") else None)

    def searched(self, answer: object = None) -> Window:
        """`answer`: that to the quick command, where it was asked."""
        if self.sorts_at_server:
            ordered = order.of_answer(self.session, answer, self.position) or order.sorted_by_server(
                self.session, self.view, self.view.key(self.asker), self.position
            )
            if ordered is not None:
                order.keep(self.notes, self.order_name, ordered)
                window = self.of_order(ordered)
                return window or self.last_page(ordered)
            answer = None
        known = self.found(answer)
        if self.by_arrival or not known.done:
            return self.of_trail(known)
        ordered = order.sorted_here(self.session, self.view, known.uids)
        order.keep(self.notes, self.order_name, ordered)
        window = self.of_order(ordered)
        assert window is not None
        return window

    def last_page(self, ordered: Ordered) -> Window:
        """There are fewer than the page asked for."""
        self.number = max(1, -(-ordered.total // self.size))
        again = order.sorted_by_server(self.session, self.view, self.view.key(self.asker), self.position)
        window = self.of_order(order.keep(self.notes, self.order_name, again)) if again else None
        return window or Window(self.number, (), ordered.total, Found())

    def found(self, answer: object) -> Trail:
        """All that match, or as many of them as are found soon."""
        if not self.view.query.slow:
            if answer is None or isinstance(answer, CommandError):
                answer = search(self.session, self.view.key(self.asker))
            numbers = getattr(answer, "numbers", ())
            return trail.keep(self.notes, self.name, trail.complete(self.session, numbers))
        known = trail.recall(self.notes, self.name)
        state = self.session.selected
        again = self.view.query.by_flags and self.number == 1
        if (
            known is None
            or state is None
            or known.uid_validity != state.uid_validity
            or (again and known.done)
        ):
            known = trail.begin(self.session)
        elif not trail.is_current(self.session, known):
            known = trail.renewed(self.session, self.view, self.asker, known)
        began, before = time.monotonic(), len(known.uids)
        while not known.done and not (
            self.is_enough(known, before) or self.is_late(len(known.uids) - before, time.monotonic() - began)
        ):
            known = trail.follow(self.session, self.view, self.asker, known)
        return trail.keep(self.notes, self.name, known)

    def is_enough(self, known: Trail, before: int) -> bool:
        """Rows for the page and one more; for another order and for old to new, all of them."""
        if self.view.sort != NEWEST_FIRST:
            return known.done
        return known.done or len(known.uids) > max(before, self.number * self.size)

    def is_late(self, new: int, seconds: float) -> bool:
        return seconds > LATEST or (new > 0 and seconds > SOON)

    def of_trail(self, known: Trail) -> Window:
        total = len(known.uids)
        number = min(self.number, max(1, -(-total // self.size)))
        first, last = (number - 1) * self.size, number * self.size
        if self.view.sort == "arrival" and known.done:
            uids: Sequence[int] = known.uids[::-1][first:last]
        else:
            uids = known.uids[first:last]
        unsorted = self.view.sort != NEWEST_FIRST and not known.done
        return Window(number, uids, total, Found(known.done, known.share, unsorted=unsorted))

    def of_order(self, ordered: Ordered) -> Window | None:
        number = min(self.number, max(1, -(-ordered.total // self.size)))
        uids = ordered.window((number - 1) * self.size + 1, number * self.size)
        if uids is None or number != self.number:
            return None
        return Window(number, uids, ordered.total, Found(sorted_newest=ordered.sorted_newest))

    def drawn(self, tree: folders.Tree, window: Window) -> ListPage:
        session, state = self.session, self.session.selected
        assert state is not None
        folder = folders.folder_named(tree, self.view.folder)
        known = shown(session, self.view.folder, window.uids)
        if (gone := [uid for uid in window.uids if uid not in known.flags]) and self.by_arrival:
            window = self.closed_up(gone) or window
            known = shown(session, self.view.folder, window.uids)
        rows = known.rows(window.uids, folder.role)
        first = (window.number - 1) * self.size + 1 if window.total else 0
        return ListPage(
            folder=folder,
            folders=tree.folders,
            uid_validity=state.uid_validity,
            rows=rows,
            number=window.number,
            pages=max(1, -(-window.total // self.size)),
            total=window.total,
            unseen=folder.unseen,
            first=first,
            last=first + len(window.uids) - 1 if window.total else 0,
            outgoing=folder.role in OUTGOING,
            keywords=keeps_keywords(state),
            read_only=not keeps(state, "\\Deleted"),
            last_uid=(state.uid_next or 1) - 1,
            alerts=tuple(session.take_alerts()),
            found=window.found,
        )

    def closed_up(self, gone: Sequence[int]) -> Window | None:
        """Without messages that were there when they were found."""
        known = trail.recall(self.notes, self.name)
        return self.of_trail(trail.keep(self.notes, self.name, trail.without(known, gone))) if known else None
