from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.transfer import TransferDecoder, decode
from webmail.mail.uuencode import extract


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        (b"aGVsbG8=", "base64", b"hello"),
        (b"aGVs\r\nbG8", "BASE64", b"hello"),
        (b" a G!V*s\r\n\tbG8=\r\n", "base64", b"hello"),
        (b"aGVsbG8=aGVsbG8=", "base64", b"hellohello"),
        (b"aGVsbG8", "base64", b"hello"),
        (b"aGVsb", "base64", b"hel"),
        (b"-_8=", "base64", b"\xfb\xff"),
        (b"====", "base64", b""),
        (b"he=  \r\nllo", "quoted-printable", b"hello"),
        (b"a=3Db=3d", "Quoted-Printable", b"a=b="),
        (b"trailing  \r\nspace\t", "quoted-printable", b"trailing\r\nspace"),
        (b"=XX =", "quoted-printable", b"=XX "),
        (b"Gr=C3=BC=C3=\r\n=9Fe", "quoted-printable", "Grüße".encode()),
        (b"begin 644 a.txt\r\n%:&5L;&\\\r\n`\r\nend\r\nafter", "x-uuencode", b"hello"),
        (b"junk before\nbegin 644 a\n%:&5L;&\\\nend", "uuencode", b"hello"),
        (b"%:&5L;&\\\n", "x-uue", b"hello"),
        (b"as it is", "7bit", b"as it is"),
        (b"as it is", "nonsense", b"as it is"),
        (b"aGVsbG8=", ' "base64" ; x', b"hello"),
    ],
)
def test_decode(data: bytes, encoding: str, expected: bytes) -> None:
    assert decode(data, encoding) == expected


ENCODINGS = ["base64", "quoted-printable", "x-uuencode", "8bit"]


@given(
    st.binary(max_size=500), st.lists(st.integers(1, 40), min_size=1, max_size=20), st.sampled_from(ENCODINGS)
)
def test_pieces_make_the_same_as_the_whole(data: bytes, sizes: list[int], encoding: str) -> None:
    decoder, out, position, turn = TransferDecoder(encoding), b"", 0, 0
    while position < len(data):
        size = sizes[turn % len(sizes)]
        out += decoder.feed(data[position : position + size])
        position, turn = position + size, turn + 1
    assert out + decoder.finish() == decode(data, encoding)


@given(st.binary(max_size=400))
def test_round_trips(data: bytes) -> None:
    assert decode(base64.encodebytes(data), "base64") == data
    assert decode(quopri.encodestring(data), "quoted-printable").rstrip() == data.rstrip()
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    assert decode(b"begin 644 x\n" + b"".join(lines) + b"`\nend\n", "uuencode") == data


def test_holds_little_back() -> None:
    decoder = TransferDecoder("quoted-printable")
    given_out = sum(len(decoder.feed(b" " * 65_536)) for _ in range(50))
    assert len(decoder.finish()) + given_out <= 50 * 65_536
    assert given_out >= 49 * 65_536


@pytest.mark.parametrize("unit", [b" ", b"=", b"= ", b"=\r", b"\r", b"=3", b"a", b"\r\n", b" \r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_is_linear(unit: bytes, encoding: str) -> None:
    assert is_linear(lambda n: decode(unit * n, encoding), 50_000)


def test_finds_files_in_plain_text() -> None:
    text, files = extract("hello\nbegin 644 a.txt\n%:&5L;&\\\n`\nend\nbye")
    assert text == "hello\nbye"
    assert [(file.name, file.data) for file in files] == [("a.txt", b"hello")]


@pytest.mark.parametrize(
    "text", ["begin 644 a.txt\nå\nend", "begin 644 a.txt\n%:&5L;&\\", "begin the day\nend"]
)
def test_leaves_text_that_only_looks_like_it(text: str) -> None:
    assert extract(text) == (text, ())
