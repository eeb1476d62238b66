"""LIST, LSUB, STATUS, NAMESPACE, QUOTA, ACL (RFC 9051, 7.3; RFC 2342, 9208, 4314)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from webmail.imap.parse.lexer import Node, fold, lex, literal_mark, tokenise
from webmail.imap.parse.response import (
    AclResponse,
    ListResponse,
    MyRights,
    NamespaceResponse,
    QuotaResponse,
    QuotaRoot,
    StatusResponse,
)
from webmail.imap.parse.source import Source
from webmail.imap.parse.text import BrokenError, number, number_or, octets, readable, text
from webmail.imap.types import ListedMailbox, Namespace, Quota, Status

_ATTRIBUTES = re.compile(rb"\s*(?:\(([^()]*+)\)|NIL)?\s*", re.IGNORECASE)
_DELIMITER = re.compile(
    rb'(?:"\\?(.)"|"([^"\\])[^"]+"|"")\s*|(?:NIL|([^\s"({])(?=\s))(?:\s+|(?=")|\Z)', re.IGNORECASE | re.DOTALL
)
_ESCAPED = re.compile(rb'\\(["\\])')
_XLIST = {
    "\\allmail": "\\all",
    "\\spam": "\\junk",
    "\\starred": "\\flagged",
    "\\bin": "\\trash",
}


def listed(source: Source, *, lsub: bool = False) -> ListResponse:
    """Raises BrokenError without a name."""
    first, start = source.raw[0], source.start
    end = len(first) if len(source.raw) == 1 else literal_mark(first)
    match = _ATTRIBUTES.match(first, start, end)
    words = match[1].split() if match and match[1] else []
    start = match.end() if match else start
    raw = source.raw
    delimiter: str | None = None
    if start >= end and len(raw) > 2:
        # The delimiter is a literal.
        delimiter = readable(raw[1]) or None
        raw, start = raw[2:], 0
        end = len(raw[0]) if len(raw) == 1 else literal_mark(raw[0])
        start += len(raw[0][:end]) - len(raw[0][:end].lstrip())
    elif match := _DELIMITER.match(raw[0], start, end):
        delimiter = readable(match[1] or match[2] or match[3] or b"") or None
        start = match.end()
    wire, rest = take_name(raw, start)
    attributes = frozenset(
        _XLIST.get(word, word) for word in (readable(word).lower() for word in words if len(word) < 1000)
    )
    old_name, child_info = _extended(rest, source) if rest else (None, frozenset[str]())
    return ListResponse(
        ListedMailbox(source.name(wire), wire, delimiter, attributes, None, old_name, child_info), lsub
    )


def _extended(rest: Sequence[bytes], source: Source) -> tuple[str | None, frozenset[str]]:
    """RFC 5258's extended data: pairs of a name and a list."""
    nodes = lex(rest, 0, source.limits.depth)
    pairs = nodes[0] if nodes and isinstance(nodes[0], list) else nodes
    old_name: str | None = None
    child_info: frozenset[str] = frozenset()
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        name = text(key).upper()
        if name == "OLDNAME" and (wire := octets(value)):
            old_name = source.name(wire)
        elif name == "CHILDINFO":
            options = value if isinstance(value, list) else [value]
            child_info = frozenset(
                readable(option).upper() for option in options if isinstance(option, bytes)
            )
    return old_name, child_info


# A name ends before extended data or STATUS items; or, unquoted and with spaces, where they begin.
_QUOTED_NAME = re.compile(rb'"([^"\\]*+(?>(?:\\.[^"\\]*+)*))"(?=\s*(?:\(|\Z))', re.DOTALL)
_RAGGED_NAME = re.compile(rb'"((?>(?:[^"]++|"(?!\s*(?:\(|\Z)))*))"', re.DOTALL)
_BARE_NAME = re.compile(rb"(\S++(?>(?:\s++(?!\(|\Z)\S++)*))\s*")


