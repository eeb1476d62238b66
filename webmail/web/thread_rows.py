"""What a row has more where it stands for a thread: how many messages, and how to see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from django.utils.translation import ngettext

from webmail.imap.sets import format_set
from webmail.mailbox.pages import ListPage, Row
from webmail.mailbox.view import View

from .addresses import folder_address
from .icons import use
from .presentation import count_label

UNFOLD = "unfold"
_CHEVRON = use("chevron-down")


@dataclass(frozen=True, slots=True)
class Folds:
    """Which threads of a page are unfolded, by the newest message in each, and its address but for that."""

    address: str
    query: str
    open: tuple[int, ...]

    @classmethod
    def of(cls, page: ListPage, view: View | None) -> Folds:
        view = view or View(page.folder.name)
        number = page.number if page.number > 1 else 0
        opened = tuple(row.uid for row in page.rows if row.inner)
        return cls(folder_address(page.folder.name), view.to_query(page=number), opened)

    def link(self, row: Row, language: str) -> str:
        """That folds or unfolds the thread: a link, which with script changes only this row."""
        opened = [uid for uid in self.open if uid != row.uid] + ([] if row.inner else [row.uid])
        query = "&".join(filter(None, (self.query, urlencode([(UNFOLD, uid) for uid in opened]))))
        address = escape(f"{self.address}?{query}" if query else self.address)
        return (
            f'<a class="unfold" id="t{row.uid}" href="{address}#m{row.uid}" hx-get="{address}"'
            f' hx-target="#m{row.uid}" hx-swap="outerHTML" hx-include="#m{row.uid} [name=uid]"'
            f' aria-expanded="{"true" if row.inner else "false"}" aria-label="{_words(len(row.members), language)}">'
            f"<span>{count_label(len(row.members))}</span>{_CHEVRON}</a>"
            + (f'<input type="hidden" name="{UNFOLD}" value="{row.uid}">' if row.inner else "")
        )


def folded_away(row: Row) -> str:
    """For htmx: the rows of the messages inside go."""
    return "".join(f'<li id="i{uid}" hx-swap-oob="delete"></li>' for uid in row.members)


def unfolded(rows: Iterable[Row]) -> Iterator[tuple[Row, bool]]:
    """Each row, and after it those inside, which are marked."""
    for row in rows:
        yield row, False
        for inner in row.inner:
            yield inner, True


def value_of(row: Row) -> str:
    """The messages that the row's box and star are about."""
    return format_set(row.members) if row.members else str(row.uid)


@lru_cache(maxsize=1024)
def _words(count: int, _language: str) -> str:
    return escape(
        ngettext(
            "{count} message in this conversation", "{count} messages in this conversation", count
        ).format(count=count_label(count))
    )
