"""A domain's logo: a small PNG or JPEG, told by its own octets, and never anything that a browser could run."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from webmail.mail.sniff import inline_type

from .models import MailDomain
from .validators import LOGO_OCTETS

LARGEST: Final = 1024
"""Pixels, either way."""

_TYPES: Final = ("image/png", "image/jpeg")
# Start of frame: all of C0 to CF but DHT, JPG and DAC (ITU T.81, B.1.1.3).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def checked(data: bytes) -> str:
    """Its type. Raises ValidationError."""
    if len(data) > LOGO_OCTETS:
        raise ValidationError(_("The picture is larger than 64 KB."))
    kind = inline_type("", data)
    if kind not in _TYPES:
        raise ValidationError(_("The logo has to be a PNG or JPEG picture."))
    width, height = _png_size(data) if kind == "image/png" else _jpeg_size(data)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise ValidationError(_("The picture may be up to 1024 pixels wide and high."))
    return kind


def set_logo(domain: MailDomain, data: bytes) -> None:
    """Not saved yet; b"" takes it away. Raises ValidationError."""
    domain.logo_type = checked(data) if data else ""
    domain.logo = data


def _png_size(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """(0, 0) where none is told."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 1 if marker == 0xFF else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return 0, 0
