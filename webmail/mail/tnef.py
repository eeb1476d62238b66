"""winmail.dat unpacked: what Outlook puts in application/ms-tnef (MS-OXTNEF), read generously and within limits."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from webmail.mail.charset import decode
from webmail.mail.header import clean
from webmail.mail.mapi import Property, read_properties
from webmail.mail.rtf import decompress

SIGNATURE = 0x223E9F78
MAX_ATTACHMENTS = 1_000
MAX_ATTRIBUTES = 50_000
MAX_DEPTH = 4

_RENDER_DATA, _TITLE, _DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_MESSAGE_PROPERTIES, _CODE_PAGE, _BODY, _SUBJECT = 0x00069003, 0x00069007, 0x0002800C, 0x00018004
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _BINARY = 0x3707, 0x3704, 0x3001, 0x3701
_MIME_TAG, _CONTENT_ID, _METHOD = 0x370E, 0x3712, 0x3705
_TEXT, _HTML, _RTF, _INTERNET_CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_EMBEDDED_MESSAGE = 5


@dataclass(frozen=True, slots=True)
class TnefFile:
    """`name` is decoded but not yet made safe, `type` the sender's word or ""."""

    name: str
    data: bytes
    type: str = ""
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Tnef:
    """`text` and `html` are the message's own bodies, "" where absent; `rtf` is uncompressed RTF."""

    attachments: tuple[TnefFile, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    rtf: bytes = b""


@dataclass(slots=True)
class _File:
    name: str = ""
    data: bytes = b""
    type: str = ""
    content_id: str = ""
    is_message: bool = False


@dataclass(slots=True)
class _Reading:
    code_page: str = "cp1252"
    files: list[_File] = field(default_factory=list)
    subject: str = ""
    text: str = ""
    html: str = ""
    rtf: bytes = b""


def unpack(data: bytes) -> Tnef:
    """What can be read of it; an empty Tnef where it is none. Never raises; linear in the length."""
    return _unpack(data, 0)


def _unpack(data: bytes, depth: int) -> Tnef:
    reading = _Reading()
    for number, value in _attributes(data):
        if number == _CODE_PAGE and len(value) >= 4:
            reading.code_page = f"cp{int.from_bytes(value[:4], 'little')}"
        elif number == _SUBJECT:
            reading.subject = _string(value, reading.code_page)
        elif number == _BODY:
            reading.text = decode(value.rstrip(b"\x00"), reading.code_page)
        elif number == _MESSAGE_PROPERTIES:
            _read_message(reading, value)
        elif number == _RENDER_DATA:
            if len(reading.files) >= MAX_ATTACHMENTS:
                break
            reading.files.append(_File())
        elif reading.files and number == _TITLE:
            reading.files[-1].name = reading.files[-1].name or _string(value, reading.code_page)
        elif reading.files and number == _DATA:
            reading.files[-1].data = value
        elif reading.files and number == _ATTACHMENT:
            _read_file(reading.files[-1], value, reading.code_page)
    files = tuple(file for each in reading.files for file in _opened(each, depth))
    return Tnef(files[:MAX_ATTACHMENTS], reading.subject, reading.text, reading.html, reading.rtf)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(identifier, value) of each attribute; the last may be cut. Checksums are not looked at: few writers care."""
    if len(data) < 6 or int.from_bytes(data[:4], "little") != SIGNATURE:
        return
    position = 6
    for _ in range(MAX_ATTRIBUTES):
        if position + 9 > len(data):
            return
        level, number, length = struct.unpack_from("<BII", data, position)
        if level not in (1, 2):
            return
        position += 9
        yield number, data[position : position + length]
        position += length + 2


def _read_message(reading: _Reading, value: bytes) -> None:
    found = {prop.number: prop for prop in read_properties(value)}
    page = found.get(_INTERNET_CODE_PAGE)
    charset = f"cp{int.from_bytes(page.value[:4], 'little')}" if page else reading.code_page
    if text := found.get(_TEXT):
        reading.text = _text(text, reading.code_page)
    if html := found.get(_HTML):
        reading.html = _text(html, charset)
    if rtf := found.get(_RTF):
        reading.rtf = decompress(rtf.value)


def _read_file(file: _File, value: bytes, code_page: str) -> None:
    for prop in read_properties(value):
        if (prop.number == _LONG_NAME and prop.value) or (
            prop.number in (_SHORT_NAME, _DISPLAY_NAME) and not file.name
        ):
            file.name = clean(_text(prop, code_page))
        elif prop.number == _MIME_TAG:
            file.type = clean(_text(prop, code_page)).lower()
        elif prop.number == _CONTENT_ID:
            file.content_id = clean(_text(prop, code_page)).strip("<>")
        elif prop.number == _METHOD:
            file.is_message = prop.value[:1] == bytes((_EMBEDDED_MESSAGE,))
        elif prop.number == _BINARY and not file.data:
            file.data = prop.value[16:] if prop.is_object else prop.value


def _opened(file: _File, depth: int) -> Iterator[TnefFile]:
    """The file; of a message inside, its files, and its text as one of them."""
    if file.is_message or (file.data[:4] == SIGNATURE.to_bytes(4, "little") and not file.name):
        if depth >= MAX_DEPTH:
            return
        inside = _unpack(file.data, depth + 1)
        body = inside.text or inside.html
        if body:
            kind, extension = ("text/plain", ".txt") if inside.text else ("text/html", ".html")
            yield TnefFile(f"{inside.subject or file.name or 'message'}{extension}", body.encode(), kind)
        yield from inside.attachments
        return
    if file.name or file.data:
        yield TnefFile(file.name, file.data, file.type, file.content_id)


def _text(prop: Property, charset: str) -> str:
    if prop.is_unicode:
        return prop.value.decode("utf_16_le", "replace").rstrip("\x00")
    return decode(prop.value.rstrip(b"\x00"), charset)


def _string(value: bytes, charset: str) -> str:
    return clean(decode(value.rstrip(b"\x00"), charset))
