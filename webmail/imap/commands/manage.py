"""Changing the tree of mailboxes: CREATE, RENAME, DELETE, SUBSCRIBE, UNSUBSCRIBE (RFC 9051, 6.3)."""

from __future__ import annotations

from webmail.imap.commands.command import Simple
from webmail.imap.encode import Mailbox, atom, flag_list


class Create(Simple):
    """`special_use` ("\\Sent") where the server offers CREATE-SPECIAL-USE (RFC 6154)."""

    words = ("CREATE",)
    anywhere = True
    repeatable = False

    def __init__(self, name: str | bytes, *, special_use: str | None = None) -> None:
        use = ((atom("USE"), flag_list((special_use,))),) if special_use else ()
        super().__init__(Mailbox(name), *use)


class Rename(Simple):
    words = ("RENAME",)
    anywhere = True
    repeatable = False

    def __init__(self, old: str | bytes, new: str | bytes) -> None:
        super().__init__(Mailbox(old), Mailbox(new))


class Delete(Simple):
    words = ("DELETE",)
    anywhere = True
    repeatable = False

    def __init__(self, name: str | bytes) -> None:
        super().__init__(Mailbox(name))


class Subscribe(Simple):
    words = ("SUBSCRIBE",)
    anywhere = True

    def __init__(self, name: str | bytes) -> None:
        super().__init__(Mailbox(name))


class Unsubscribe(Simple):
    words = ("UNSUBSCRIBE",)
    anywhere = True

    def __init__(self, name: str | bytes) -> None:
        super().__init__(Mailbox(name))
