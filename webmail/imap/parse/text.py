"""Nodes to numbers and text, whatever stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from webmail.imap import utf7
from webmail.imap.parse.lexer import Node, literal_mark

_NUMBER = re.compile(rb"\s*([+-]?)0*(\d+)")
HUGE = 2**63 - 1


class BrokenError(ValueError):
    """This value is not what it should be; never leaves the parser."""


def number(node: Node) -> int:
    """A count that is never negative and never above 2^63 - 1 (RFC 9051, 9: number64). Raises BrokenError."""
    if isinstance(node, list):
        if len(node) != 1 or isinstance(node[0], list):
            raise BrokenError
        node = node[0]
    if node is None:
        raise BrokenError
    if node.isdigit() and len(node) < 19:
        return int(node)
    match = _NUMBER.match(node)
    if match is None:
        raise BrokenError
    if match[1] == b"-":
        return 0
    return min(int(match[2]), HUGE) if len(match[2]) < 20 else HUGE


def number_or(node: Node, default: int) -> int:
    try:
        return number(node)
    except BrokenError:
        return default


def octets(node: Node) -> bytes | None:
    """A string; the first one of a list where a list stands."""
    while isinstance(node, list):
        node = node[0] if node else None
    return node


def text(node: Node) -> str:
    """Readable text: UTF-8, else Latin-1; "" for NIL."""
    value = octets(node)
    return readable(value) if value else ""


def readable(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def mailbox_name(wire: bytes, *, utf8: bool) -> str:
    """Unicode. `utf8` where UTF8=ACCEPT is on, when names are no longer in modified UTF-7 (RFC 6855)."""
    if wire.upper() == b"INBOX":
        return "INBOX"
    return readable(wire) if utf8 else utf7.decode(wire)


def joined(raw: Sequence[bytes], start: int) -> bytes:
    """A response as one text, its literals as quoted strings."""
    if len(raw) == 1:
        return raw[0][start:]
    out = []
    for index in range(0, len(raw) - 1, 2):
        piece = raw[index]
        literal = raw[index + 1].replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        out += [piece[start : literal_mark(piece)], b'"', literal, b'"']
        start = 0
    if len(raw) % 2:
        out.append(raw[-1])
    return b"".join(out)
