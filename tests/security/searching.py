"""Finding a word in whatever a program leaves behind, in any clothes that mail, browsers and databases put on it."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_MOST = 1 << 22


def forms(word: str) -> set[bytes]:
    """How plain letters and digits may stand there: as they are, wide, or within base64 at any place."""
    plain = {word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode().hex().encode()}
    return plain | {form for each in tuple(plain) for form in _within_base64(each)}


def found(words: Iterable[str], data: bytes) -> set[str]:
    """Those of these words that `data` holds, packed or not."""
    pieces = list(unpacked(data))
    return {word for word in words if any(form in piece for form in forms(word) for piece in pieces)}


def found_in_files(words: Iterable[str], places: Iterable[Path]) -> dict[Path, set[str]]:
    """What each file under these places holds, names of files included."""
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
    held = {file: found(words, str(file).encode() + b"\n" + _content(file)) for file in files}
    return {file: inside for file, inside in held.items() if inside}


def unpacked(data: bytes, depth: int = 2) -> Iterator[bytes]:
    """It, what it is once soft line breaks are taken out, and what was packed by base64 or zlib in it."""
    yield data
    yield re.sub(rb"=\r?\n", b"", data)
    if depth == 0:
        return
    for match in _PACKED.finditer(data):
        try:
            yield from unpacked(zlib.decompressobj().decompress(data[match.start() :], _MOST), depth - 1)
        except zlib.error:
            continue
    for match in _BASE64.finditer(data):
        run = match[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            yield from unpacked(base64.b64decode(run + b"=" * (-len(run) % 4)), depth - 1)
        except binascii.Error:
            continue


def _within_base64(data: bytes) -> Iterator[bytes]:
    """Without the letters at both ends, which hold bits of what stands before and after."""
    for before in range(3):
        first = -(-before * 8 // 6)
        whole = base64.b64encode(bytes(before) + data).rstrip(b"=")
        last = len(whole) - (1 if (before + len(data)) % 3 else 0)
        yield whole[first:last]
        yield whole[first:last].translate(bytes.maketrans(b"+/", b"-_"))


def _content(file: Path) -> bytes:
    """Of a directory, and of what is gone meanwhile, nothing."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return b""
