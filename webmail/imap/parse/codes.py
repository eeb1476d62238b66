"""Status responses and their codes (RFC 9051, 7.1; RFC 4315, 5530, 7162)."""

from __future__ import annotations

import re

from webmail.imap.errors import ProtocolError
from webmail.imap.parse.flags import flags
from webmail.imap.parse.lexer import lex
from webmail.imap.parse.limits import ParseLimits
from webmail.imap.parse.response import Code, CodeArgument
from webmail.imap.parse.text import BrokenError, number, octets, readable
from webmail.imap.sets import parse_set
from webmail.imap.types import AppendUid, CopyUid

# The bracket that ends a code is none inside a string or a list: [PERMANENTFLAGS (a]b \*)].
_CODE = re.compile(rb'\[\s*+([^\s\]\[]++)[ \t]*+((?>(?:[^\]"(]++|"[^"]*+"|\([^()]*+\))*))\]')
_PLAIN_CODE = re.compile(rb"\[\s*+([^\s\]\[]++)[ \t]*+([^\]]*+)\]?")
_NUMBERS = frozenset({"UIDVALIDITY", "UIDNEXT", "HIGHESTMODSEQ", "UNSEEN"})


def status_text(text: bytes, limits: ParseLimits) -> tuple[Code | None, str]:
    """What follows OK, NO, BAD, BYE or PREAUTH: the code, and the text for people."""
    text = text.strip()
    if text[:1] != b"[":
        return None, readable(text)
    match = _CODE.match(text) or _PLAIN_CODE.match(text)
    if match is None:
        return None, readable(text)
    name = readable(match[1]).upper()
    return Code(name, _argument(name, match[2].strip(), limits)), readable(text[match.end() :].strip())


def capabilities(text: bytes) -> frozenset[str]:
    return frozenset(readable(name).upper() for name in text.split())


def _argument(name: str, value: bytes, limits: ParseLimits) -> CodeArgument:
    if name in _NUMBERS:
        try:
            return number(value)
        except BrokenError:
            return None
    if name == "CAPABILITY":
        return capabilities(value)
    if name == "PERMANENTFLAGS":
        nodes = lex([value], 0, limits.depth)
        return flags(nodes[0] if nodes and isinstance(nodes[0], list) else nodes)
    if name == "BADCHARSET":
        nodes = lex([value], 0, limits.depth)
        names = nodes[0] if nodes and isinstance(nodes[0], list) else nodes
        return tuple(readable(octets(node) or b"") for node in names)
    if name == "COPYUID":
        return _copy_uid(readable(value), limits)
    if name == "APPENDUID":
        return _append_uid(readable(value), limits)
    return readable(value)


def _copy_uid(value: str, limits: ParseLimits) -> CopyUid | None:
    words = value.split()
    if len(words) != 3 or not words[0].isdigit() or len(words[0]) > 10 or not words[0].isascii():
        return None
    try:
        source, target = parse_set(words[1], limits.numbers), parse_set(words[2], limits.numbers)
    except ProtocolError:
        return None
    return CopyUid(int(words[0]), source, target) if len(source) == len(target) else None


def _append_uid(value: str, limits: ParseLimits) -> AppendUid | None:
    """The first message's UID where several were appended."""
    words = value.split()
    if len(words) != 2:
        return None
    try:
        return AppendUid(parse_set(words[0], 1)[0], parse_set(words[1], limits.numbers)[0])
    except ProtocolError:
        return None
