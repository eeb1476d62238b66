from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.charset import decode
from webmail.mail.charset_names import codec

NORWEGIAN = "Blåbærsyltetøy på brødskiva"
RUSSIAN = "Здравствуйте, как ваши дела сегодня?"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Zażółć 你好 👩‍👩‍👧"),
        ('"utf8"', NORWEGIAN),
        ("iso-8859-1", NORWEGIAN),
        ("ISO_8859-1:1987", NORWEGIAN),
        ("windows-1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("iso-8859-7", "Γειά"),
        ("iso-8859-6", "مرحبا"),
        ("iso-8859-15", "5 €"),
        ("cp932", "①髙"),
        ("euc-kr", "안녕하세요"),
        ("big5", "你好世界"),
        ("gb18030", "你好𠀀"),
        ("iso-2022-jp", "こんにちは世界"),
        ("euc-jp", "こんにちは世界"),
        ("utf-16le", "Hi 你好"),
        ("utf-16be", "Hi 你好"),
        ("utf-7", "Grüße"),
        ("macintosh", "café"),
        ("hz", "你好"),
    ],
)
def test_decodes_what_is_labelled_right(charset: str, text: str) -> None:
    assert decode(text.encode(codec(charset) or charset.strip('"')), charset) == text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gb2312", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("windows-31j", "cp932"),
        ("x-sjis", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("iso-8859-1", "cp1252"),
        ("unicode-1-1-utf-7", "utf_7"),
        ("_iso-2022-jp$ESC", "iso2022_jp_ext"),
        ("iso-8859-8-i", "iso8859_8"),
        ("x-mac-cyrillic", "mac_cyrillic"),
        ("3Dutf-8", "utf_8"),
        ("utf-8*en", "utf_8"),
        ("ansi", "cp1252"),
        ("cp65001", "utf_8"),
    ],
)
def test_knows_the_names_mail_uses(name: str, expected: str) -> None:
    assert codec(name) == expected


@pytest.mark.parametrize(
    "name",
    "zlib rot13 hex base64 bz2 quopri uu idna punycode undefined unicode_escape raw_unicode_escape mbcs oem x-unknown"
    " 136 .. os.path".split(),
)
def test_never_hands_a_foreign_name_to_codecs(name: str) -> None:
    assert codec(name) == ""
    assert decode("Grüße plain tail".encode(), name) == "Grüße plain tail"


@pytest.mark.parametrize("label", ["us-ascii", "", "x-unknown"])
@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Grüße, 你好"),
        ("cp1252", "“Grüße” aus Köln"),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("euc-jp", "こんにちは世界"),
        ("cp932", "こんにちは世界"),
        ("euc-kr", "안녕하세요 여러분"),
        ("gb18030", "你好世界,大家好"),
        ("iso-2022-jp", "こんにちは"),
    ],
)
def test_guesses_what_is_not_labelled(label: str, charset: str, text: str) -> None:
    assert decode(text.encode(charset), label) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "gb2312", "shift_jis", "koi8-r", "us-ascii"])
def test_sees_that_it_is_utf8_after_all(label: str) -> None:
    text = "Grüße – Zażółć gęślą jaźń, 你好世界"
    assert decode(text.encode(), label) == text


def test_doubts_utf8_that_is_not() -> None:
    assert decode(NORWEGIAN.encode("cp1252"), "utf-8") == NORWEGIAN
    assert decode("Grüße".encode() + b"\xff" + "Köln".encode(), "utf-8") == "Grüße\ufffdKöln"


def test_reads_byte_order_marks() -> None:
    for name in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode("Zażółć".encode(name), "iso-8859-1") == "Zażółć"


def test_keeps_utf8_whose_end_is_cut() -> None:
    assert decode("Grüße aus Zażółć".encode()[:-1], "").startswith("Grüße aus Zażół")


def test_reads_vendor_rows_of_iso_2022_jp() -> None:
    assert decode(b"\x1b$B-!\x1b(B abc", "iso-2022-jp") == "① abc"


def test_utf16_that_is_ascii_after_all() -> None:
    assert decode(b"This was transcoded on the way", "utf-16") == "This was transcoded on the way"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "utf-7", "hz", "iso-2022-jp", "big5", "cp932", "utf-16"]),
)
def test_never_raises(data: bytes, charset: str) -> None:
    assert isinstance(decode(data, charset), str)


@given(st.text(max_size=100))
def test_utf8_survives(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode("utf_8", "replace"), "utf-8") == text.encode("utf_8", "replace").decode()


def test_heeds_an_html_document_where_the_mail_says_nothing() -> None:
    markup = '<meta http-equiv=Content-Type content="text/html; charset=iso-8859-7"><p>Γειά'
    assert decode(markup.encode("iso-8859-7")) == markup
    assert decode("<meta charset=iso-8859-1><p>Zażółć".encode()) == "<meta charset=iso-8859-1><p>Zażółć"
