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
    account, wanted = canonical(account_address(person)), canonical(address)
    if wanted == account:
        return True
    if not is_address(address):
        return False
    domain = "@" + wanted.rpartition("@")[2]
    match settings.SENDER_POLICY:
        case "any":
            return True
        case "domain":
            return "@" in account and account.endswith(domain)
        case "listed":
            return any(
                entry in (wanted, domain) and whose in ("", account, canonical(person.username))
                for whose, entry in map(_entry, settings.SENDER_ADDRESSES)
            )
        case _:
            return False


def is_address(text: str) -> bool:
    """One address that can be written into a message as it stands, without a name: local@domain."""
    local, at, domain = text.rpartition("@")
    if not at or len(text) > LONGEST or len(local) > LONGEST_LOCAL or not text.isprintable():
        return False
    if local.startswith(".") or ".." in local or not _LOCAL.fullmatch(local):
        return False
    return all(_LABEL.fullmatch(label) for label in domain.split("."))


def canonical(address: str) -> str:
    """The same for every spelling of an address: in lower case, the domain in its ASCII form (RFC 5891).

    Nothing is mapped on the way ("ß" is not "ss"), so that no two addresses become one.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    return local + at + ".".join(map(_ascii_label, domain.split("."))) if at else domain


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _entry(text: str) -> tuple[str, str]:
    whose, _, entry = text.strip().rpartition(":")
    return canonical(whose), canonical(entry)
