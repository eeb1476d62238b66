"""What a reader would search in: transfer encodings, charsets and encoded words undone."""

from __future__ import annotations

import binascii
import quopri
import re
from email.header import decode_header, make_header

from .mime import Entity


def decoded(part: Entity) -> bytes:
    """The part's octets with its transfer encoding undone, or as they stand where it is broken."""
    encoding = (part.value(b"CONTENT-TRANSFER-ENCODING") or b"").strip().lower()
    if encoding == b"base64":
        try:
            return binascii.a2b_base64(part.content)
        except binascii.Error:
            return part.content
    return quopri.decodestring(part.content) if encoding == b"quoted-printable" else part.content


def text(part: Entity) -> str:
    charset = dict(part.params).get(b"charset", b"utf-8").decode("ascii", "replace")
    try:
        return decoded(part).decode(charset, "replace")
    except LookupError:
        return decoded(part).decode("utf-8", "replace")


def words(value: bytes) -> str:
    """A header field with its encoded words decoded where they can be."""
    stated = value.decode("utf-8", "replace")
    if "=?" not in stated:
        return stated
    try:
        return str(make_header(decode_header(re.sub(r"\?=\s+=\?", "?==?", stated))))
    except (LookupError, ValueError):
        return stated
