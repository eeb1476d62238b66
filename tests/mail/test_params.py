from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.params import decode_params, parse_params


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"filename": b"a.txt"}, "a.txt"),
        ({"filename*": b"utf-8''Za%C5%BC.txt"}, "Zaż.txt"),
        ({"filename*0*": b"utf-8''Za%C5", "filename*1*": b"%BC", "filename*2": b".txt"}, "Zaż.txt"),
        ({"filename*1": b"b.txt", "filename*0": b"a"}, "ab.txt"),
        ({"filename*0": b"=?utf-8?Q?=C5", "filename*1": b"=BC.txt?="}, "ż.txt"),
        ({"filename": b"=?utf-8?Q?=C5=BC.txt?="}, "ż.txt"),
        ({"filename": b"old.txt", "filename*": b"utf-8''new.txt"}, "new.txt"),
        ({"filename*": b"iso-8859-1'en'%E6.txt"}, "æ.txt"),
        ({"filename*": b"plain.txt"}, "plain.txt"),
        ({"filename": b"utf-8''%C3%A6.txt"}, "æ.txt"),
        ({"filename": "æ.txt".encode()}, "æ.txt"),
        ({"filename": "æ.txt".encode("latin-1")}, "æ.txt"),
        ({"filename*": b"utf-8''a%0D%0AX:1.txt"}, "a X:1.txt"),
        ({"FILENAME": b"A.TXT"}, "A.TXT"),
    ],
)
def test_decode_params(params: dict[str, bytes], expected: str) -> None:
    assert decode_params(params)["filename"] == expected


@pytest.mark.parametrize(
    ("value", "main", "params"),
    [
        (
            b'text/plain; charset="utf-8"; format=flowed',
            "text/plain",
            {"charset": b"utf-8", "format": b"flowed"},
        ),
        (b"Text/HTML", "text/html", {}),
        (b"text/plain; name=my file (1).pdf", "text/plain", {"name": b"my file (1).pdf"}),
        (b'a/b; x="a;b\\"c"; y=z', "a/b", {"x": b'a;b"c', "y": b"z"}),
        (b'a/b; x="never closed; y=z', "a/b", {"x": b"never closed; y=z"}),
        (b"a/b;; ;x = y ;", "a/b", {"x": b"y"}),
        (b"a/b; x=1; x=2", "a/b", {"x": b"1"}),
        (b"a/b;\r\n\tx=y", "a/b", {"x": b"y"}),
        (b"charset=utf-8", "", {"charset": b"utf-8"}),
        (b"text/plain (a comment); charset=x (y)", "text/plain", {"charset": b"x"}),
        (b'attachment; filename="C:\\dir\\a.txt"', "attachment", {"filename": b"C:\\dir\\a.txt"}),
        (b"", "", {}),
    ],
)
def test_parse_params(value: bytes, main: str, params: dict[str, bytes]) -> None:
    assert parse_params(value) == (main, params)


@given(st.binary(max_size=300))
def test_never_raises(value: bytes) -> None:
    decode_params(parse_params(value)[1])


@given(st.dictionaries(st.text(max_size=12), st.binary(max_size=50), max_size=8))
def test_never_raises_on_what_a_server_sends(params: dict[str, bytes]) -> None:
    assert all(isinstance(value, str) for value in decode_params(params).values())


@pytest.mark.parametrize("unit", [b";", b'"', b"\\", b"a=b;", b"a;", b"=", b" ", b'a="', b"("])
def test_is_linear(unit: bytes) -> None:
    assert is_linear(lambda n: parse_params(b"a/b;" + unit * n), 4_000)
