from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.header import clean, decode_header


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, ""),
        (b"", ""),
        (b"Plain subject", "Plain subject"),
        (b"=?utf-8?B?aGVsbG8?= =?utf-8?B?!!!?=", "hello"),
        (b"=?utf-8?B?aGVsbG8?=", "hello"),
        (b"=?UTF-8?Q?J=C3=B8rgen_Ask?=", "Jørgen Ask"),
        (b"=?utf-8?q?=C3?=\r\n =?utf-8?q?=A9?=", "é"),
        (b"=?utf-8?Q?=C3?= =?UTF-8?B?qQ==?=", "é"),
        (b"=?utf-8?B?w6nDqcO?= =?utf-8?B?pw6k=?=", "éééé"),
        (b"=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJHMbKEI=?=", "こん"),
        (b"=?utf-16le?Q?=48=00=69=00=20=00=60=4F=7D=59?=", "Hi 你好"),
        (b"=?utf-8*nn?Q?bl=C3=A5?=", "blå"),
        (b"a=?utf-8?Q?=C3=A9?=b", "aéb"),
        (b'"=?utf-8?Q?J=C3=B8?=" x', '"Jø" x'),
        (b"=?utf-8?Q?Are_you_ok??= yes", "Are you ok? yes"),
        (b"=?utf-8?Q?two words?=", "two words"),
        (b"=?x-unknown?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        (b"=?utf-8?Q?never ends", "=?utf-8?Q?never ends"),
        (b"=?utf-8?Q?cut=C3=A9", "cuté"),
        (b"=?utf-8?Q?=ZZ=?=", "=ZZ="),
        ("Zażółć gęślą".encode(), "Zażółć gęślą"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"\x1b$B$3$s\x1b(B", "こん"),
        (b"folded\r\n\tline\r\n  again", "folded line again"),
        (b"a\x00b\x07c\x7fd", "abcd"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("already text æ", "already text æ"),
    ],
)
def test_decode_header(raw: bytes | str | None, expected: str) -> None:
    assert decode_header(raw) == expected


def test_takes_the_power_from_direction_overrides() -> None:
    assert decode_header("\u202egro.elpmaxe".encode()) == "gro.elpmaxe"
    assert decode_header("=?utf-8?Q?=E2=80=AEexe.gpj?=") == "exe.gpj"
    assert clean("a\u2066b\u2069\u200fc") == "ab\u200fc"


def test_is_bounded() -> None:
    assert len(decode_header(b"x" * 1_000_000)) == 65_536


@given(st.binary(max_size=400) | st.text(max_size=200))
def test_never_raises_and_stays_one_line(raw: bytes | str) -> None:
    text = decode_header(raw)
    assert not set(text) & set("\r\n\x00\u202e\u2028")
    text.encode()


@given(
    st.lists(
        st.sampled_from([b"=?", b"?=", b"utf-8", b"?q?", b"?B?", b"=C3", b"=A9", b" ", b"\r\n ", b"w6k="])
    )
)
def test_never_raises_on_pieces(pieces: list[bytes]) -> None:
    decode_header(b"".join(pieces))


@pytest.mark.parametrize(
    "unit", [b"=?a?q?", b"=?a?q?x?= ", b"=?utf-8?b?", b"?=", b"=?", b" \t", b"\xc3\xa9", b"\xff"]
)
def test_is_linear(unit: bytes) -> None:
    assert is_linear(lambda n: decode_header((unit * n)[:65_536]), 60_000 // len(unit) // 4)
