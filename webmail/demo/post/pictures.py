"""Pictures drawn by code: PNG (W3C, 1.2) needs no more than zlib."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import cache

Colour = tuple[int, int, int]


def png(width: int, rows: Iterable[bytes]) -> bytes:
    """RGB rows of `3 * width` octets as a PNG file."""
    lines = [b"\0" + row for row in rows]

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, len(lines), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def mix(one: Colour, other: Colour, share: float) -> Colour:
    share = min(max(share, 0.0), 1.0)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


PALETTES: dict[str, tuple[Colour, Colour, Colour, Colour]] = {
    # sky above, sky at the horizon, mountains, water
    "morgon": ((92, 141, 196), (252, 214, 170), (46, 66, 92), (70, 112, 148)),
    "kveld": ((42, 38, 84), (244, 138, 96), (24, 26, 48), (92, 62, 98)),
    "dag": ((64, 140, 214), (206, 232, 246), (52, 96, 84), (38, 110, 140)),
    "nordlys": ((8, 14, 38), (36, 120, 96), (6, 10, 22), (16, 48, 60)),
}


@cache
def fjord(mood: str, *, width: int = 480, height: int = 270, phase: float = 0.0) -> bytes:
    """A fjord between mountains, the sun over it, mirrored in the water."""
    above, horizon, mountain, water = PALETTES[mood]
    shore = round(height * 0.62)
    ridges = [_ridge(width, shore, layer=layer, phase=phase) for layer in range(3)]
    tones = [mix(horizon, mountain, 0.35 + 0.32 * layer) for layer in range(3)]
    sun = (round(width * (0.3 + 0.4 * (phase % 1))), round(shore * 0.55), height * 0.055)
    land = [_row(y, width, mix(above, horizon, (y / shore) ** 1.4), ridges, tones, sun) for y in range(shore)]
    sea = []
    for y in range(height - shore):
        mirrored = land[max(0, shore - 1 - round(y * 1.5))]
        shift = 3 * round(2 * math.sin(y * 0.9) * (1 + y / 30))
        mirrored = mirrored[shift:] + mirrored[:shift]
        dim = mix(water, above, y / (height - shore) * 0.5)
        table = [
            bytes(round(value * 0.5 + dim[channel] * 0.5) for value in range(256)) for channel in range(3)
        ]
        row = bytearray(3 * width)
        for channel in range(3):
            row[channel::3] = mirrored[channel::3].translate(table[channel])
        sea.append(bytes(row))
    return png(width, [*land, *sea])


def _ridge(width: int, shore: int, *, layer: int, phase: float) -> list[float]:
    waves = ((2.1, 0.30), (5.3, 0.16), (11.7, 0.07), (29.0, 0.025), (61.0, 0.012))
    base = 0.50 - 0.13 * layer
    valley = [1 - math.exp(-(((x / width - 0.5) * (3.2 - layer * 0.4)) ** 2)) for x in range(width)]
    rough = [
        shore
        - shore
        * (
            0.08
            + base
            + sum(size * math.sin(x / width * pitch + layer * 2.4 + phase * 7) for pitch, size in waves)
        )
        * (0.25 + 0.75 * valley[x])
        for x in range(0, width, 2)
    ]
    return [height for height in rough for _ in range(2)][:width]


def _row(
    y: int,
    width: int,
    sky: Colour,
    ridges: Sequence[list[float]],
    tones: Sequence[Colour],
    sun: tuple[int, int, float],
) -> bytes:
    row = bytearray(bytes(sky) * width)
    centre, middle, radius = sun
    if abs(y - middle) < radius:
        half = round(math.sqrt(radius**2 - (y - middle) ** 2))
        glow = bytes(mix(sky, (255, 244, 214), 0.85))
        row[3 * (centre - half) : 3 * (centre + half)] = glow * (2 * half)
    for heights, tone in zip(ridges, tones, strict=True):
        colour = bytes(tone)
        start: int | None = None
        for x, top in enumerate(heights):
            if y >= top and start is None:
                start = x
            elif y < top and start is not None:
                row[3 * start : 3 * x] = colour * (x - start)
                start = None
        if start is not None:
            row[3 * start :] = colour * (width - start)
    return bytes(row)


@cache
def gradient(one: Colour, other: Colour, *, width: int = 320, height: int = 80) -> bytes:
    row = b"".join(bytes(mix(one, other, x / width)) for x in range(width))
    return png(width, [row] * height)


@cache
def chart(values: tuple[int, ...], *, bar: Colour = (11, 87, 196), height: int = 160) -> bytes:
    """Bars on white with a base line."""
    step, top = 36, max(values)
    width = step * len(values) + 20
    white, blue, grey = bytes((255, 255, 255)), bytes(bar), bytes((134, 141, 150))
    bars = [round(value / top * (height - 20)) for value in values]

    def line(y: int) -> bytes:
        if y in (height - 5, height - 6):
            return grey * width
        cells = b"".join(
            white * 8 + (blue if height - 6 > y >= height - 6 - size else white) * (step - 12) + white * 4
            for size in bars
        )
        return white * 10 + cells + white * 10

    return png(width, [line(y) for y in range(height)])
