"""An address book filled without the screens."""

from __future__ import annotations

from webmail.accounts.models import Person
from webmail.contacts.models import Address, Contact, Group


def contact(person: Person, name: str, *addresses: str, **fields: str) -> Contact:
    return fill(person, [(name, addresses)], **fields)[0]


def group(person: Person, name: str, *members: Contact) -> Group:
    made = Group(person=person, name=name)
    made.file()
    made.save()
    made.members.set(members)
    return made


def fill(person: Person, people: list[tuple[str, tuple[str, ...]]], **fields: str) -> list[Contact]:
    contacts = [Contact(person=person, name=name, **fields) for name, _ in people]
    for made, (_, addresses) in zip(contacts, people, strict=True):
        made.file(*addresses)
    Contact.objects.bulk_create(contacts)
    rows = [
        Address(person=person, contact=made, address=address, position=position)
        for made, (_, addresses) in zip(contacts, people, strict=True)
        for position, address in enumerate(addresses)
    ]
    for row in rows:
        row.file(row.contact.name)
    Address.objects.bulk_create(rows)
    return contacts
