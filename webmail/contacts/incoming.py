"""Cards on their way into an address book: which are there already, what they add, and writing it in few queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser

from . import limits
from .errors import FullError
from .folding import address_key, fold
from .groups import groups_named
from .keeping import BATCH, absorb
from .models import Address, Contact
from .own import addresses_of, contacts_of
from .pages import Card, CardAddress

T = TypeVar("T")


@dataclass(slots=True)
class _Slot:
    """A contact that is there (it has a number) or is to be, and what comes to it."""

    contact: Contact
    keys: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    addresses: list[CardAddress] = field(default_factory=list)
    new_groups: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.addresses or self.new_groups or self.notes)

    def take(self, card: Card) -> None:
        for one in card.addresses:
            key = address_key(one.address)
            if key not in self.keys and len(self.keys) < limits.ADDRESSES:
                self.keys.add(key)
                self.addresses.append(one)
        for group in card.groups:
            if fold(group) not in self.groups:
                self.groups.add(fold(group))
                self.new_groups.append(group)
        if card.notes:
            self.notes.append(card.notes)

    def put_notes(self, there: str) -> None:
        """What is not said already goes below, as long as there is room."""
        new: list[str] = []
        for note in self.notes:
            together = "\n\n".join(filter(None, (there, note)))
            if note not in there and len(together) <= limits.NOTES:
                there = together
                new.append(note)
        self.contact.notes, self.notes = there, new


class Incoming:
    """Inside a transaction: `take` each card, then `write` once. Afterwards `added` and `completed` count contacts."""

    def __init__(self, person: AbstractBaseUser) -> None:
        self.person = person
        self.added = self.completed = 0
        self._slots: list[_Slot] = []
        self._by_name: dict[tuple[str, str], _Slot] = {}
        self._room = limits.CONTACTS - contacts_of(person).count()
        self._load()

    def take(self, card: Card) -> None:
        """Raises FullError."""
        name = fold(card.name or card.organisation)
        keys = [address_key(one.address) for one in card.addresses] or [""]
        slot = next((found for key in keys if (found := self._by_name.get((name, key)))), None)
        if slot is None:
            if self._room <= 0:
                raise FullError
            self._room -= 1
            slot = _Slot(Contact(person_id=self.person.pk, name=card.name, organisation=card.organisation))
            self._slots.append(slot)
        slot.take(card)
        self._know(slot)

    def write(self) -> bool:
        """False where there was no room for new groups."""
        self._write_notes()
        new = [slot for slot in self._slots if slot.contact.pk is None]
        old = [slot for slot in self._slots if slot.contact.pk is not None and slot.changed]
        self.added, self.completed = len(new), len(old)
        for slot in new:
            slot.contact.file(*(one.address for one in slot.addresses))
        Contact.objects.bulk_create((slot.contact for slot in new), batch_size=BATCH)
        self._write_addresses([*new, *old])
        self._refile(old)
        return self._write_groups([*new, *old])

    def _load(self) -> None:
        saved = contacts_of(self.person).filter(kind=Contact.Kind.SAVED)
        slots = {row.pk: _Slot(row) for row in saved.only("person", "name", "organisation").iterator(BATCH)}
        of_saved = addresses_of(self.person).filter(contact__kind=Contact.Kind.SAVED).order_by()
        for number, key in of_saved.values_list("contact", "key"):
            slots[number].keys.add(key)
        for number, folded in saved.filter(groups__isnull=False).values_list("pk", "groups__folded"):
            slots[number].groups.add(folded)
        self._slots += slots.values()
        for slot in self._slots:
            self._know(slot)

    def _know(self, slot: _Slot) -> None:
        name = fold(slot.contact.name or slot.contact.organisation)
        for key in slot.keys or ("",):
            self._by_name.setdefault((name, key), slot)

    def _write_notes(self) -> None:
        noted = [slot for slot in self._slots if slot.notes]
        for some in _batches(noted):
            there = Contact.objects.filter(pk__in=[slot.contact.pk for slot in some if slot.contact.pk])
            notes = dict(there.values_list("pk", "notes"))
            for slot in some:
                slot.put_notes(notes.get(slot.contact.pk, ""))

    def _write_addresses(self, slots: Iterable[_Slot]) -> None:
        rows: list[Address] = []
        for slot in slots:
            before = len(slot.keys) - len(slot.addresses)
            for position, one in enumerate(slot.addresses, before):
                row = Address(
                    contact=slot.contact, person_id=self.person.pk, address=one.address, label=one.label
                )
                row.position = position
                row.file(slot.contact.name)
                rows.append(row)
        absorb(self.person, {row.key: row for row in rows})
        Address.objects.bulk_create(rows, batch_size=BATCH)

    def _refile(self, slots: list[_Slot]) -> None:
        """Contacts that were there are found by what came to them."""
        for some in _batches(slots):
            found = Contact.objects.filter(pk__in=[slot.contact.pk for slot in some]).prefetch_related(
                "addresses"
            )
            rows = {row.pk: row for row in found}
            for slot in some:
                row = rows[slot.contact.pk]
                if slot.notes:
                    row.notes = slot.contact.notes
                row.file(*(one.address for one in row.addresses.all()))
            Contact.objects.bulk_update(rows.values(), ("notes", "letter", "sort", "words"))

    def _write_groups(self, slots: list[_Slot]) -> bool:
        names = dict.fromkeys(name for slot in slots for name in slot.new_groups)
        try:
            groups = groups_named(self.person, names)
        except FullError:
            return False
        membership = Contact.groups.through
        membership.objects.bulk_create(
            (
                membership(contact_id=slot.contact.pk, group_id=groups[fold(name)[: limits.GROUP_NAME]].pk)
                for slot in slots
                for name in slot.new_groups
            ),
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        return True


def _batches(items: list[T]) -> Iterator[list[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
