"""RFC 2047's encoded words, found where they may not stand and decoded where they are broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webmail.mail.transfer import decode_base64, decode_q

_START = re.compile(rb"=\?([^?\s\"<>()]{1,60})\?([bBqQ])\?")


@dataclass(frozen=True, slots=True)
class Word:
    """`charset` None: octets as they stand. Otherwise what the octets of an encoded word are said to be in."""

    octets: bytes
    charset: str | None


@dataclass(slots=True)
class _Encoded:
    charset: str
    encoding: bytes
    text: bytes


def split_words(raw: bytes) -> Iterator[Word]:
    """The words of `raw` in order, white space between two encoded ones dropped. Linear."""
    held: _Encoded | None = None
    for gap, found in _scan(raw):
        if held is not None and found is not None and not gap.strip():
            if _continues(held, found):
                held.text += found.text
                continue
            yield _word(held)
            held = found
            continue
        if held is not None:
            yield _word(held)
        if gap:
            yield Word(gap, None)
        held = found


def _scan(raw: bytes) -> Iterator[tuple[bytes, _Encoded | None]]:
    """(octets before, encoded word), and at the end what is left with None."""
    position, closing = 0, -1
    start = _START.search(raw)
    while start:
        following = _START.search(raw, start.end())
        if closing < start.end() and closing != len(raw):
            closing = raw.find(b"?=", start.end())
            closing = len(raw) if closing < 0 else closing
        cut = closing == len(raw) and following is None and not re.search(rb"\s", raw[start.end() :])
        if cut or (closing < len(raw) and (following is None or closing < following.start())):
            charset = start[1].decode("latin_1").lower().partition("*")[0]
            yield (
                raw[position : start.start()],
                _Encoded(charset, start[2].lower(), raw[start.end() : closing]),
            )
            position = closing + (0 if cut else 2)
            if following is not None and following.start() < position:
                following = _START.search(raw, position)
        start = following
    yield raw[position:], None


def _continues(held: _Encoded, found: _Encoded) -> bool:
    """Base64 cut in the middle of a quantum goes on in the next word."""
    if held.encoding != b"b" or found.encoding != b"b" or held.charset != found.charset:
        return False
    return len(held.text) % 4 != 0 and not held.text.endswith(b"=")


def _word(encoded: _Encoded) -> Word:
    decoded = decode_q(encoded.text) if encoded.encoding == b"q" else decode_base64(encoded.text)
    return Word(decoded, encoded.charset)
