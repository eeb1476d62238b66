"""FETCH (RFC 9051, 7.5.2). What is broken costs itself only: the other items are read, and `broken` names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from webmail.imap import utf7
from webmail.imap.parse.dates import date_time
from webmail.imap.parse.envelope import envelope
from webmail.imap.parse.flags import flags
from webmail.imap.parse.lexer import Lexeme, Node, fold, tokenise, tokenise_tolerantly
from webmail.imap.parse.limits import ParseLimits
from webmail.imap.parse.structure import structure
from webmail.imap.parse.text import BrokenError, number, octets, text
from webmail.imap.types import Fetched


def fetched(seq: int, raw: Sequence[bytes], start: int, limits: ParseLimits) -> Fetched:
    """One message's data, from `start` in the first text of `raw`. Never raises."""
    tokens, well_formed = tokenise(raw, start)
    root, balanced = fold(tokens, limits.depth)
    message = _read(seq, _items(root), limits)
    if well_formed and balanced and not message.broken:
        return message
    again = _read(seq, _resynchronise(tokenise_tolerantly(raw, start), limits), limits)
    return again if _harm(again) < _harm(message) else message


def _harm(message: Fetched) -> tuple[bool, int, int]:
    got = sum(
        value is not None
        for value in (message.flags, message.size, message.internal_date, message.envelope, message.structure)
    )
    return message.uid is None, len(message.broken), -got - len(message.sections)


def _items(root: list[Node]) -> list[Node]:
    """The flat list of names and values, an early closing parenthesis or a missing list forgiven."""
    if not root:
        return []
    first = root[0]
    if not isinstance(first, list):
        return root
    while len(first) == 1 and isinstance(first[0], list):
        first = first[0]
    return first + root[1:] if len(root) > 1 else first


def _read(seq: int, items: list[Node], limits: ParseLimits) -> Fetched:
    values: dict[str, Any] = {}
    broken: list[str] = []
    index, end = 0, len(items)
    while index < end:
        name = items[index]
        index += 1
        if not isinstance(name, bytes):
            continue
        reader = _READERS.get(name)
        if reader is None and (reader := _reader(name)) is None:
            if index < end and not _is_name(items[index]):
                index += 1
            continue
        if index >= end:
            broken.append(_label(name))
            break
        try:
            reader(values, name, items[index], limits)
        except BrokenError:
            broken.append(_label(name))
            if _is_name(items[index]):
                continue
        index += 1
    if broken:
        values["broken"] = tuple(dict.fromkeys(broken))
    return Fetched(seq, **values)


Reader = Callable[[dict[str, Any], bytes, Node, ParseLimits], None]


def _field(name: str, convert: Callable[[Node], object]) -> Reader:
    def read(values: dict[str, Any], _: bytes, node: Node, __: ParseLimits) -> None:
        if name not in values:
            values[name] = convert(node)

    return read


def _structure(values: dict[str, Any], name: bytes, node: Node, limits: ParseLimits) -> None:
    if len(name) > 4 or "structure" not in values:
        values["structure"] = structure(node, limits)


def _gmail(field: str) -> Reader:
    def read(values: dict[str, Any], _: bytes, node: Node, __: ParseLimits) -> None:
        values.setdefault(field, text(node))

    return read


def _object_id(field: str) -> Reader:
    def read(values: dict[str, Any], _: bytes, node: Node, __: ParseLimits) -> None:
        values[field] = text(node) or None

    return read


def _whole(section: str) -> Reader:
    def read(values: dict[str, Any], _: bytes, node: Node, __: ParseLimits) -> None:
        _store(values, "sections", section, node)

    return read


def _store(values: dict[str, Any], field: str, section: str, node: Node) -> None:
    if isinstance(node, list):
        raise BrokenError
    values.setdefault(field, {})[section] = node


def _section(values: dict[str, Any], name: bytes, node: Node, _: ParseLimits) -> None:
    item, section = _split(name)
    if item == "BINARY.SIZE":
        values.setdefault("binary_sizes", {})[section] = number(node)
    else:
        _store(values, "binary" if item == "BINARY" else "sections", section, node)


_SECTION = re.compile(rb"([A-Za-z0-9.]+)\[([^\]]*)\]?")
_SPACES = re.compile(rb"\s+")


def _split(name: bytes) -> tuple[str, str]:
    """The item and its section, spelt as `Fetched.sections` has it: an origin, quotes and spare spaces gone."""
    match = _SECTION.match(name)
    if match is None:
        raise BrokenError
    section = _SPACES.sub(b" ", match[2].replace(b'"', b"")).strip()
    section = section.replace(b"( ", b"(").replace(b" )", b")")
    return match[1].decode("ascii").upper(), section.decode("latin-1").upper()


def _preview(node: Node) -> bytes | None:
    """A string; (FUZZY "…") in servers of the draft."""
    if isinstance(node, list):
        node = node[-1] if node else None
    return octets(node)


def _labels(node: Node) -> frozenset[str]:
    names = node if isinstance(node, list) else [node]
    return frozenset(utf7.decode(name) for name in names if isinstance(name, bytes))


_READERS: dict[bytes, Reader] = {
    b"UID": _field("uid", number),
    b"FLAGS": _field("flags", flags),
    b"RFC822.SIZE": _field("size", number),
    b"INTERNALDATE": _field("internal_date", date_time),
    b"ENVELOPE": _field("envelope", envelope),
    b"BODYSTRUCTURE": _structure,
    b"BODY": _structure,
    b"MODSEQ": _field("modseq", number),
    b"PREVIEW": _field("preview", _preview),
    b"SNIPPET": _field("preview", _preview),
    b"SAVEDATE": _field("save_date", date_time),
    b"EMAILID": _object_id("email_id"),
    b"THREADID": _object_id("thread_id"),
    b"X-GM-MSGID": _gmail("email_id"),
    b"X-GM-THRID": _gmail("thread_id"),
    b"X-GM-LABELS": _field("labels", _labels),
    b"RFC822": _whole(""),
    b"RFC822.HEADER": _whole("HEADER"),
    b"RFC822.TEXT": _whole("TEXT"),
}
_SECTIONED = re.compile(rb"(?:BODY(?:\.PEEK)?|BINARY(?:\.PEEK|\.SIZE)?)\[", re.IGNORECASE)


def _reader(name: bytes) -> Reader | None:
    if _SECTIONED.match(name):
        return _section
    return _READERS.get(name.upper()) if len(name) < 20 else None


def _is_name(node: Node) -> bool:
    return isinstance(node, bytes) and (node in _READERS or _SECTIONED.match(node) is not None)


def _label(name: bytes) -> str:
    return name[:100].decode("latin-1").upper()


def _resynchronise(tokens: list[Lexeme], limits: ParseLimits) -> list[Node]:
    """Names and values where parentheses can't be trusted: an atom that is an item's name begins that item."""
    items: list[Node] = []
    name: bytes | None = None
    value: list[Lexeme] = []
    for token in (*tokens, (b"", b"UID")):
        atom = token[1]
        if not atom or not (atom in _READERS or _SECTIONED.match(atom)):
            value.append(token)
            continue
        if name is not None and value:
            root = fold(value, limits.depth)[0]
            is_list = isinstance(root[0], list) if root else True
            missing_list = not is_list and name in (b"ENVELOPE", b"BODYSTRUCTURE", b"BODY") and len(root) > 1
            items += [name, root if missing_list else (root[0] if root else None)]
        elif name is not None:
            items += [name, []]
        name, value = atom, []
    return items
