"""Octets to text, whatever the mail says they are. Never raises, and is linear in the length."""

from __future__ import annotations

import codecs
import re

from webmail.mail.charset_guess import guess
from webmail.mail.charset_names import MULTIBYTE, codec
from webmail.mail.iso2022 import decode_iso2022_jp

BOMS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
SAMPLE = 65_536
# What an HTML document says of itself (HTML, 13.2.3.2), heeded where the mail says nothing.
_META = re.compile(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HIGH = re.compile(rb"[\x80-\xff]+")
_LONG_SEQUENCE = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2,3}")
_SHORT_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")


def decode(data: bytes, charset: str = "") -> str:
    """`data` as text. `charset` is the mail's word for it, which is doubted where the octets say otherwise."""
    if not data:
        return ""
    name = codec(charset)
    for bom, its_codec in BOMS:
        if data.startswith(bom) and (its_codec == "utf_8" or name.startswith("utf_") or 0 in data[:SAMPLE]):
            return data[len(bom) :].decode(its_codec, "replace")
    if name.startswith(("utf_16", "utf_32")):
        return _decode_wide(data, name)
    if b"\x1b" not in data and data.isascii() and name not in ("utf_7", "hz", "cp037"):
        return data.decode("ascii")
    if not name:
        return _decode_guessed(data)
    if name == "utf_8":
        return _decode_utf8(data)
    if name not in ("utf_7", "hz") and _is_really_utf8(data, name):
        return data.decode("utf_8", "replace")
    return _decode_named(data, name)


def _decode_named(data: bytes, name: str) -> str:
    if name.startswith("iso2022_jp") or (name not in MULTIBYTE and b"\x1b$" in data[:SAMPLE]):
        text = decode_iso2022_jp(data)
        if text is not None:
            return text
    try:
        return data.decode(name)
    except UnicodeError:
        pass
    for wider in {"cp950": ("big5hkscs",), "euc_jp": ("euc_jis_2004", "cp932"), "cp932": ("euc_jp",)}.get(
        name, ()
    ):
        try:
            return data.decode(wider)
        except UnicodeError:
            continue
    if name in ("utf_7", "hz"):
        return _decode_guessed(data)
    text = data.decode(name, "replace")
    if name in MULTIBYTE and text.count("\ufffd") * 10 > len(_HIGH.sub(b"", data)) + len(text):
        return _decode_guessed(data)
    return text


def _decode_guessed(data: bytes) -> str:
    if b"\x1b$" in data[:SAMPLE]:
        text = decode_iso2022_jp(data)
        if text is not None:
            return text
    try:
        return data.decode("utf_8")
    except UnicodeDecodeError as error:
        # a sequence cut at the end (a truncated body, a cut header) is still UTF-8
        if error.start > len(data) - 4 and error.start and not data[: error.start].isascii():
            return data.decode("utf_8", "replace")
    meta = _META.search(data[:2_048])
    named = codec(meta[1].decode("latin_1")) if meta else ""
    if named and not named.startswith("utf_") and named != "hz":
        return data.decode(named, "replace")
    return data.decode(guess(data[:SAMPLE]), "replace")


def _decode_utf8(data: bytes) -> str:
    text = data.decode("utf_8", "replace")
    wrong = text.count("\ufffd")
    if not wrong:
        return text
    right = len(text) - wrong - sum(map(len, re.findall("[\x00-\x7f]+", text)))
    if right * 2 >= wrong:
        return text
    return _decode_guessed(data)


def _is_really_utf8(data: bytes, name: str) -> bool:
    """Valid UTF-8 labelled as something else: by accident that hardly happens, by misconfiguration often."""
    sample = data[:SAMPLE]
    try:
        sample.decode("utf_8")
    except UnicodeDecodeError as error:
        if len(data) == len(sample) or error.start < SAMPLE - 4:
            return False
    if sample.isascii():
        return False
    if name == "cp1252":
        return True
    long, short = len(_LONG_SEQUENCE.findall(sample)), len(_SHORT_SEQUENCE.findall(sample))
    return long >= 2 or short >= 4


def _decode_wide(data: bytes, name: str) -> str:
    if name in ("utf_16", "utf_32"):  # no mark: the octets that are zero tell the order
        name += "_le" if data[1::2].count(0) > data[::2].count(0) else "_be"
    if 0 not in data and (data.isascii() or _is_really_utf8(data, name)):
        letters = sum(map(len, re.findall(rb"[A-Za-z ]+", data[:SAMPLE])))
        if letters * 10 > min(len(data), SAMPLE) * 7 or not data.isascii():
            return data.decode("utf_8", "replace")
    return data.decode(name, "replace")
