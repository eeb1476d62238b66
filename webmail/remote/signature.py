"""Addresses signed for one person, so that the proxy fetches only what stood in that person's mail."""

from __future__ import annotations

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from webmail.remote.errors import SignatureError, UrlError
from webmail.remote.target import LONGEST_URL

_MAC_OCTETS: Final = 16
_MAC_LETTERS: Final = 22
_LONGEST_TOKEN: Final = _MAC_LETTERS + -(-LONGEST_URL * 4 // 3)


def sign(url: str, *, key: bytes, person: str) -> str:
    """A token of URL-safe letters that holds the address, and is the same for the same input.

    `person` is whatever names the sign-in. UrlError for an address of more than LONGEST_URL octets.
    """
    octets = _octets(url)
    if len(octets) > LONGEST_URL:
        raise UrlError("The address is too long.")
    return _letters(_mac(octets, key, person)) + _letters(octets)


def unsign(token: str, *, key: bytes, person: str) -> str:
    """The address; SignatureError for a token that `sign` did not make with this key for this person."""
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise SignatureError("The token is damaged.")
    mac, octets = _unletters(token[:_MAC_LETTERS]), _unletters(token[_MAC_LETTERS:])
    if not hmac.compare_digest(mac, _mac(octets, key, person)):
        raise SignatureError("The token is not ours.")
    return octets.decode()


def _mac(url: bytes, key: bytes, person: str) -> bytes:
    if len(key) < _MAC_OCTETS:
        raise ValueError("The key is too short.")
    owner = _octets(person)
    message = b"ekorn remote 1\0%d\0%b%b" % (len(owner), owner, url)
    return hmac.digest(key, message, "sha256")[:_MAC_OCTETS]


def _octets(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise UrlError("The text holds half a surrogate pair.") from None


def _letters(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")


def _unletters(letters: str) -> bytes:
    """Refuses a second spelling of the same octets."""
    try:
        octets = urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        raise SignatureError("The token is damaged.") from None
    if _letters(octets) != letters:
        raise SignatureError("The token is damaged.")
    return octets
