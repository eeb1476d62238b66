"""Which addresses a person may write as: the administrator's rule (SENDER_POLICY).

"account" allows the account's own address alone, "domain" every address of its domain, "listed" what
SENDER_ADDRESSES says, "any" everything (the submission server then decides alone). An account's own address is
always allowed. An entry of SENDER_ADDRESSES is an address, or "@domain" for all of one, for everybody; with
"account:" before it, for that account.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from .models import Person

POLICIES = ("any", "domain", "listed", "account")
LONGEST_LOCAL, LONGEST = 64, 254

_LOCAL = re.compile(r"[^\s@<>\"(),:;\\\[\]]+(?<!\.)")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


def account_address(person: Person) -> str:
    """What the sign-in name is as an address: with MAIL_DOMAIN where it has none, as it is where that is not set."""
    if "@" in person.username or not settings.MAIL_DOMAIN:
        return person.username
    return f"{person.username}@{settings.MAIL_DOMAIN}"


def may_send_as(*, person: Person, address: str) -> bool:
    allowed, wanted = allowed_senders(person=person), canonical(address)
    if wanted == canonical(account_address(person)):
        return True
    if not is_address(address):
        return False
    return allowed is None or wanted in allowed or "@" + wanted.rpartition("@")[2] in allowed


def allowed_senders(*, person: Person) -> tuple[str, ...] | None:
    """Addresses, and "@domain" for all of one, as `canonical` writes them; None for every address."""
    own = canonical(account_address(person))
    match settings.SENDER_POLICY:
        case "any":
            return None
        case "domain" if "@" in own:
            return own, "@" + own.rpartition("@")[2]
        case "listed":
            for_whom = ("", own, canonical(person.username))
            entries = map(listed, settings.SENDER_ADDRESSES)
            return own, *(sender for account, sender in entries if account in for_whom and sender != own)
        case _:
            return (own,)


def listed(entry: str) -> tuple[str, str]:
    """Account ("" for everybody) and sender of an entry of SENDER_ADDRESSES."""
    account, _, sender = entry.strip().rpartition(":")
    return canonical(account), canonical(sender)


def is_address(text: str) -> bool:
    """One address that can be written into a message as it stands, without a name: local@domain."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > LONGEST or len(local) > LONGEST_LOCAL or not text.isprintable():
        return False
    if local.startswith(".") or ".." in local or not _LOCAL.fullmatch(local):
        return False
    return is_domain(domain)


def is_domain(text: str) -> bool:
    return len(text) <= LONGEST and all(_LABEL.fullmatch(label) for label in text.split("."))


def canonical(address: str) -> str:
    """The same for every spelling of an address: in lower case, the domain in its ASCII form (RFC 5891).

    Nothing is mapped on the way ("ß" is not "ss"), so that no two addresses become one.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    return local + at + ".".join(map(_ascii_label, domain.split("."))) if at else domain


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"
