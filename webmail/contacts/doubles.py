"""Contacts that are likely to be the same person, and making one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from . import limits
from .book import entries
from .errors import FullError, NotThereError
from .folding import fold, tokens_of
from .groups import groups_named
from .keeping import delete, restore
from .models import Address, Contact
from .own import addresses_of, contacts_of, lock
from .pages import Entry

# More doubles than these are shown once the first are merged.
MOST_SETS = 20
MOST_OF_A_SET = 10


def find_doubles(*, person: AbstractBaseUser) -> tuple[tuple[Entry, ...], ...]:
    """Sets of contacts with an address in common or the same words in their names. Four queries at most."""
    sets = list(_sets(person))[:MOST_SETS]
    wanted = contacts_of(person).filter(pk__in=[number for one in sets for number in one])
    by_number = {entry.id: entry for entry in entries(wanted)}
    return tuple(tuple(by_number[number] for number in one if number in by_number) for one in sets)


@transaction.atomic
def merge(*, person: AbstractBaseUser, contacts: Collection[int]) -> tuple[int, tuple[int, ...]]:
    """(the one contact that has every address, note and group, those it was made of): the first keeps its name, other
    names go into the notes. Raises NotThereError for fewer than two, FullError where one contact has no room."""
    lock(person)
    order = {number: place for place, number in enumerate(contacts)}
    found = contacts_of(person).filter(pk__in=contacts, kind=Contact.Kind.SAVED)
    parts = sorted(found.prefetch_related("addresses", "groups"), key=lambda part: order[part.pk])
    if len(parts) < 2:
        raise NotThereError
    addresses = list(_together(parts))
    notes = _notes(parts)
    if len(addresses) > limits.ADDRESSES or len(notes) > limits.NOTES:
        raise FullError
    one = Contact(
        person_id=person.pk,
        name=next((part.name for part in parts if part.name), ""),
        organisation=next((part.organisation for part in parts if part.organisation), ""),
        notes=notes,
    )
    one.file(*(address.address for address in addresses))
    one.save()
    for position, address in enumerate(addresses):
        address.contact, address.position = one, position
        address.file(one.name)
    Address.objects.bulk_create(addresses)
    names = {group.name for part in parts for group in part.groups.all()}
    one.groups.set(groups_named(person, names).values())
    return one.pk, delete(person=person, contacts=[part.pk for part in parts])


@transaction.atomic
def unmerge(*, person: AbstractBaseUser, contact: int, parts: Collection[int]) -> None:
    """The parts as they were; what was made of them goes."""
    lock(person)
    if restore(person=person, contacts=parts):
        delete(person=person, contacts=(contact,))


def _sets(person: AbstractBaseUser) -> Iterator[list[int]]:
    """By union of all that share a key."""
    saved = contacts_of(person).filter(kind=Contact.Kind.SAVED)
    keys: defaultdict[object, list[int]] = defaultdict(list)
    for number, name in saved.order_by("sort", "pk").values_list("pk", "name"):
        if name:
            keys[frozenset(tokens_of(name)) or name].append(number)
    shared = addresses_of(person).filter(contact__kind=Contact.Kind.SAVED)
    for number, key in shared.order_by("contact__sort", "contact").values_list("contact", "key"):
        keys[key].append(number)
    parent: dict[int, int] = {}

    def root(number: int) -> int:
        while (above := parent.get(number, number)) != number:
            parent[number] = parent.get(above, above)
            number = above
        return number

    for numbers in keys.values():
        for number in numbers[1:]:
            parent[root(number)] = root(numbers[0])
    sets: defaultdict[int, list[int]] = defaultdict(list)
    for number in dict.fromkeys(
        number for numbers in keys.values() if len(numbers) > 1 for number in numbers
    ):
        sets[root(number)].append(number)
    return (numbers[:MOST_OF_A_SET] for numbers in sets.values() if len(numbers) > 1)


def _together(parts: Iterable[Contact]) -> Iterator[Address]:
    """Each address once, with the uses of all."""
    found: dict[str, Address] = {}
    for part in parts:
        for row in part.addresses.all():
            one = found.setdefault(
                row.key, Address(person_id=row.person_id, address=row.address, key=row.key)
            )
            one.label = one.label or row.label
            one.uses += row.uses
            one.rank = max(one.rank, row.rank)
            one.last_used = max(filter(None, (one.last_used, row.last_used)), default=None)
    return iter(found.values())


def _notes(parts: Iterable[Contact]) -> str:
    """Every note, and what else somebody was called."""
    said: dict[str, str] = {}
    kept: list[str] = []
    for part in parts:
        for field in ("name", "organisation"):
            text = getattr(part, field)
            if text and fold(text) != fold(said.setdefault(field, text)):
                kept.append(text)
        if part.notes:
            kept.append(part.notes)
    return "\n\n".join(dict.fromkeys(kept))
