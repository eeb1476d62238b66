"""Whose remote pictures a person always wants to see."""

from __future__ import annotations

import time
from collections.abc import Iterable

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.accounts.models import TrustedSender
from webmail.imap.cache import PersonCache
from webmail.mail.address import Mailbox

from .asking import sender_check

KIND = "trusted"
# Another process may have changed the list: so long, in seconds, we may not know.
FRESH = 60.0
LONGEST = 320


def is_trusted(access: Access, notes: PersonCache, senders: Iterable[Mailbox], header: bytes) -> bool:
    """Listed, and really the sender as far as a host of the administrator's can tell."""
    return is_listed(access, notes, senders) and sender_check(access, header).state in ("", "verified")


def is_listed(access: Access, notes: PersonCache, senders: Iterable[Mailbox]) -> bool:
    """One query a minute, not one a message."""
    kept = notes.get(KIND, "")
    if kept is None or kept[0] < time.monotonic() - FRESH:
        rows = TrustedSender.objects.filter(person=access.person).values_list("address", flat=True)
        kept = (time.monotonic(), frozenset(rows))
        notes.put(KIND, "", kept, 100 * len(kept[1]))
    return any(sender.address.casefold() in kept[1] for sender in senders if sender.address)


def trust_sender(*, access: Access, address: str) -> None:
    """Remote pictures in mail from this address are shown from now on."""
    TrustedSender.objects.get_or_create(person=access.person, address=address.casefold()[:LONGEST])
    forget_trusted(access=access)


def distrust_sender(*, access: Access, address: str) -> None:
    TrustedSender.objects.filter(person=access.person, address=address.casefold()[:LONGEST]).delete()
    forget_trusted(access=access)


def forget_trusted(*, access: Access) -> None:
    """The list was changed by other means: it is looked up anew."""
    pool().notes(access.holder).drop(KIND)
