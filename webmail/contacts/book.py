"""Looking into the address book: lists, searches, one contact."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, Q, QuerySet

from webmail.mail.address import Mailbox
from webmail.mail.compose import format_recipients

from .errors import NotThereError
from .folding import letter_order, tokens_of
from .models import Contact
from .own import contacts_of
from .pages import Card, CardAddress, Entry, Letter, ListPage


def list_contacts(
    *,
    person: AbstractBaseUser,
    kind: str = "saved",
    query: str = "",
    group: int | None = None,
    page: int = 1,
    size: int = 50,
) -> ListPage:
    """A page in order of name, the nearest there is. Every word of `query` must be found somewhere in the name, the
    organisation, an address or the notes. Three queries."""
    found = contacts_of(person).filter(kind=kind)
    if group is not None:
        found = found.filter(groups=group)
    if query.strip():
        tokens = tokens_of(query)
        found = found.filter(Q(*(Q(words__contains=token) for token in tokens))) if tokens else found.none()
    letters = _letters(found, size)
    total = sum(letter.count for letter in letters)
    pages = max(1, -(-total // size))
    number = min(max(1, page), pages)
    shown = found.order_by("sort", "pk")[(number - 1) * size : number * size] if total else ()
    return ListPage(entries(shown), number, pages, total, letters)


def get(*, person: AbstractBaseUser, contact: int) -> Entry:
    """With its groups. Raises NotThereError."""
    found = contacts_of(person).filter(pk=contact).prefetch_related("addresses", "groups").first()
    if found is None:
        raise NotThereError
    return entry(found, groups=sorted(group.name for group in found.groups.all()))


def recipients(*, person: AbstractBaseUser, contacts: Collection[int]) -> str:
    """The first address of each, as a recipients field takes them. One query."""
    first = contacts_of(person).filter(pk__in=contacts, addresses__position=0).order_by("sort", "pk")
    return format_recipients(Mailbox(*row) for row in first.values_list("name", "addresses__address"))


def entries(contacts: QuerySet[Contact] | Iterable[Contact]) -> tuple[Entry, ...]:
    """One query more, for all addresses."""
    if isinstance(contacts, QuerySet):
        contacts = contacts.defer("words").prefetch_related("addresses")
    return tuple(entry(contact) for contact in contacts)


def entry(contact: Contact, groups: Iterable[str] = ()) -> Entry:
    addresses = contact.addresses.all()
    return Entry(
        id=contact.pk,
        kind=contact.kind,
        letter=contact.letter,
        card=Card(
            name=contact.name,
            organisation=contact.organisation,
            notes=contact.notes,
            addresses=tuple(CardAddress(one.address, one.label) for one in addresses),
            groups=tuple(groups),
        ),
        uses=sum(one.uses for one in addresses),
        last_used=max((one.last_used for one in addresses if one.last_used), default=None),
    )


def _letters(found: QuerySet[Contact], size: int) -> tuple[Letter, ...]:
    counts = dict(found.order_by().values_list("letter").annotate(count=Count("pk")))
    letters, before = [], 0
    for letter in sorted(counts, key=letter_order):
        letters.append(Letter(letter, counts[letter], before // size + 1))
        before += counts[letter]
    return tuple(letters)
