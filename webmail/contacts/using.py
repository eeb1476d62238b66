"""What sending and reading mail do with the address book: count and collect recipients, know a sender."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from webmail.mail.address import Mailbox

from . import limits
from .folding import address_key
from .models import Address, Contact
from .own import addresses_of, contacts_of, lock
from .text import is_address, line

# After so many seconds a use counts half.
HALF_LIFE = 30 * 24 * 3600


def rank_after(rank: float, moment: datetime) -> float:
    """The rank after one more use. It is the logarithm of all uses, each halved every 30 days, seen from a fixed
    moment: so it orders by use and recency at any time, and nothing has to be counted anew as time goes."""
    now = moment.timestamp() / HALF_LIFE
    return now + math.log2(1 + 2 ** (rank - now))


def is_known(*, person: AbstractBaseUser, address: str) -> bool:
    """Somebody in the address book, or somebody the person wrote to. One query."""
    if not address or len(address) > limits.ADDRESS:
        return False
    return addresses_of(person).filter(key=address_key(address)).exists()


@transaction.atomic
def collect(*, person: AbstractBaseUser, mailboxes: Iterable[Mailbox]) -> None:
    """Those whom a message went to: counted where they are known, else kept apart as collected. The person's own
    address, and what is no address, are passed over."""
    wanted = {
        address_key(mailbox.address): mailbox
        for mailbox in islice(mailboxes, limits.RECIPIENTS)
        if is_address(mailbox.address)
    }
    wanted.pop(address_key(person.get_username()), None)
    if not wanted:
        return
    lock(person)
    moment = datetime.now(UTC)
    used = list(addresses_of(person).filter(key__in=wanted))
    for address in used:
        address.uses += 1
        address.last_used, address.rank = moment, rank_after(address.rank, moment)
    Address.objects.bulk_update(used, ("uses", "last_used", "rank"), batch_size=200)
    for address in used:
        wanted.pop(address.key, None)
    if wanted:
        _add(person, list(wanted.values()), moment)


def _add(person: AbstractBaseUser, mailboxes: list[Mailbox], moment: datetime) -> None:
    contacts: list[Contact] = []
    for mailbox in mailboxes:
        name = line(mailbox.name, limits.NAME)
        contact = Contact(
            person_id=person.pk,
            kind=Contact.Kind.COLLECTED,
            name="" if address_key(name) == address_key(mailbox.address) else name,
        )
        contact.file(mailbox.address)
        contacts.append(contact)
    Contact.objects.bulk_create(contacts)
    addresses: list[Address] = []
    for contact, mailbox in zip(contacts, mailboxes, strict=True):
        address = Address(
            person_id=person.pk,
            contact=contact,
            address=mailbox.address,
            uses=1,
            last_used=moment,
            rank=rank_after(0.0, moment),
        )
        address.file(contact.name)
        addresses.append(address)
    Address.objects.bulk_create(addresses)
    _make_room(person)


def _make_room(person: AbstractBaseUser) -> None:
    """Of those collected only the most used are kept."""
    collected = contacts_of(person).filter(kind=Contact.Kind.COLLECTED)
    spare = collected.count() - limits.COLLECTED
    if spare > 0:
        least = collected.order_by("addresses__rank", "pk").values_list("pk", flat=True)[:spare]
        Contact.objects.filter(pk__in=list(least)).delete()
