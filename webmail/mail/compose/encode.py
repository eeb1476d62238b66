"""Bodies as they go on the wire (RFC 2045, 6): lines end with CRLF and are at most 998 octets. All in pieces."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAX_LINE = 998
LINE = 57
"""Octets that base64 puts on a line of 76."""
CHUNK = LINE * 1_024

_BREAK = re.compile("\r\n?|\n")
_RAW_BREAK = re.compile(rb"\r\n?|\n")
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
# A line that a mail store would change (RFC 4155), or that is longer than SMTP allows.
_FRAGILE = re.compile(rb"^From |^.{%d}" % (MAX_LINE + 1), re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EncodedText:
    charset: str
    encoding: str
    octets: bytes


def encode_text(text: str) -> EncodedText:
    """`text` in the plainest way that keeps it; it ends with a line's end, unless it is empty."""
    text = _BREAK.sub("\r\n", _UNSENDABLE.sub("", text))
    if text and not text.endswith("\n"):
        text += "\r\n"
    octets = text.encode()
    charset = "us-ascii" if text.isascii() else "utf-8"
    if text.isascii() and not _FRAGILE.search(octets) and "=_" not in text:
        return EncodedText(charset, "7bit", octets)
    quoted = _quoted_printable(octets)
    if text.isascii() or len(quoted) <= len(octets) * 4 // 3:
        return EncodedText(charset, "quoted-printable", quoted)
    return EncodedText(charset, "base64", b"".join(_base64(octets)))


def _quoted_printable(octets: bytes) -> bytes:
    """A "From " that starts a line is written so that no mail store puts a mark before it."""
    return re.sub(rb"^From ", b"=46rom ", binascii.b2a_qp(octets), flags=re.MULTILINE)


def base64(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for piece in pieces:
        held += piece
        whole = len(held) // LINE * LINE
        yield from _base64(held[:whole])
        held = held[whole:]
    yield from _base64(held)


def _base64(octets: bytes) -> Iterator[bytes]:
    for start in range(0, len(octets), CHUNK):
        line = binascii.b2a_base64(octets[start : start + CHUNK], newline=False)
        yield b"".join(line[at : at + 76] + b"\r\n" for at in range(0, len(line), 76))


def read(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def crlf(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's octets with CRLF for each end of a line, whichever it had."""
    held = b""
    for chunk in read(stream):
        chunk = held + chunk
        held = b"\r" if chunk.endswith(b"\r") else b""
        yield _RAW_BREAK.sub(b"\r\n", chunk.removesuffix(held))
    if held:
        yield b"\r\n"


@dataclass(frozen=True, slots=True)
class Survey:
    """What a message's octets need: `eight_bit`, and whether they may stand in another as they are (`plain`)."""

    eight_bit: bool
    plain: bool


def survey(stream: BinaryIO, boundary: bytes) -> Survey:
    """Lines that are too long, NUL, CR alone, and `boundary` at the start of a line are not plain."""
    eight_bit, held = False, b""
    for chunk in read(stream):
        eight_bit = eight_bit or not chunk.isascii()
        lines, end, held = (held + chunk).rpartition(b"\n")
        if not _is_plain(lines + end, boundary) or len(held) > MAX_LINE + 1:
            return Survey(eight_bit, plain=False)
    return Survey(eight_bit, plain=_is_plain(held, boundary))


def _is_plain(lines: bytes, boundary: bytes) -> bool:
    return (
        b"\0" not in lines
        and lines.count(b"\r") == lines.count(b"\r\n")
        and b"--" + boundary not in lines
        and max(len(line.removesuffix(b"\r")) for line in lines.split(b"\n")) <= MAX_LINE
    )
