"""What the templates of the address book are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from webmail.contacts.pages import Card, Entry, ListPage
from webmail.mail.address import Mailbox
from webmail.mail.compose import format_recipients

from .presentation import count_label, hue_class, page_steps
from .request import Request

UNDO = "contacts_undo"
# Contacts on a page.
SIZE = 50
# What fits into an address: servers refuse longer ones.
LONGEST_LINK = 3_500


@dataclass(frozen=True, slots=True)
class Row:
    """`second` is what stands below the name."""

    id: int
    letter: str
    name: str
    second: str
    initials: str
    hue: str


@dataclass(frozen=True, slots=True)
class Line:
    """An address of a contact, with where it leads."""

    address: str
    label: str
    compose: str


def rows(entries: Iterable[Entry]) -> tuple[Row, ...]:
    return tuple(row(entry.id, entry.letter, entry.card) for entry in entries)


def row(number: int, letter: str, card: Card) -> Row:
    name = card.display if card.name or card.organisation else shown(card.address)
    more = len(card.addresses) - 1
    second = (shown(card.address) + (f" +{more}" if more > 0 else "")) if card.address else card.organisation
    if second == name:
        second = ""
    return Row(number, letter, name, second, card.face.initials, hue_class(card.face))


def shown(address: str) -> str:
    return Mailbox("", address).display_address


def compose_address(name: str, address: str) -> str:
    return f"{reverse('compose')}?{urlencode({'to': format_recipients([Mailbox(name, address)])})}"


def compose_to(recipients: str) -> str:
    """ "" where there is nobody, or more than an address can hold."""
    address = f"{reverse('compose')}?{urlencode({'to': recipients})}"
    return address if recipients and len(address) <= LONGEST_LINK else ""


def list_context(request: Request, page: ListPage, address: str, query: str) -> dict[str, Any]:
    """`address` without its query; `here` comes back to this very page."""

    def at(number: int) -> str:
        asked = ({"q": query} if query else {}) | ({"page": str(number)} if number > 1 else {})
        return f"{address}?{urlencode(asked)}" if asked else address

    return {
        "page": page,
        "rows": rows(page.entries),
        "address": address,
        "query": query,
        "here": at(page.number),
        "first_label": count_label((page.number - 1) * SIZE + 1),
        "last_label": count_label((page.number - 1) * SIZE + len(page.entries)),
        "total_label": count_label(page.total),
        "letters": [
            {"letter": one.letter, "address": f"{at(one.page)}#letter-{one.letter}"} for one in page.letters
        ],
        "earlier": at(page.number - 1) if page.number > 1 else "",
        "later": at(page.number + 1) if page.number < page.pages else "",
        "steps": page_steps(at, page.number, page.pages) if page.pages > 1 else (),
        "undo": undo(request),
    }


def undo(request: Request) -> dict[str, Any] | None:
    """What was just done and can be taken back."""
    return request.session.get(UNDO) if "undo" in request.GET else None


def offering_undo(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}undo=1"
