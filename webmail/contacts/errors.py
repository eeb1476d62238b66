"""How something with the address book can end otherwise."""

from __future__ import annotations


class ContactsError(Exception):
    """Base of all."""


class NotThereError(ContactsError):
    """A contact or group that was deleted, or is somebody else's."""


class FullError(ContactsError):
    """There is no room for more: of contacts, groups, or within one contact."""


class RefusedError(ContactsError):
    """Something can't be kept as it was written. `problems` holds (field, code): the fields "name", "group" or
    "address-" and a number from 0, the codes "empty", "address", "twice", "many", "long" or "taken"."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(*problems)
        self.problems = problems
