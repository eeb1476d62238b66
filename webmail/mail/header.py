"""Header fields as mail really has them: RFC 5322 and RFC 2047, and whatever else arrives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from webmail.mail.charset import decode
from webmail.mail.encoded_word import split_words

MAX_HEADER = 65_536

_PLAIN_OCTETS = re.compile(rb"(?>(?:[!-~] ?)*)(?<! )\Z")
_PLAIN = re.compile(r"[ -~]*\Z")
# Controls, the characters that turn the direction of what follows, and lone surrogates.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile("[\\s\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """One line that is safe to show beside other text: no controls, no direction overrides, single spaces."""
    if _PLAIN.match(text) and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", _UNWANTED.sub("", text)).strip()


def decode_header(raw: bytes | str | None) -> str:
    """A field's unstructured text (RFC 2047, generously), as one clean line. Never raises; cut at 64 KiB."""
    if not raw:
        return ""
    if isinstance(raw, str):
        raw = raw[:MAX_HEADER].encode("utf_8", "surrogateescape" if _escaped(raw) else "replace")
    raw = raw[:MAX_HEADER]
    if b"=?" not in raw:
        if _PLAIN_OCTETS.match(raw):
            return raw.decode("ascii")
        return clean(decode(raw))
    return clean("".join(_decoded(raw)))


def _escaped(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text) and not any(
        "\ud800" <= c < "\udc80" for c in text
    )


def _decoded(raw: bytes) -> Iterable[str]:
    """Text between encoded words as it stands; words of one charset that touch are one run of octets."""
    pending, charset = b"", ""
    for word in split_words(_SEPARATORS.sub(b" ", raw)):
        if word.charset is None:
            yield decode(pending, charset)
            pending = b""
            yield decode(word.octets)
        elif pending and word.charset == charset:
            pending += word.octets
        else:
            yield decode(pending, charset)
            pending, charset = word.octets, word.charset
    yield decode(pending, charset)


_SEPARATORS = re.compile(rb"[\r\n]+[ \t]*|\x00")
