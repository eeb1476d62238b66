"""Which messages a form of a list or of a message is about, and where to go back to."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import QueryDict

from webmail.accounts.access import Access
from webmail.accounts.threaded import is_threaded
from webmail.imap.sets import format_set
from webmail.journal.step import Lot
from webmail.mailbox import filing
from webmail.mailbox.view import View

from .addresses import home_of, message_address, view_address, with_query
from .queries import number, page_number, uids, view_of
from .wide_rows import lots_of

# Of 200 rows, each of which may be a thread.
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """`everything`: all that the `view` shows on all its pages, none above the UID `last`. `open`: it is one message
    that is open, `older` the next in its list (0 where there is none). `page` is that of the list.

    `folder` is the messages' own. Of a view of several folders `uids` is empty: `several` are the form's values, which
    say where each message is. `conversation`: the open message with all others of its conversation."""

    folder: str
    view: View
    uid_validity: int
    uids: tuple[int, ...]
    everything: bool = False
    last: int = 0
    open: bool = False
    older: int = 0
    page: int = 1
    several: tuple[str, ...] = ()
    conversation: bool = False

    @classmethod
    def of(cls, access: Access, folder: str, data: QueryDict, values: list[str]) -> Chosen:
        """`values` are UIDs, or sets of them. Raises BadRequest."""
        threaded = is_threaded(person=access.person, folder=folder)
        view = view_of(folder, data.get("view", ""), threaded=threaded)
        scattered = view.wide and data.get("open") != "1"
        if scattered and data.get("all") == "1":
            raise BadRequest("all of one folder at most")
        return cls(
            folder=folder,
            view=view,
            uid_validity=number(data.get("uid_validity")),
            uids=() if scattered else tuple(uids(values, MOST)),
            several=tuple(dict.fromkeys(values)) if scattered else (),
            everything=data.get("all") == "1",
            last=number(data.get("last") or "0"),
            open=data.get("open") == "1",
            older=number(data.get("older") or "0"),
            page=page_number(data.get("page")),
            conversation=data.get("open") == "1" and bool(data.get("conversation")),
        )

    def __bool__(self) -> bool:
        return self.everything or bool(self.uids or self.several)

    @property
    def boxes(self) -> frozenset[int | str]:
        """That are ticked in the list."""
        return frozenset(self.several or self.uids)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form needs to be about the same."""
        found = [("uid_validity", str(self.uid_validity)), ("page", str(self.page))]
        if query := self.view.to_query(list=home_of(self.view, self.folder)):
            found += [("view", query)]
        if self.everything:
            found += [("all", "1"), ("last", str(self.last))]
        elif self.several:
            found += [("uid", value) for value in self.several]
        else:
            found += [("uid", format_set(self.uids))]
        if self.open:
            found += [("open", "1"), ("older", str(self.older))]
        return found

    def lots(self, access: Access, kind: str = "") -> tuple[Lot, ...]:
        """For an order of this kind. () where there are none any more."""
        if self.conversation:
            return filing.whole_conversation(
                access=access,
                folder=self.folder,
                uid_validity=self.uid_validity,
                uid=self.uids[0],
                kind=kind,
            )
        if self.everything:
            lots = filing.everything(
                access=access, view=self.view, uid_validity=self.uid_validity, last_uid=self.last
            )
        elif self.several:
            lots = lots_of(self.several)
        else:
            lots = (filing.lot_of(folder=self.folder, uid_validity=self.uid_validity, uids=self.uids),)
        if kind in filing.OF_THREADS:
            return tuple(filing.in_threads(access=access, lot=lot) for lot in lots)
        return lots

    @property
    def list_address(self) -> str:
        return view_address(self.view, self.page)

    @property
    def message_address(self) -> str:
        return self._address_of(self.uids[0])

    @property
    def older_address(self) -> str:
        return self._address_of(self.older) if self.older else ""

    def _address_of(self, uid: int) -> str:
        query = self.view.to_query(
            page=self.page if self.page > 1 else 0, list=home_of(self.view, self.folder)
        )
        return with_query(message_address(self.folder, self.uid_validity, uid), query)
