"""A domain's colour as the pages use it: dark enough by day and light enough by night for text (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

Colour = tuple[int, int, int]

WHITE: Final = (255, 255, 255)
# What text stands on in static/web/base.css; `selected` comes to it.
BY_DAY: Final = (WHITE, (246, 247, 249), (238, 241, 245))
BY_NIGHT: Final = ((21, 24, 28), (27, 31, 36), (32, 37, 43), (35, 40, 46))
INK: Final = (13, 17, 23)
READABLE: Final = 4.6
_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Shades:
    """Of one scheme: for text and buttons, the same under the pointer, what is read on it, and what is chosen."""

    primary: Colour
    hover: Colour
    on: Colour
    selected: Colour


def by_day(colour: Colour) -> Shades:
    """The colour, darkened as far as it has to be."""
    for step in range(_STEPS + 1):
        primary = mixed(colour, (0, 0, 0), step / _STEPS)
        selected = mixed(WHITE, primary, 0.12)
        if _reads(primary, (*BY_DAY, selected)):
            break
    return Shades(primary, mixed(primary, (0, 0, 0), 0.2), WHITE, selected)


def by_night(colour: Colour) -> Shades:
    """The colour, lightened as far as it has to be."""
    for step in range(_STEPS + 1):
        primary = mixed(colour, WHITE, step / _STEPS)
        selected = mixed(BY_NIGHT[0], primary, 0.2)
        if _reads(primary, (*BY_NIGHT, selected, INK)):
            break
    return Shades(primary, mixed(primary, WHITE, 0.3), INK, selected)


def stylesheet(colour: str) -> str:
    """Of "#rrggbb", or "" for anything else."""
    try:
        wanted = parsed(colour)
    except ValueError:
        return ""
    day, night = by_day(wanted), by_night(wanted)
    pairs = {
        "primary": (day.primary, night.primary),
        "primary-hover": (day.hover, night.hover),
        "on-primary": (day.on, night.on),
        "link": (day.primary, night.primary),
        "brand": (day.primary, night.primary),
        "selected": (day.selected, night.selected),
    }
    said = (f"  --{name}: light-dark({_hex(one)}, {_hex(other)});\n" for name, (one, other) in pairs.items())
    return f":root {{\n{''.join(said)}}}\n"


def parsed(colour: str) -> Colour:
    """Raises ValueError."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError("no colour")
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` (0 to 1) of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _reads(text: Colour, surfaces: Iterable[Colour]) -> bool:
    return all(contrast(text, surface) >= READABLE for surface in surfaces)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