def take_name(raw: Sequence[bytes], start: int) -> tuple[bytes, Sequence[bytes]]:
    """A mailbox's name that stands last or before a list, and what follows it. Raises BrokenError."""
    first = raw[0]
    end = len(first) if len(raw) == 1 else literal_mark(first)
    while start < end and first[start] in b" \t":
        start += 1
    if start == end and len(raw) > 2:
        return raw[1], raw[2:] if len(raw) > 3 or raw[2].strip() else ()
    for pattern in (_QUOTED_NAME, _RAGGED_NAME, _BARE_NAME):
        if match := pattern.match(first, start):
            name = match[1]
            if pattern is not _BARE_NAME and b"\\" in name:
                name = _ESCAPED.sub(rb"\1", name)
            following = first[match.end() :]
            return name, (following, *raw[1:]) if following.strip() or len(raw) > 1 else ()
    raise BrokenError


_STATUS_FIELDS = {
    "MESSAGES": "messages",
    "UNSEEN": "unseen",
    "RECENT": "recent",
    "UIDNEXT": "uid_next",
    "UIDVALIDITY": "uid_validity",
    "HIGHESTMODSEQ": "highest_modseq",
    "SIZE": "size",
    "DELETED": "deleted",
}


def status(source: Source) -> StatusResponse:
    """Raises BrokenError without a name."""
    wire, rest = take_name(source.raw, source.start)
    values: dict[str, int] = {}
    nodes = lex(rest, 0, source.limits.depth) if rest else []
    items = nodes[0] if nodes and isinstance(nodes[0], list) else nodes
    index = 0
    while index + 1 < len(items):
        field = _STATUS_FIELDS.get(text(items[index]).upper())
        if field is not None:
            try:
                values[field] = number(items[index + 1])
            except BrokenError:
                if text(items[index + 1]).upper() in _STATUS_FIELDS:
                    index += 1
                    continue
        index += 2
    return StatusResponse(source.name(wire), wire, Status(**values))


def namespace(source: Source) -> NamespaceResponse:
    nodes = source.nodes()
    kinds = [_prefixes(node, source) for node in nodes[:3]]
    kinds += [()] * (3 - len(kinds))
    personal, others, shared = kinds
    return NamespaceResponse(Namespace(personal or Namespace().personal, others, shared))


def _prefixes(node: Node, source: Source) -> tuple[tuple[str, str | None], ...]:
    if not isinstance(node, list):
        return ()
    entries = node if any(isinstance(item, list) for item in node) else [node]
    found = []
    for entry in entries:
        if isinstance(entry, list) and entry and isinstance(entry[0], bytes):
            delimiter = text(entry[1]) if len(entry) > 1 else ""
            prefix = source.name(entry[0]) if entry[0].upper() != b"INBOX" else readable(entry[0])
            found.append((prefix, delimiter or None))
    return tuple(found)


def quota(source: Source) -> QuotaResponse:
    nodes = source.nodes()
    root = text(nodes[0]) if nodes and not isinstance(nodes[0], list) else ""
    triples = next((node for node in nodes if isinstance(node, list)), [])
    return QuotaResponse(
        tuple(
            Quota(
                root,
                text(triples[index]).upper(),
                number_or(triples[index + 1], 0),
                number_or(triples[index + 2], 0),
            )
            for index in range(0, len(triples) - 2, 3)
        )
    )


def _words(source: Source) -> tuple[bytes, list[Node]]:
    """A name as a string, then more of them: no list follows, so the name must be an honest string."""
    nodes = fold(tokenise(source.raw, source.start)[0], source.limits.depth)[0]
    if not nodes:
        raise BrokenError
    first = nodes[0]
    if isinstance(first, list):
        raise BrokenError
    return b"NIL" if first is None else first, nodes[1:]


def quota_root(source: Source) -> QuotaRoot:
    wire, roots = _words(source)
    return QuotaRoot(source.name(wire), wire, tuple(text(root) for root in roots))


def acl(source: Source) -> AclResponse:
    wire, words = _words(source)
    rights = {text(who): text(what) for who, what in zip(words[::2], words[1::2], strict=False)}
    return AclResponse(source.name(wire), wire, rights)


def my_rights(source: Source) -> MyRights:
    wire, words = _words(source)
    return MyRights(source.name(wire), wire, text(words[0]) if words else "")
