"""Uuencoded octets, from before MIME: as a transfer encoding, and as blocks inside plain text."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"begin [0-7]{3,4}(?: [^\r\n]*)?\Z")
_MAX_LINE = 1_024


class UuDecoder:
    """Everything between `begin` and `end`; without a `begin`, every line that decodes."""

    def __init__(self) -> None:
        self._held = b""
        self._begun = False
        self._ended = False

    def feed(self, chunk: bytes) -> bytes:
        if self._ended:
            return b""
        *lines, self._held = (self._held + chunk).split(b"\n")
        self._held = self._held[-_MAX_LINE:]
        return b"".join(map(self._line, lines))

    def finish(self) -> bytes:
        held, self._held = self._held, b""
        return self._line(held)

    def _line(self, line: bytes) -> bytes:
        line = line.rstrip(b"\r")
        if self._ended or not line:
            return b""
        if not self._begun:
            self._begun = bool(_BEGIN.match(line))
            if self._begun or not _is_exact(line):
                return b""
        if line == b"end":
            self._ended = True
            return b""
        return decode_line(line)


def decode_line(line: bytes) -> bytes:
    """One line's octets; a line that lost its trailing spaces is read as if it had them."""
    size = (line[0] - 32) & 63 if line else 0
    body = line[1 : 1 + (size + 2) // 3 * 4]
    try:
        return binascii.a2b_uu(bytes((line[0],)) + body) if size else b""
    except (binascii.Error, ValueError):
        return b""


def _is_exact(line: bytes) -> bool:
    return -2 <= len(line) - 1 - ((line[0] - 32 & 63) + 2) // 3 * 4 <= 1 and max(line) <= 96


@dataclass(frozen=True, slots=True)
class UuFile:
    """A file found in plain text."""

    name: str
    data: bytes


def extract(text: str, *, limit: int = 64) -> tuple[str, tuple[UuFile, ...]]:
    """(text without its complete uuencoded blocks, the files in them). Linear; a block without `end` stays."""
    if "begin " not in text:
        return text, ()
    files: list[UuFile] = []
    kept: list[str] = []
    block: list[str] = []
    name = ""
    for line in text.split("\n"):
        if not block:
            begin = _TEXT_BEGIN.match(line) if len(files) < limit else None
            if begin:
                name = begin[1]
                block = [line]
            else:
                kept.append(line)
            continue
        block.append(line)
        bare = line.rstrip("\r")
        if bare == "end":
            data = b"".join(decode_line(part.rstrip("\r").encode()) for part in block[1:-1] if part.strip())
            files.append(UuFile(name, data))
            block = []
        elif not _TEXT_LINE.match(bare):
            kept += block
            block = []
    kept += block
    return "\n".join(kept), tuple(files)


_TEXT_BEGIN = re.compile(r"begin [0-7]{3,4} ([^\r\n]{1,255}?)\r?\Z")
_TEXT_LINE = re.compile(r"[ -`]{0,90}\Z")
