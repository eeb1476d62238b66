"""What a row has more where a list shows messages of several folders: which one it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from django.core.exceptions import BadRequest

from webmail.journal.step import Lot
from webmail.mailbox import filing
from webmail.mailbox.pages import Folder, ListPage, Row
from webmail.mailbox.reading.listing import OUTGOING
from webmail.mailbox.view import View

from .addresses import folder_address, home_of, messages_prefix, view_address
from .presentation import folder_label
from .queries import number

# A page holds at most 200 rows; more at once is nobody's click.
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Markup, but for `value`, which says in a form which message is meant, and `name`, which tells rows apart."""

    name: str
    value: str
    prefix: str
    suffix: str
    chip: str
    outgoing: bool


class Places:
    def __init__(self, page: ListPage, view: View) -> None:
        self.view, self.number = view, page.number if page.number > 1 else 0
        self.folders = {folder.name: (index, folder) for index, folder in enumerate(page.folders)}
        self.chips: dict[str, str] = {}

    def of(self, row: Row) -> Place:
        index, folder = self.folders.get(row.folder, (0, Folder(row.folder, row.folder)))
        query = escape(self.view.to_query(page=self.number, list=home_of(self.view, row.folder)))
        return Place(
            name=f"{row.uid}-{index}",
            value=value_of(row),
            prefix=escape(messages_prefix(row.folder, row.uid_validity)),
            suffix="edit/" if folder.role == "drafts" else f"?{query}",
            chip=self.chips.setdefault(row.folder, self._chip(folder)),
            outgoing=folder.role in OUTGOING,
        )

    def _chip(self, folder: Folder) -> str:
        """Leads to the same search in this folder alone."""
        view = self.view
        if view.query.places:
            address = folder_address(folder.name)
        else:
            address = view_address(replace(view, folder=folder.name, scope="folder"))
        return f'<a class="row-folder" href="{escape(address)}" dir="auto">{escape(folder_label(folder))}</a>'


def value_of(row: Row) -> str:
    """Of a form field `uid`."""
    return f"{row.uid_validity}/{row.uid}/{row.folder}"


def lots_of(values: Sequence[str]) -> tuple[Lot, ...]:
    """What such fields say, folder by folder. Raises BadRequest."""
    if len(values) > MOST:
        raise BadRequest("too many messages")
    found: dict[tuple[str, int], list[int]] = {}
    for value in values:
        uid_validity, uid, folder = (*value.split("/", 2), "", "")[:3]
        if not folder or not folder.isprintable():
            raise BadRequest("not a message in a folder")
        found.setdefault((folder, number(uid_validity)), []).append(number(uid))
    return tuple(
        filing.lot_of(folder=folder, uid_validity=uid_validity, uids=dict.fromkeys(uids))
        for (folder, uid_validity), uids in found.items()
    )
