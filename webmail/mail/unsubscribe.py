"""How to leave a mailing list: List-Unsubscribe (RFC 2369), and with one click where that is safe (RFC 8058)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from webmail.mail.authentication import from_domain, is_aligned, verdict
from webmail.mail.header_block import Headers, parse_headers
from webmail.mail.mailto import Mailto, parse_mailto

MAX_VALUE = 16_384
MAX_URL = 2_000
MAX_SIGNATURES = 20

_SIGNED = frozenset({"list-unsubscribe", "list-unsubscribe-post"})
_BRACKETED = re.compile(r"<([^<>]*+)>")
_SPACE = re.compile(r"\s+")
_PLAIN_URL = re.compile(r"[!#-;=?-\[\]_a-z~]+\Z")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,20}[a-z][a-z0-9-]{0,61}\Z")


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Each "" or None where it isn't offered. `one_click_url` takes a POST; `link_url` is for the person to open.

    `mailto` has the list's address, subject and text, for a letter.
    """

    one_click_url: str = ""
    link_url: str = ""
    mailto: Mailto | None = None

    def __bool__(self) -> bool:
        return bool(self.one_click_url or self.link_url or self.mailto)


def unsubscribe_of(raw: bytes, trusted_hosts: Collection[str] = ()) -> Unsubscribe:
    """Reads a raw header block. Never raises; linear.

    One click is offered for https alone, where the domain of From has signed both fields, as a trusted host found
    (see `authentication`), and neither field is there twice.
    """
    headers = parse_headers(raw)
    values = _values(headers, "list-unsubscribe")
    addresses = _addresses(values[0]) if values else ()
    mails = (parse_mailto(address) for address in addresses if address[:7].lower() == "mailto:")
    mail = next((found for found in mails if found.to and "@" in found.to[0].address), None)
    link = next((address for address in addresses if _is_web(address)), "")
    secure = next((address for address in addresses if _is_web(address) and _is_secure(address)), "")
    one_click = secure if len(values) == 1 and _one_click(raw, headers, trusted_hosts) else ""
    return Unsubscribe(
        one_click_url=one_click,
        link_url=secure or link,
        mailto=Mailto(to=mail.to[:1], subject=mail.subject, body=mail.body) if mail else None,
    )


def _values(headers: Headers, name: str) -> list[str]:
    return [value[:MAX_VALUE].decode("utf_8", "replace") for key, value in headers if key.lower() == name]


def _addresses(value: str) -> tuple[str, ...]:
    """What is in "<>", folding undone; a value that is an address alone has often lost its brackets."""
    found = _BRACKETED.findall(value) or ([value] if "," not in value and "<" not in value else [])
    return tuple(_SPACE.sub("", address) for address in found)


def _is_web(url: str) -> bool:
    """http or https with a plain host's name: no user, no octets that two programs could read differently."""
    if len(url) > MAX_URL or not _PLAIN_URL.match(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and port != 0
        and bool(_HOST.match((parts.hostname or "").rstrip(".")))
    )


def _is_secure(url: str) -> bool:
    return url[:6].lower() == "https:"


def _one_click(raw: bytes, headers: Headers, trusted_hosts: Collection[str]) -> bool:
    posts = _values(headers, "list-unsubscribe-post")
    if len(posts) != 1 or _SPACE.sub("", posts[0]).lower() != "list-unsubscribe=one-click":
        return False
    author = from_domain(raw)
    found = verdict(raw, trusted_hosts)
    aligned = {one for one in found.signatures if author and is_aligned(one[0], author)}
    return any(_covers(headers, domain, selector) for domain, selector in aligned)


def _covers(headers: Headers, domain: str, selector: str) -> bool:
    """Every signature that may be the one that passed has signed both fields."""
    signatures = [value for key, value in headers if key.lower() == "dkim-signature"]
    if len(signatures) > MAX_SIGNATURES:
        return False
    covered: list[bool] = []
    for value in signatures:
        told = _tags(value)
        if told.get("d", "").rstrip(".") == domain and selector in ("", told.get("s", "")):
            covered.append(_SIGNED.issubset(told.get("h", "").split(":")))
    return bool(covered) and all(covered)


def _tags(value: bytes) -> dict[str, str]:
    """The tags of a DKIM-Signature (RFC 6376, 3.2) in lower case; the first of a name counts."""
    text = _SPACE.sub("", value[:MAX_VALUE].decode("latin_1")).lower()
    pairs = (tag.partition("=") for tag in text.split(";"))
    return {name: content for name, _, content in reversed(list(pairs))}
