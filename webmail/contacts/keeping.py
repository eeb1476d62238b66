"""Writing into the address book. What is deleted can be taken back for a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from webmail.mail.address import Mailbox

from . import limits
from .errors import FullError, NotThereError, RefusedError
from .folding import address_key
from .groups import set_groups
from .models import Address, Contact
from .own import addresses_of, contacts_of, lock
from .pages import Card, CardAddress
from .text import is_address, label, line, lines

KEPT_FOR_UNDO = timedelta(days=1)
# Keys in one query.
BATCH = 500


@transaction.atomic
def save(*, person: AbstractBaseUser, card: Card, contact: int | None = None) -> int:
    """A new contact, or this one as it is to be; returns its number. One that was collected is a contact from now on,
    and others collected under its addresses become part of it. Raises RefusedError, FullError, NotThereError."""
    card = cleaned(card)
    lock(person)
    row = _row(person, contact)
    row.kind = Contact.Kind.SAVED
    row.name, row.organisation, row.notes = card.name, card.organisation, card.notes
    row.file(*(one.address for one in card.addresses))
    row.save()
    _set_addresses(person, row, card.addresses)
    set_groups(person, row, card.groups)
    return row.pk


def delete(*, person: AbstractBaseUser, contacts: Collection[int]) -> tuple[int, ...]:
    """The numbers of those that were there."""
    now = datetime.now(UTC)
    found = contacts_of(person).filter(pk__in=contacts)
    numbers = tuple(found.values_list("pk", flat=True))
    found.update(deleted_at=now)
    to_be_forgotten(now).filter(person_id=person.pk).delete()
    return numbers


def to_be_forgotten(now: datetime) -> QuerySet[Contact]:
    """Deleted so long ago that it can't be taken back, of everybody."""
    return Contact.objects.filter(deleted_at__lt=now - KEPT_FOR_UNDO)


def restore(*, person: AbstractBaseUser, contacts: Collection[int]) -> int:
    """Takes a deletion back; how many came."""
    gone = Contact.objects.filter(person_id=person.pk, pk__in=contacts).exclude(deleted_at=None)
    return gone.update(deleted_at=None)


def keep(*, person: AbstractBaseUser, contacts: Collection[int]) -> int:
    """Those collected become contacts; how many."""
    collected = contacts_of(person).filter(pk__in=contacts, kind=Contact.Kind.COLLECTED)
    return collected.update(kind=Contact.Kind.SAVED)


@transaction.atomic
def add_sender(*, person: AbstractBaseUser, mailbox: Mailbox) -> tuple[int, bool]:
    """Somebody who wrote: (the contact's number, whether that is news). Raises RefusedError, FullError."""
    if not is_address(mailbox.address):
        raise RefusedError(("address-0", "address"))
    lock(person)
    known = addresses_of(person).filter(key=address_key(mailbox.address))
    found = known.order_by("-contact__kind", "pk").values_list("contact", "contact__kind").first()
    if found is None:
        card = Card(name=mailbox.name, addresses=(CardAddress(mailbox.address),))
        return save(person=person, card=card), True
    number, kind = found
    if kind == Contact.Kind.COLLECTED:
        keep(person=person, contacts=(number,))
    return number, kind == Contact.Kind.COLLECTED


def cleaned(card: Card) -> Card:
    """As it can be kept: clean text of a length that there is room for. Raises RefusedError."""
    problems: list[tuple[str, str]] = []
    seen: set[str] = set()
    addresses: list[CardAddress] = []
    for number, one in enumerate(card.addresses):
        address, key = one.address.strip(), address_key(one.address)
        if not is_address(address):
            problems.append((f"address-{number}", "address"))
        elif key in seen:
            problems.append((f"address-{number}", "twice"))
        seen.add(key)
        addresses.append(CardAddress(address, label(one.label)))
    if len(addresses) > limits.ADDRESSES:
        problems.append((f"address-{limits.ADDRESSES}", "many"))
    name = line(card.name, limits.NAME)
    kept = Card(
        # An address is no name.
        name="" if address_key(name) in seen else name,
        organisation=line(card.organisation, limits.ORGANISATION),
        notes=lines(card.notes, limits.NOTES),
        addresses=tuple(addresses),
        groups=tuple(dict.fromkeys(filter(None, (line(name, limits.GROUP_NAME) for name in card.groups)))),
    )
    if not kept.display:
        problems.append(("name", "empty"))
    if problems:
        raise RefusedError(*problems)
    return kept


def _row(person: AbstractBaseUser, contact: int | None) -> Contact:
    if contact is not None:
        row = contacts_of(person).filter(pk=contact).first()
        if row is None:
            raise NotThereError
        return row
    if contacts_of(person).count() >= limits.CONTACTS:
        raise FullError
    return Contact(person_id=person.pk)


def _set_addresses(person: AbstractBaseUser, contact: Contact, addresses: tuple[CardAddress, ...]) -> None:
    """Use counts stay; those of collected doubles are added."""
    old = {row.key: row for row in contact.addresses.all()}
    rows = []
    for position, one in enumerate(addresses):
        row = old.pop(address_key(one.address), None) or Address(contact=contact, person_id=person.pk)
        row.address, row.label, row.position = one.address, one.label, position
        row.file(contact.name)
        rows.append(row)
    Address.objects.filter(pk__in=[row.pk for row in old.values()]).delete()
    absorb(person, {row.key: row for row in rows})
    for row in rows:
        row.save()


def absorb(person: AbstractBaseUser, rows: dict[str, Address]) -> None:
    """Those collected under these keys become part of the addresses, which are to be saved afterwards."""
    keys = list(rows)
    for start in range(0, len(keys), BATCH):
        doubles = addresses_of(person).filter(
            key__in=keys[start : start + BATCH], contact__kind=Contact.Kind.COLLECTED
        )
        taken = []
        for double in doubles:
            row = rows[double.key]
            row.uses += double.uses
            row.rank = max(row.rank, double.rank)
            row.last_used = max(filter(None, (row.last_used, double.last_used)), default=None)
            taken.append(double.contact_id)
        Contact.objects.filter(pk__in=taken).delete()
