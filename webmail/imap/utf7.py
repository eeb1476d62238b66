"""Modified UTF-7, the spelling of mailbox names (RFC 3501, 5.1.3)."""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import Error, a2b_base64

from webmail.imap.errors import EncodeError

_DIRECT = re.compile(r"[ -~]+|[^ -~]+")
_SHIFT = re.compile(rb"&([A-Za-z0-9+,]*+)-|&")


def encode(name: str) -> bytes:
    """Raises EncodeError for a lone surrogate, which no spelling has."""
    out = []
    for run in _DIRECT.findall(name):
        if " " <= run[0] <= "~":
            out.append(run.replace("&", "&-").encode("ascii"))
            continue
        try:
            utf16 = run.encode("utf-16-be")
        except UnicodeEncodeError:
            raise EncodeError("a mailbox name holds a lone surrogate") from None
        out.append(b"&" + b64encode(utf16).rstrip(b"=").replace(b"/", b",") + b"-")
    return b"".join(out)


def decode(wire: bytes) -> str:
    """The name, or `wire` as it stands (UTF-8, else Latin-1) where it is not the one right spelling of a name.

    So two mailboxes never get the same name, and `encode(decode(wire)) == wire` for every proper `wire`.
    """
    if b"&" not in wire:
        return _plain(wire)
    try:
        name = _SHIFT.sub(_unshift, wire).decode("utf-8")
        return name if encode(name) == wire else _plain(wire)
    except (ValueError, Error):
        return _plain(wire)


def _unshift(match: re.Match[bytes]) -> bytes:
    encoded = match[1]
    if encoded is None:
        raise ValueError("an & that begins nothing")
    if not encoded:
        return b"&"
    padded = encoded.replace(b",", b"/") + b"=" * (-len(encoded) % 4)
    return a2b_base64(padded, strict_mode=True).decode("utf-16-be").encode("utf-8")


def _plain(wire: bytes) -> str:
    try:
        return wire.decode("utf-8")
    except UnicodeDecodeError:
        return wire.decode("latin-1")
