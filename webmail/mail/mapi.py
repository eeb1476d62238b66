"""A list of MAPI properties inside TNEF (MS-OXTNEF, 2.1.3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MAX_PROPERTIES = 5_000
MAX_VALUES = 10_000

_MULTIPLE = 0x1000
_OBJECT, _STRING8, _UNICODE, _BINARY = 0x0D, 0x1E, 0x1F, 0x102
_VARIABLE = frozenset({_OBJECT, _STRING8, _UNICODE, _BINARY})
_SIZES = {
    0x00: 0, 0x01: 0, 0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8,
    0x48: 16,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """`number` is the property's identifier (0 for a named one), `value` its first value's octets."""

    number: int
    kind: int
    value: bytes

    @property
    def is_unicode(self) -> bool:
        return self.kind == _UNICODE

    @property
    def is_object(self) -> bool:
        return self.kind == _OBJECT


class _Ended(Exception):  # noqa: N818 (a signal, not an error)
    pass


class _Octets:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def take(self, size: int) -> bytes:
        end = self._position + size
        if end > len(self._data):
            raise _Ended
        value = self._data[self._position : end]
        self._position = end + -size % 4  # everything is padded to four octets
        return value

    def number(self) -> int:
        return int.from_bytes(self.take(4), "little")


def read_properties(data: bytes) -> Iterator[Property]:
    """The properties in order, as far as the octets make sense."""
    octets = _Octets(data)
    try:
        for _ in range(min(octets.number(), MAX_PROPERTIES)):
            yield _property(octets)
    except _Ended:
        return


def _property(octets: _Octets) -> Property:
    tag = octets.number()
    kind, number = tag & 0xFFFF, tag >> 16
    if number >= 0x8000:
        octets.take(16)
        if octets.number() == 1:
            octets.take(octets.number())
        else:
            octets.number()
        number = 0
    base = kind & ~_MULTIPLE
    if base in _VARIABLE:
        count = octets.number()
        if count > MAX_VALUES:
            raise _Ended
        values = [octets.take(octets.number()) for _ in range(count)]
        return Property(number, base, values[0] if values else b"")
    if base not in _SIZES:
        raise _Ended
    count = octets.number() if kind & _MULTIPLE else 1
    if count > MAX_VALUES:
        raise _Ended
    values = [octets.take(_SIZES[base]) for _ in range(count)]
    return Property(number, base, values[0] if values else b"")
