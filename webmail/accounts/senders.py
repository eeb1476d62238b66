"""Which addresses a person may write as: the rule of their mail domain.

"account" allows the account's own address alone, "domain" every address of its domain, "listed" what the list of
addresses says (SENDER_ADDRESSES in the settings), "any" everything (the submission server then decides alone). An
account's own address is always allowed. An entry of the list is an address, or "@domain" for all of one, for
everybody; with "account:" before it, for that account.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from webmail.domains.domain import POLICIES
from webmail.domains.registry import domain_of
from webmail.mail.compose.wire_address import ascii_domain, problem

if TYPE_CHECKING:
    from .models import Person

__all__ = [
    "POLICIES",
    "account_address",
    "allowed_senders",
    "canonical",
    "is_address",
    "listed",
    "may_send_as",
]


def account_address(person: Person) -> str:
    """What the sign-in name is as an address: with the mail domain where it has none, as it is where none is known."""
    name = domain_of(person).name
    return person.username if "@" in person.username or not name else f"{person.username}@{name}"


def may_send_as(*, person: Person, address: str) -> bool:
    allowed, wanted = allowed_senders(person=person), canonical(address)
    if wanted == canonical(account_address(person)):
        return True
    if not is_address(address):
        return False
    return allowed is None or wanted in allowed or "@" + wanted.rpartition("@")[2] in allowed


def allowed_senders(*, person: Person) -> tuple[str, ...] | None:
    """Addresses, and "@domain" for all of one, as `canonical` writes them; None for every address."""
    own, domain = canonical(account_address(person)), domain_of(person)
    match domain.sender_policy:
        case "any":
            return None
        case "domain" if "@" in own:
            return own, "@" + own.rpartition("@")[2]
        case "listed":
            for_whom = ("", own, canonical(person.username))
            entries = map(listed, domain.sender_addresses)
            return own, *(sender for account, sender in entries if account in for_whom and sender != own)
        case _:
            return (own,)


def listed(entry: str) -> tuple[str, str]:
    """Account ("" for everybody) and sender of an entry of the list."""
    account, _, sender = entry.strip().rpartition(":")
    return canonical(account), canonical(sender)


def is_address(text: str) -> bool:
    """One address that can be written into a message, without a name: local@domain."""
    return problem(text) in (None, "no-dot")


def canonical(address: str) -> str:
    """The same for every spelling of an address: in lower case, the domain in A-labels (RFC 5890)."""
    local, at, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    return local + at + (ascii_domain(domain) or domain) if at else domain
