"""What octets are a picture, of which kind and how large: read from the octets, never from what a server says."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from webmail.remote.errors import NotAPictureError

_PNG: Final = b"\x89PNG\r\n\x1a\n"
# Frame headers of JPEG (ITU T.81, table B.1): C0 to CF without DHT, JPG and DAC.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_BLOCKS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """`type` is the media type to send it as; width and height in pixels."""

    type: str
    width: int
    height: int


def kind_of(data: bytes) -> Kind:
    """PNG, JPEG, GIF, WebP, AVIF, BMP or ICO. NotAPictureError for everything else, SVG too."""
    try:
        kind = _kind(data)
    except (struct.error, IndexError):
        raise NotAPictureError("The picture is cut off before its size.") from None
    if kind is None:
        raise NotAPictureError("The octets are no picture that is passed on.")
    if kind.width <= 0 or kind.height <= 0:
        raise NotAPictureError("The picture has no size.")
    return kind


def _kind(data: bytes) -> Kind | None:
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    if data[4:8] == b"ftyp":
        return _avif(data)
    if data.startswith(b"BM"):
        return _bmp(data)
    if data.startswith(b"\x00\x00\x01\x00"):
        return _ico(data)
    return None


def _png(data: bytes) -> Kind | None:
    if data[12:16] != b"IHDR":
        return None
    return Kind("image/png", *struct.unpack_from(">II", data, 16))


def _jpeg(data: bytes) -> Kind | None:
    place = 2
    for _ in range(_MOST_BLOCKS):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _JPEG_BARE:
            place += 2
        elif marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return Kind("image/jpeg", width, height)
        else:
            (length,) = struct.unpack_from(">H", data, place + 2)
            place += 2 + max(length, 2)
    return None


def _gif(data: bytes) -> Kind | None:
    """The screen, made as large as any frame demands, since browsers make it so."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    place = 13 + _palette(flags)
    frames = 0
    for _ in range(_MOST_BLOCKS):
        introducer = data[place : place + 1]
        if introducer == b"!":
            place = _gif_skip(data, place + 2)
        elif introducer == b"," and len(data) >= place + 10:
            left, top, wide, high, flags = struct.unpack_from("<HHHHB", data, place + 1)
            width, height, frames = max(width, left + wide), max(height, top + high), frames + 1
            place = _gif_skip(data, place + 10 + _palette(flags) + 1)
        else:
            break
    return Kind("image/gif", width, height) if frames else None


def _palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_skip(data: bytes, place: int) -> int:
    """Past the sub-blocks that begin here."""
    while place < len(data) and data[place]:
        place += 1 + data[place]
    return place + 1


def _webp(data: bytes) -> Kind | None:
    chunk = data[12:16]
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return Kind("image/webp", width & 0x3FFF, height & 0x3FFF)
    if chunk == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return Kind("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8X":
        (wide,) = struct.unpack_from("<I", data, 23)
        width, height = (wide >> 8) + 1, int.from_bytes(data[27:30], "little") + 1
        return Kind("image/webp", width, height) if len(data) >= 30 else None
    return None


def _avif(data: bytes) -> Kind | None:
    """The largest "ispe" (image spatial extents) before the pixels; an image sequence has its sizes there too."""
    (size,) = struct.unpack_from(">I", data, 0)
    brands = data[8 : min(size, 512)]
    if not any(brands[place : place + 4] in (b"avif", b"avis") for place in range(0, len(brands), 4)):
        return None
    width = height = 0
    place = data.find(b"ispe", size, 1 << 18)
    while place >= 0:
        wide, high = struct.unpack_from(">II", data, place + 8)
        width, height = max(width, wide), max(height, high)
        place = data.find(b"ispe", place + 4, 1 << 18)
    return Kind("image/avif", width, height)


def _bmp(data: bytes) -> Kind | None:
    (header,) = struct.unpack_from("<I", data, 14)
    if header == 12:
        return Kind("image/bmp", *struct.unpack_from("<HH", data, 18))
    if header not in (16, 40, 52, 56, 64, 108, 124):
        return None
    width, height = struct.unpack_from("<ii", data, 18)
    return Kind("image/bmp", width, abs(height))


def _ico(data: bytes) -> Kind | None:
    """The largest of its pictures; one that is a PNG or a BMP inside is as large as that says."""
    (count,) = struct.unpack_from("<H", data, 4)
    if not 1 <= count <= 256:
        return None
    width = height = 0
    for entry in range(count):
        wide, high, *_, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * entry)
        inner = data[offset : offset + 24]
        if inner.startswith(_PNG):
            wide, high = struct.unpack_from(">II", inner, 16)
        elif inner[:4] == b"\x28\x00\x00\x00":
            wide, double = struct.unpack_from("<ii", inner, 4)
            high = abs(double) // 2
        else:
            return None
        width, height = max(width, wide), max(height, high)
    return Kind("image/x-icon", width, height)
