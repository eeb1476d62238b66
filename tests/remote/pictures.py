"""The smallest pictures of each kind, made here."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 2, height: int = 3) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 1) * height)) if width * height < 1_000_000 else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 3) -> bytes:
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + app0 + b"\xff\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(10)


def gif(width: int = 2, height: int = 3, *, frame: tuple[int, int] | None = None) -> bytes:
    screen = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + bytes(6)
    extension = b"!\xf9\x04" + bytes(4) + b"\x00"
    image = b"," + struct.pack("<HHHHB", 0, 0, *(frame or (width, height)), 0) + b"\x02\x02\x4c\x01\x00"
    return screen + extension + image + b";"


def webp(width: int = 2, height: int = 3, *, form: str = "VP8X") -> bytes:
    body = {
        "VP8X": b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"),
        "VP8 ": b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height),
        "VP8L": b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14),
    }[form]
    return (
        b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + form.encode() + struct.pack("<I", 10) + body
    )


def avif(width: int = 2, height: int = 3) -> bytes:
    brand = struct.pack(">I", 28) + b"ftypmif1\0\0\0\0mif1avifmiaf"
    return brand + b"\0\0\0\x20meta" + b"\0\0\0\x14ispe\0\0\0\0" + struct.pack(">II", width, height)


def bmp(width: int = 2, height: int = 3) -> bytes:
    return b"BM" + bytes(12) + struct.pack("<Iii", 40, width, -height) + bytes(28)


def ico(width: int = 2, height: int = 3) -> bytes:
    inner = png(width, height)
    return b"\0\0\1\0\1\0" + struct.pack("<BBBBHHII", 2, 3, 0, 0, 1, 32, len(inner), 22) + inner
