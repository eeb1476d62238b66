"""How something with the address book can end otherwise."""


class ContactsError(Exception):
    """Base of all."""


class NoSuchContactError(ContactsError):
    """Deleted, or somebody else's."""


class NoSuchGroupError(ContactsError):
    """Deleted, or somebody else's."""


class FullError(ContactsError):
    """There is no room for more."""


class GroupNameTakenError(ContactsError):
    """The person has another group of this name."""
