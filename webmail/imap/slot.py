"""What the pool's ledger keeps: slots, the people they belong to, and who waits for one."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field

from webmail.imap.connection import Connection
from webmail.imap.holder import Holder


@dataclass(eq=False, slots=True)
class Slot:
    """The right to one connection, and the connection once it is open.

    `made` is the moment of the youngest holder that had it. `evicted` is another's connection whose place
    this is: whoever opens closes that first. A `lasting` one is counted apart.
    """

    person: Person
    identity: tuple[str, bytes]
    made: int
    connection: Connection | None = None
    evicted: Connection | None = None
    lasting: bool = False
    idle_since: float = 0.0


@dataclass(eq=False, slots=True)
class Waiter:
    person: Person
    holder: Holder
    mailbox: str | None
    lasting: bool
    ready: threading.Event = field(default_factory=threading.Event)
    slot: Slot | None = None


@dataclass(eq=False, slots=True)
class Person:
    """`most` is how many connections this account may have, 0 for as many as everybody. `drained` is the moment of
    the last sign-out: what is older is not kept. `allowed` is what the server was last seen to permit, believed
    until `allowed_until`."""

    key: str
    most: int = 0
    slots: set[Slot] = field(default_factory=set)
    idle: OrderedDict[Slot, None] = field(default_factory=OrderedDict)
    waiters: deque[Waiter] = field(default_factory=deque)
    drained: int = 0
    drained_at: float = float("-inf")
    allowed: int = 0
    allowed_until: float = float("-inf")
    freed_at: float = float("-inf")


def nearest(free: list[Slot], mailbox: str | None) -> Slot:
    """The one that has the mailbox selected, else one with nothing selected, else the longest unused: it is
    the least likely to be missed for what it has selected. Without a mailbox the last used, which is warm."""
    if mailbox is None:
        return free[-1]
    for slot in reversed(free):
        selected = slot.connection.selected if slot.connection else None
        if selected is not None and selected.holds(mailbox):
            return slot
    return next((slot for slot in free if slot.connection and slot.connection.selected is None), free[0])
