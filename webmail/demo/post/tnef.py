"""winmail.dat: the TNEF of [MS-OXTNEF], as much of it as a title, a text and files need."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime

_MESSAGE, _ATTACHMENT = 1, 2
_VERSION, _CODEPAGE = 0x00089006, 0x00069007
_CLASS, _SUBJECT, _BODY = 0x00078008, 0x00018004, 0x0002800C
_RENDER, _TITLE, _DATA, _MODIFIED, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00038013, 0x00069005
_LONG_NAME, _MIME_TAG, _METHOD = 0x3707001E, 0x370E001E, 0x37050003


def tnef(subject: str, text: str, files: Mapping[str, tuple[str, bytes]], date: datetime) -> bytes:
    """`files` maps a name to its media type and content."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(_MESSAGE, _VERSION, struct.pack("<I", 0x00010000))
    out += _attribute(_MESSAGE, _CODEPAGE, struct.pack("<II", 1252, 0))
    out += _attribute(_MESSAGE, _CLASS, b"IPM.Microsoft Mail.Note\0")
    out += _attribute(_MESSAGE, _SUBJECT, _text(subject))
    out += _attribute(_MESSAGE, _BODY, _text(text.replace("\n", "\r\n")))
    when = struct.pack(
        "<7H", date.year, date.month, date.day, date.hour, date.minute, date.second, date.weekday()
    )
    for name, (type_, data) in files.items():
        out += _attribute(_ATTACHMENT, _RENDER, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0))
        out += _attribute(_ATTACHMENT, _MODIFIED, when)
        out += _attribute(_ATTACHMENT, _TITLE, _text(_short(name)))
        out += _attribute(_ATTACHMENT, _DATA, data)
        out += _attribute(_ATTACHMENT, _PROPERTIES, _properties(name, type_))
    return out


def _attribute(level: int, id_: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, id_, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def _text(value: str) -> bytes:
    return value.encode("cp1252", "replace") + b"\0"


def _short(name: str) -> str:
    """8.3, as the attribute of old asks; the long name stands among the properties."""
    stem, _, ending = name.rpartition(".")
    return f"{stem[:6].upper()}~1.{ending[:3].upper()}"


def _properties(name: str, type_: str) -> bytes:
    out = struct.pack("<I", 3) + struct.pack("<II", _METHOD, 1)
    for tag, value in ((_LONG_NAME, _text(name)), (_MIME_TAG, _text(type_))):
        padded = value + bytes(-len(value) % 4)
        out += struct.pack("<III", tag, 1, len(value)) + padded
    return out
