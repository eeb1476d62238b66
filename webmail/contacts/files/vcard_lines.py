"""vCard's lines: unfolded (RFC 6350, 3.2), taken apart (3.3), and as the phones of vCard 2.1 write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webmail.mail.charset import decode
from webmail.mail.transfer import decode as decode_transfer

_LINE = re.compile(
    r'[ \t]*+(?:([\w-]{1,60})\.)?([\w-]{1,60})((?>(?:;[^:";]*+(?>(?:"[^"]*+"[^:";]*+)*))*))[ \t]*+:(.*)\Z',
    re.DOTALL,
)
_PARAM = re.compile(r';([^:";]*+(?>(?:"[^"]*+"[^:";]*+)*))')
_QUOTED_PRINTABLE = re.compile(r"(?i);(?:ENCODING=)?QUOTED-PRINTABLE[;:]")
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Line:
    """`name` and `params` in capitals, `params` name and value; `value` decoded but not unescaped."""

    number: int
    group: str
    name: str
    params: tuple[tuple[str, str], ...]
    value: str

    def param(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.params if key == name)


def content_lines(text: str) -> Iterator[Line | tuple[int, str]]:
    """Each logical line, or (number, text) of one that is none. Numbers count from 1. Linear."""
    pieces: list[str] = []
    start, soft = 1, False
    for number, physical in enumerate(_BREAK.split(text), 1):
        if soft:
            # Quoted-printable goes on where a line ends with "=", with or without a space before it.
            pieces[-1] = pieces[-1][:-1]
            pieces.append(physical)
            soft = physical.endswith("=")
            continue
        if physical[:1] in (" ", "\t") and pieces:
            pieces.append(physical[1:])
            continue
        if pieces:
            yield from _whole(start, "".join(pieces))
        pieces, start = [physical], number
        soft = physical.endswith("=") and _QUOTED_PRINTABLE.search(physical[:500]) is not None
    yield from _whole(start, "".join(pieces))


def _whole(number: int, text: str) -> Iterator[Line | tuple[int, str]]:
    if not text.strip():
        return
    found = _LINE.match(text)
    if found is None:
        yield number, text
        return
    group, name, raw, value = found.groups()
    params = tuple(_params(raw))
    encodings = {given.upper() for key, given in params if key == "ENCODING"}
    if "QUOTED-PRINTABLE" in encodings:
        charset = next((given for key, given in params if key == "CHARSET"), "utf-8")
        value = decode(decode_transfer(value.encode("utf_8", "replace"), "quoted-printable"), charset)
    yield Line(number, (group or "").upper(), name.upper(), params, value)


def _params(raw: str) -> Iterator[tuple[str, str]]:
    for param in _PARAM.findall(raw):
        name, equals, value = param.partition("=")
        if not equals:
            # vCard 2.1 leaves the names out: `TEL;HOME;ENCODING=...`.
            name, value = ("ENCODING" if name.strip().upper() in _ENCODINGS else "TYPE"), name
        for one in value.split(","):
            yield name.strip().upper(), one.strip(' \t"')


def split_value(value: str, separator: str) -> list[str]:
    """At each separator without a backslash before it; the pieces unescaped (RFC 6350, 3.4)."""
    pieces: list[list[str]] = [[]]
    escaped = False
    for char in value:
        if escaped:
            pieces[-1].append("\n" if char in "nN" else char if char in "\\,;:" else f"\\{char}")
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == separator:
            pieces.append([])
        else:
            pieces[-1].append(char)
    if escaped:
        pieces[-1].append("\\")
    return ["".join(piece) for piece in pieces]


def unescape(value: str) -> str:
    return split_value(value, "")[0]


def escape(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def fold_line(text: str) -> bytes:
    """At most 75 octets a line, no character cut in two, CRLF at the end (RFC 6350, 3.2)."""
    octets = text.encode()
    lines: list[bytes] = []
    start, room = 0, 75
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        lines.append(octets[start:end])
        start, room = end, 74
    return b"\r\n ".join((*lines, octets[start:])) + b"\r\n"
