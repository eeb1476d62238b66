"""The header of a message or part as raw fields: RFC 5322, 2.2, and what arrives instead. One pass."""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_FIELDS = 2_000
MAX_FIELD = 262_144
MAX_KEPT = 2_097_152

Headers = tuple[tuple[str, bytes], ...]

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_BREAKS = re.compile(rb"[\r\n]+")


def parse_headers(raw: bytes) -> Headers:
    """(name as spelt, raw value without line breaks) in order. Never raises.

    Lines that are no fields are passed over; at most 2,000 fields and 256 KiB of one are kept.
    """
    return split_header(raw)[0]


def first(headers: Headers, name: str) -> bytes | None:
    """The first field of that name, in any case."""
    name = name.lower()
    return next((value for key, value in headers if key.lower() == name), None)


def line_ends(raw: bytes) -> bytes:
    """The same octets with CR for a line's end as LF, where no line ends otherwise; positions stay."""
    return raw.replace(b"\r", b"\n") if b"\r" in raw and b"\n" not in raw else raw


def split_header(
    raw: bytes, start: int = 0, *, is_end: Callable[[bytes], object] | None = None, cut: bool = False
) -> tuple[Headers, int]:
    """(fields, where the body starts). `is_end` says of a line that starts with "--" that the part ends there.

    With `cut`, more octets belong after `raw`: a last line that is no field yet may still become one.
    """
    fields: list[tuple[str, list[bytes]]] = []
    position, end, kept, room = start, len(raw), 0, 0
    if raw.startswith(b"\xef\xbb\xbf", position):
        position += 3
    while position < end:
        stop = raw.find(b"\n", position) + 1 or end
        line = raw[position : min(stop, position + MAX_FIELD)]
        if not line.strip(b"\r\n"):
            return _joined(fields), stop
        if is_end is not None and line.startswith(b"--") and is_end(line):
            return _joined(fields), position
        if line[:1] in b" \t":
            if fields and room > 0:
                fields[-1][1].append(line)
                room -= len(line)
                kept += len(line)
        elif found := _FIELD.match(line):
            room = min(MAX_FIELD, MAX_KEPT - kept) if len(fields) < MAX_FIELDS else 0
            if room > 0:
                fields.append((found[1].decode("ascii"), [line[found.end() :]]))
                kept += len(line)
                room -= len(line)
        elif cut and stop == end:
            return _joined(fields), end
        elif fields and (line.startswith(b"--") or not _goes_on(raw, stop)):
            return _joined(fields), position  # the blank line is missing
        position = stop
    return _joined(fields), min(position, end)


def _goes_on(raw: bytes, position: int) -> bool:
    """After a line that is no field, more fields or the end of the header follow."""
    return raw[position : position + 2].lstrip(b"\r")[:1] == b"\n" or bool(_FIELD.match(raw, position))


def _joined(fields: list[tuple[str, list[bytes]]]) -> Headers:
    return tuple((name, _BREAKS.sub(b"", b"".join(lines)).strip(b" \t")) for name, lines in fields)
