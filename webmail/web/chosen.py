"""Which messages a form of a list or of a message is about, and where to go back to."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import QueryDict

from webmail.accounts.access import Access
from webmail.journal.step import Lot
from webmail.mailbox import filing

from .addresses import folder_address, message_address
from .queries import number, page_number

# A page holds at most 200; more at once by hand is nobody's click.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Chosen:
    """`everything`: all that the list shows on all its pages, about `total` messages. `open`: it is one message that
    is open, `older` the next in its list (0 where there is none). `page` is that of the list."""

    folder: str
    uid_validity: int
    uids: tuple[int, ...]
    everything: bool = False
    total: int = 0
    open: bool = False
    older: int = 0
    page: int = 1

    @classmethod
    def of(cls, data: QueryDict, folder: str, uids: list[str]) -> Chosen:
        """Raises BadRequest."""
        if len(uids) > MOST:
            raise BadRequest("too many messages")
        return cls(
            folder=folder,
            uid_validity=number(data.get("uid_validity")),
            uids=tuple(dict.fromkeys(number(uid) for uid in uids)),
            everything=data.get("all") == "1",
            total=number(data.get("total") or "0"),
            open=data.get("open") == "1",
            older=number(data.get("older") or "0"),
            page=page_number(data.get("page")),
        )

    def __bool__(self) -> bool:
        return self.everything or bool(self.uids)

    @property
    def count(self) -> int:
        """As far as it is known before the server was asked."""
        return self.total if self.everything else len(self.uids)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a form needs to be about the same."""
        found = [("uid_validity", str(self.uid_validity)), ("page", str(self.page))]
        if self.everything:
            found += [("all", "1"), ("total", str(self.total))]
        else:
            found += [("uid", str(uid)) for uid in self.uids]
        if self.open:
            found += [("open", "1"), ("older", str(self.older))]
        return found

    def lots(self, access: Access) -> tuple[Lot, ...]:
        if self.everything:
            return filing.everything(access=access, folder=self.folder, uid_validity=self.uid_validity)
        return (filing.lot_of(folder=self.folder, uid_validity=self.uid_validity, uids=self.uids),)

    @property
    def list_address(self) -> str:
        return folder_address(self.folder, self.page)

    @property
    def message_address(self) -> str:
        return message_address(self.folder, self.uid_validity, self.uids[0])

    @property
    def older_address(self) -> str:
        if not self.older:
            return ""
        suffix = f"?page={self.page}" if self.page > 1 else ""
        return message_address(self.folder, self.uid_validity, self.older) + suffix
