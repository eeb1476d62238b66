"""Credentials at rest: AES-GCM under a key of two halves.

One half is in the browser's cookie, the other is a secret of the server, named by a key id so that it can be
rotated. What is stored (the session row) opens with neither half alone, and is bound to its owner by the
associated data. Source: NIST SP 800-38D; RFC 5869 for the derivation.
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

HALF_BYTES = 32
NONCE_BYTES = 12
_NO_HALF = base64.urlsafe_b64encode(bytes(HALF_BYTES)).decode()


class UnsealError(Exception):
    """Another key, another owner, or damaged."""


class Resealed(NamedTuple):
    """`lost` can be opened with no key that we have."""

    changed: int
    lost: int


def new_half() -> str:
    """The browser's half, for its cookie."""
    return base64.urlsafe_b64encode(os.urandom(HALF_BYTES)).decode().rstrip("=")


def seal(secret: str, *, half: str, owner: str) -> str:
    key_id, server_half = server_halves()[0]
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key(server_half, _unpad(half))).encrypt(nonce, secret.encode(), _bound(key_id, owner))
    return f"{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, half: str, owner: str) -> str:
    """Raises UnsealError."""
    key_id, _, text = sealed.partition(".")
    server_half = dict(server_halves()).get(key_id)
    if server_half is None:
        raise UnsealError
    try:
        data = base64.b64decode(text, validate=True)
        key = _key(server_half, _unpad(half))
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(key_id, owner)).decode()
    except (InvalidTag, ValueError) as error:
        raise UnsealError from error


def seal_for_job(secret: str, *, owner: str) -> str:
    """For what the server needs when no browser is there to give its half: a message on its way out, the secret of
    somebody's codes. `owner` names what it is for, and whoever keeps this lets it end with that."""
    return seal(secret, half=_NO_HALF, owner=f"job\0{owner}")


def unseal_for_job(sealed: str, *, owner: str) -> str:
    """Raises UnsealError."""
    return unseal(sealed, half=_NO_HALF, owner=f"job\0{owner}")


def is_current(sealed: str) -> bool:
    """It was sealed with the newest key."""
    return key_id_of(sealed) == server_halves()[0][0]


def key_id_of(sealed: str) -> str:
    """Which key it was sealed with."""
    return sealed.partition(".")[0]


def _bound(key_id: str, owner: str) -> bytes:
    return f"ekorn credentials 1\0{key_id}\0{owner}".encode()


def _key(server_half: bytes, browser_half: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=server_half, info=b"ekorn credentials 1").derive(browser_half)


def _unpad(half: str) -> bytes:
    try:
        data = base64.urlsafe_b64decode(half + "=" * (-len(half) % 4))
    except (binascii.Error, ValueError) as error:
        raise UnsealError from error
    if len(data) != HALF_BYTES:
        raise UnsealError
    return data


def server_halves() -> tuple[tuple[str, bytes], ...]:
    """(key id, secret), the newest first: what is sealed from now on uses that."""
    return _parse(tuple(settings.CREDENTIAL_KEYS), settings.SECRET_KEY)


@cache
def _parse(keys: tuple[str, ...], secret_key: str) -> tuple[tuple[str, bytes], ...]:
    if keys:
        pairs = (key.partition(":") for key in keys)
        return tuple((key_id, base64.b64decode(half)) for key_id, _, half in pairs)
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"ekorn server half").derive(secret_key.encode())
    return (("derived", derived),)
