"""Addresses as they go on the wire: RFC 5321, 4.1.2 with RFC 6531, and what is wrong with one that can't."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Code = Literal["no-at", "no-name", "no-domain", "bad-characters", "too-long", "no-dot", "too-many"]

MAX_LOCAL = 64
MAX_ADDRESS = 254

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]"
_LOCAL = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_LENIENT = re.compile(rf"(?:{_ATEXT}|\.)+")
_QUOTED = re.compile(r'"(?>(?:[^"\\\x00-\x1f\x7f]++|\\[ -~])*)"')
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_LITERAL = re.compile(r"\[(?:[0-9.]{7,15}|IPv6:[0-9A-Fa-f:.]{2,45})\]")
# Not seen, or turning the direction of what follows: nobody means them in an address.
_FORBIDDEN = re.compile(
    "[\\s\x00-\x1f\x7f-\xa0\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)


def problem(address: str) -> Code | None:
    """What is wrong with `address` ("a@b.example"); "no-dot" is only a hint."""
    if len(address) > MAX_ADDRESS * 2:
        return "too-long"
    local, at, domain = address.rpartition("@")
    if not at:
        return "no-at"
    if not local:
        return "no-name"
    if not domain:
        return "no-domain"
    if _QUOTED.fullmatch(local):
        if _FORBIDDEN.search(local.replace(" ", "")):
            return "bad-characters"
    elif _FORBIDDEN.search(local) or not _LENIENT.fullmatch(local):
        return "bad-characters"
    wire = ascii_domain(domain)
    if wire is None:
        return "bad-characters"
    if len(local.encode()) > MAX_LOCAL or len(local.encode()) + 1 + len(wire) > MAX_ADDRESS:
        return "too-long"
    if "." not in wire and not wire.startswith("[") and wire.lower() != "localhost":
        return "no-dot"
    return None


def wire_address(address: str) -> str:
    """A sound address with its domain in A-labels, unless the name before "@" needs UTF-8 anyway (RFC 6531)."""
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        return unicodedata.normalize("NFC", address)
    return f"{_quoted(local)}@{ascii_domain(domain) or domain}"


def is_utf8(address: str) -> bool:
    """Only a server with SMTPUTF8 takes it."""
    return not address.rpartition("@")[0].isascii()


def _quoted(local: str) -> str:
    """Dots in the wrong places ("a..b@docomo.ne.jp") are fine in quotes."""
    return local if _LOCAL.fullmatch(local) or local.startswith('"') else f'"{local}"'


def ascii_domain(domain: str) -> str | None:
    """A domain in A-labels (RFC 5890), or an address literal; None where it is no domain. Bounded."""
    if _LITERAL.fullmatch(domain):
        return domain
    if len(domain) > 255:
        return None
    if not domain.isascii():
        domain = unicodedata.normalize("NFKC", domain).replace("\u3002", ".")
        if _FORBIDDEN.search(domain):
            return None
    labels = domain.removesuffix(".").split(".")
    try:
        wire = [label if label.isascii() else _punycode(label) for label in labels]
    except UnicodeError:
        return None
    if any(len(label) > 63 or not _LABEL.fullmatch(label) for label in wire) or len(".".join(wire)) > 253:
        return None
    return ".".join(wire)


def _punycode(label: str) -> str:
    label = label.lower()
    if any(unicodedata.category(char)[0] not in "LMN" and char != "-" for char in label):
        raise UnicodeError(label)
    return "xn--" + label.encode("punycode").decode("ascii")
