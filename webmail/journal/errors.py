"""How looking for a deed can end otherwise."""


class NoDeedError(Exception):
    """None with this number in this sign-in."""
