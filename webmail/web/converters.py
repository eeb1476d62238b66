"""Folder names in addresses: readable where they can be, and the same name again after any trip through a proxy."""

from __future__ import annotations

import re
import unicodedata

# Percent-encoding alone is undone on the way by servers and proxies, which then merge `//`, resolve `..` or cut at
# `?`. So what could be touched is written as `~` and the UTF-8 octet in hex, one layer further in.
_UNSAFE = frozenset("~%?#\\;")
_ESCAPED = re.compile(r"((?:~[0-9a-f]{2})+)")
_UNSAFE_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def encode_folder(name: str) -> str:
    """`Kundar/Vik kommune` as it is; empty and dot segments and everything invisible escaped."""
    if name.isalnum():
        return name
    segments = name.split("/")
    encoded = ""
    for number, segment in enumerate(segments):
        if number:
            encoded += "/" if segment and segments[number - 1] else "~2f"
        encoded += _escape_all(segment) if segment in (".", "..") else "".join(map(_escape, segment))
    return encoded


def decode_folder(text: str) -> str:
    """The inverse. Raises ValueError for anything that `encode_folder` would have written differently."""
    if text.isalnum():
        return text
    pieces = _ESCAPED.split(text)
    name = "".join(_unescape(piece) if odd % 2 else piece for odd, piece in enumerate(pieces))
    if not name or encode_folder(name) != text:
        raise ValueError("not a folder's address")
    return name


def _escape(character: str) -> str:
    unsafe = character in _UNSAFE or unicodedata.category(character) in _UNSAFE_CATEGORIES
    return _escape_all(character) if unsafe else character


def _escape_all(text: str) -> str:
    return "".join(f"~{octet:02x}" for octet in text.encode("utf_8", "surrogatepass"))


def _unescape(piece: str) -> str:
    return bytes.fromhex(piece.replace("~", "")).decode("utf_8", "surrogatepass")


class FolderConverter:
    regex = ".+"

    def to_python(self, value: str) -> str:
        return decode_folder(value)

    def to_url(self, value: str) -> str:
        return encode_folder(value)


class SectionConverter:
    """A part's number (RFC 9051, 6.4.5): `1`, `2.1.3`."""

    regex = r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,100}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class NumberConverter:
    """A UID or UIDVALIDITY: 32 bits and no more, so that nothing longer travels to the mail server."""

    regex = "[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > 0xFFFFFFFF:
            raise ValueError("more than 32 bits")
        return number

    def to_url(self, value: int) -> str:
        return str(value)
