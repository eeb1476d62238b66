"""What the address book answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webmail.mail.address import Mailbox


@dataclass(frozen=True, slots=True)
class CardAddress:
    """`label` is "home", "work" or the person's own word."""

    address: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What is written about somebody, by a person or in a file. Groups are named."""

    name: str = ""
    organisation: str = ""
    notes: str = ""
    addresses: tuple[CardAddress, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def display(self) -> str:
        return self.name or self.organisation or self.address

    @property
    def address(self) -> str:
        """The one to write to."""
        return self.addresses[0].address if self.addresses else ""

    @property
    def face(self) -> Mailbox:
        return Mailbox(self.name or self.organisation, self.address or self.display)


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact: `kind` is "saved" or "collected", `uses` how often it was written to. Lists leave out groups."""

    id: int
    kind: str
    letter: str
    card: Card
    uses: int = 0
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """Those who begin with it start on this page."""

    letter: str
    count: int
    page: int


@dataclass(frozen=True, slots=True)
class ListPage:
    entries: tuple[Entry, ...]
    number: int
    pages: int
    total: int
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    id: int
    name: str
    count: int = 0
