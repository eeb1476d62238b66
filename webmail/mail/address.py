"""People in headers: RFC 5322 address lists, read generously, and what is shown of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from webmail.mail.address_tokens import Raw, split_addresses
from webmail.mail.charset import decode
from webmail.mail.header import clean, decode_header
from webmail.mail.idn import unicode_domain

MAX_ADDRESSES = 5_000

_ADDRESS_IN_NAME = re.compile(r"[^\s@<>\"'(),;:]{1,64}@[^\s@<>\"'(),;:]{1,255}\.[^\s@<>\"'(),;:.]{2,63}")
_BETWEEN_WORDS = re.compile(r"[\s._+-]+")
_QUOTES = "\"'“”„«»‘’ "


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One person. `name` is decoded and clean, "" where absent; `address` is as the mail has it ("a@xn--b.example")."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower() if "@" in self.address else ""

    @property
    def display_address(self) -> str:
        """The address with its domain in Unicode, unless that could be mistaken for another (mixed scripts)."""
        local, at, domain = self.address.rpartition("@")
        return f"{local}{at}{unicode_domain(domain)}" if at else self.address

    @property
    def display(self) -> str:
        """The name, or else the address."""
        return self.name or self.display_address

    @property
    def deceptive(self) -> bool:
        """The name shows an address that is not this one."""
        found = _ADDRESS_IN_NAME.search(unicodedata.normalize("NFKC", self.name[:500]))
        return found is not None and found[0].casefold() not in (
            self.address.casefold(),
            self.display_address.casefold(),
        )

    @property
    def initials(self) -> str:
        """One or two letters for a picture of somebody who has none."""
        words = _BETWEEN_WORDS.split(self.name or self.address.partition("@")[0])
        letters = [
            word[0] if word[0].isalnum() else next((char for char in word if char.isalnum()), "")
            for word in words
            if word and word[0] not in "(["
        ]
        letters = [letter for letter in letters if letter]
        if not letters:
            return "?"
        wide = unicodedata.east_asian_width(letters[0]) in "WF"
        return (letters[0] if wide or len(letters) == 1 else letters[0] + letters[-1]).upper()[:2]

    @property
    def hue(self) -> int:
        """0 to 359, always the same for an address."""
        digest = hashlib.blake2s(self.address.casefold().encode("utf_8", "replace"), digest_size=2).digest()
        return int.from_bytes(digest, "big") % 360


@dataclass(frozen=True, slots=True)
class Group:
    """RFC 5322, 3.4: "undisclosed-recipients:;" is one without members."""

    name: str
    members: tuple[Mailbox, ...] = ()


class EnvelopeAddress(Protocol):
    """An address of IMAP's ENVELOPE (RFC 9051, 7.5.2): a group starts without host, and ends without both."""

    @property
    def name(self) -> bytes | None: ...
    @property
    def mailbox(self) -> bytes | None: ...
    @property
    def host(self) -> bytes | None: ...


def parse_address_list(header: bytes | str | None) -> tuple[Mailbox | Group, ...]:
    """Everybody in a raw From, To, Cc or the like. Never raises, linear; at most 5,000 addresses."""
    if not header:
        return ()
    raw = header.encode("utf_8", "surrogateescape") if isinstance(header, str) else header
    found: list[Mailbox | Group] = []
    for item in split_addresses(raw, limit=MAX_ADDRESSES):
        if item.members is not None:
            found.append(Group(_name(item.name), tuple(filter(None, map(_mailbox, item.members)))))
        elif mailbox := _mailbox(item):
            found.append(mailbox)
    return tuple(found)


def from_envelope(addresses: Iterable[EnvelopeAddress]) -> tuple[Mailbox | Group, ...]:
    """The same from ENVELOPE's addresses; a broken one is left out, an unclosed group closed."""
    found: list[Mailbox | Group] = []
    group: str | None = None
    members: list[Mailbox] = []
    for address in addresses:
        if address.host is None and (address.mailbox is None or group is None):
            if group is not None:
                found.append(Group(group, tuple(members)))
                group, members = None, []
            if address.mailbox is not None:
                group = _name(address.mailbox)
            continue
        mailbox = mailbox_from(address.name, address.mailbox, address.host)
        if mailbox is not None:
            (found if group is None else members).append(mailbox)
    if group is not None:
        found.append(Group(group, tuple(members)))
    return tuple(found)


def mailbox_from(name: bytes | None, mailbox: bytes | None, host: bytes | None) -> Mailbox | None:
    """One person of ENVELOPE's three strings; None where nothing is left to show.

    Servers put a word of their own where something is missing ("MISSING_DOMAIN", ".SYNTAX-ERROR."); it goes.
    """
    if host is not None and host.upper() in _PLACEHOLDERS:
        host = None
    if mailbox is not None and mailbox.upper() in _PLACEHOLDERS:
        mailbox = None
    local = _address(mailbox or b"")
    domain = _address(host or b"")
    address = f"{local}@{domain}" if local and domain else local or domain
    shown = _name(name or b"")
    return Mailbox(shown, address) if shown or address else None


def flatten(addresses: Iterable[Mailbox | Group]) -> tuple[Mailbox, ...]:
    """Everybody, groups opened; a group without members stays as a name without address."""
    people: list[Mailbox] = []
    for item in addresses:
        if isinstance(item, Mailbox):
            people.append(item)
        else:
            people += item.members or (Mailbox(item.name, ""),)
    return tuple(people)


_PLACEHOLDERS = {
    b"MISSING_DOMAIN",
    b"MISSING_MAILBOX",
    b".SYNTAX-ERROR.",
    b"MISSING-HOST-NAME",
    b"UNKNOWN_HOST",
}


def _mailbox(raw: Raw) -> Mailbox | None:
    name, address = _name(raw.name), _address(raw.address)
    if not address and not name:
        return None
    if not address and "@" in name and " " not in name:
        name, address = "", name
    return Mailbox("" if name == address else name, address)


def _name(raw: bytes) -> str:
    name = decode_header(raw)
    while len(name) > 1 and name[0] in _QUOTES and name[-1] in _QUOTES:
        name = name[1:-1].strip()
    return name


def _address(raw: bytes) -> str:
    """Without controls and white space; an encoded word in an address may not be decoded (it would forge one)."""
    return clean(decode(raw[:1_000])).replace(" ", "")
