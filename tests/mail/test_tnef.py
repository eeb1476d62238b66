from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.rtf import decompress
from webmail.mail.tnef import Tnef, unpack

HEAD = struct.pack("<IH", 0x223E9F78, 1)


def attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def padded(value: bytes) -> bytes:
    return struct.pack("<I", len(value)) + value + bytes(-len(value) % 4)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(values))
    for number, kind, value in values:
        out += struct.pack("<HH", kind, number) + (
            struct.pack("<I", 1) + padded(value) if kind > 0xB else value
        )
    return out


def file(title: bytes, data: bytes, extra: bytes = b"") -> bytes:
    return (
        attribute(2, 0x00069002, bytes(14))
        + attribute(2, 0x00018010, title + b"\x00")
        + attribute(2, 0x0006800F, data)
        + (attribute(2, 0x00069005, extra) if extra else b"")
    )


def test_unpacks_files() -> None:
    found = unpack(HEAD + file(b"a.txt", b"hello") + file(b"b.bin", b"\x00\x01"))
    assert [(each.name, each.data) for each in found.attachments] == [
        ("a.txt", b"hello"),
        ("b.bin", b"\x00\x01"),
    ]


def test_prefers_the_long_unicode_name() -> None:
    extra = properties(
        (0x3707, 0x1F, "blåbær.txt\x00".encode("utf-16-le")),
        (0x370E, 0x1E, b"text/plain\x00"),
        (0x3712, 0x1E, b"<cid@x>\x00"),
    )
    (found,) = unpack(HEAD + file(b"BLABAR~1.TXT", b"x", extra)).attachments
    assert (found.name, found.type, found.content_id) == ("blåbær.txt", "text/plain", "cid@x")


def test_reads_names_in_the_code_page() -> None:
    page = attribute(1, 0x00069007, struct.pack("<II", 1251, 0))
    assert unpack(HEAD + page + file("привет.txt".encode("cp1251"), b"")).attachments[0].name == "привет.txt"


def test_reads_bodies() -> None:
    message = attribute(
        1,
        0x00069003,
        properties((0x1000, 0x1F, "tekst æ\x00".encode("utf-16-le")), (0x1013, 0x102, "<p>æ".encode())),
    )
    found = unpack(HEAD + message)
    assert (found.text, found.html) == ("tekst æ", "<p>æ")


def test_opens_messages_inside() -> None:
    inner = (
        HEAD + attribute(1, 0x00018004, b"Inner\x00") + attribute(1, 0x0002800C, b"hi") + file(b"a.txt", b"x")
    )
    extra = properties((0x3705, 0x03, struct.pack("<I", 5)), (0x3701, 0x0D, bytes(16) + inner))
    found = unpack(HEAD + attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00069005, extra))
    assert [(each.name, each.data) for each in found.attachments] == [("Inner.txt", b"hi"), ("a.txt", b"x")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not tnef",
        HEAD,
        HEAD + b"\x01",
        HEAD + attribute(1, 0x00069003, b"\xff" * 50),
        HEAD + attribute(1, 0x00069003, struct.pack("<IHHI", 1, 0x1F, 0x8000, 0)),
        HEAD + struct.pack("<BII", 2, 0x00069002, 0xFFFFFFFF),
        HEAD + attribute(2, 0x0006800F, b"data before any file"),
    ],
)
def test_nothing_comes_of_nothing(data: bytes) -> None:
    assert unpack(data).attachments in ((), unpack(HEAD).attachments)
    assert isinstance(unpack(data), Tnef)


def test_nesting_ends() -> None:
    data = HEAD + file(b"last.txt", b"x")
    for _ in range(50):
        extra = properties((0x3705, 0x03, struct.pack("<I", 5)), (0x3701, 0x0D, bytes(16) + data))
        data = HEAD + attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00069005, extra)
    assert unpack(data).attachments == ()


@given(st.binary(max_size=200), st.integers(0, 400))
def test_never_raises(noise: bytes, at: int) -> None:
    data = bytearray(HEAD + file(b"a.txt", b"hello", properties((0x3707, 0x1E, b"b.txt\x00"))))
    data[at : at + len(noise)] = noise
    unpack(bytes(data))
    unpack(HEAD + attribute(1, 0x00069003, noise))
    decompress(noise)


def test_is_linear() -> None:
    assert is_linear(lambda n: unpack(HEAD + attribute(1, 0x00018004, b"") * n), 10_000)
    assert is_linear(lambda n: unpack(HEAD + file(b"a", b"") * n), 250)
    assert is_linear(
        lambda n: decompress(struct.pack("<II4sI", 0, 9**9, b"LZFu", 0) + b"\x00abcdefgh" * n), 20_000
    )


def test_decompresses_rtf() -> None:
    """The worked example of MS-OXRTFCP, 4.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af320 68656c090020627705b06c647d0a800fa0".replace(
            " ", ""
        )
    )
    assert decompress(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert decompress(struct.pack("<II4sI", 0, 5, b"MELA", 0) + b"{\\rtf}") == b"{\\rtf"[:5]
