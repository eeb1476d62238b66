"""ENVELOPE (RFC 9051, 7.5.2), as servers really send it."""

from __future__ import annotations

from webmail.imap.parse.lexer import Node
from webmail.imap.parse.text import BrokenError, octets
from webmail.imap.types import Address, Envelope

_STRINGS = frozenset({0, 1, 8, 9})


def envelope(node: Node) -> Envelope:
    """Raises BrokenError where nothing of an envelope is there."""
    while isinstance(node, list) and len(node) == 1 and isinstance(node[0], list):
        node = node[0]
    if not isinstance(node, list) or not node:
        raise BrokenError
    if len(node) != 10 or not _is_regular(node):
        node = _align(node)
    date, subject, from_, sender, reply_to, to, cc, bcc, in_reply_to, message_id = node
    author = addresses(from_)
    return Envelope(
        octets(date),
        octets(subject),
        author,
        author if sender == from_ else addresses(sender),
        author if reply_to == from_ else addresses(reply_to),
        addresses(to),
        addresses(cc),
        addresses(bcc),
        octets(in_reply_to),
        octets(message_id),
    )


def addresses(node: Node) -> tuple[Address, ...]:
    if not node:
        return ()
    if not isinstance(node, list):
        return (_bare(node),)
    if not isinstance(node[0], list) and not any(isinstance(item, list) for item in node):
        return (_address(node),) if any(node) else ()
    found = []
    for item in node:
        if not isinstance(item, list):
            if item:
                found.append(_bare(item))
        elif item and isinstance(item[0], list):
            found += [_address(inner) for inner in item if isinstance(inner, list) and inner]
        elif item:
            found.append(_address(item))
    return tuple(found)


def _address(node: list[Node]) -> Address:
    if len(node) == 4:
        name, _, mailbox, host = node
        if not (isinstance(name, list) or isinstance(mailbox, list) or isinstance(host, list)):
            return Address(name, mailbox, host)
    values = [octets(item) for item in node]
    if len(values) == 1:
        return _bare(values[0] or b"")
    if len(values) == 2:
        return Address(None, values[0], values[1])
    if len(values) == 3:
        return Address(values[0], values[1], values[2])
    return Address(values[0], values[2], values[3])


def _bare(value: bytes) -> Address:
    """An address that came as one string: "Name <local@domain>" or "local@domain"."""
    name, bracket, rest = value.rpartition(b"<")
    local, at, domain = (rest.partition(b">")[0] if bracket else value).rpartition(b"@")
    if not at:
        local, domain = domain, b""
    return Address(name.strip(b' "') or None, local.strip(), domain.strip())


def _is_regular(node: list[Node]) -> bool:
    for index, item in enumerate(node):
        if item is not None and isinstance(item, list) is (index in _STRINGS):
            return False
    return True


def _align(node: list[Node]) -> list[Node]:
    """Ten fields out of any number: each goes to the next field of its kind."""
    fields: list[Node] = [None] * 10
    subject: list[bytes] = []
    slot = 0
    for item in node:
        if slot == 2 and isinstance(item, bytes) and b"@" not in item:
            # The subject held a quote and a space.
            subject.append(item)
            continue
        if slot < 2 and isinstance(item, list) and not (len(item) == 1 and isinstance(item[0], bytes)):
            if slot == 1 and not _is_date(octets(fields[0])):
                fields[0], fields[1] = None, fields[0]
            slot = 2
        elif 2 < slot < 8 and isinstance(item, bytes) and _is_message_id(item):
            slot = 8
        if slot > 9:
            break
        fields[slot] = item
        slot += 1
    if subject:
        fields[1] = b'" "'.join([octets(fields[1]) or b"", *subject])
    if fields[8] is not None and slot == 9 and len(node) < 10:
        fields[8], fields[9] = None, fields[8]
    return fields


def _is_message_id(value: bytes) -> bool:
    return value[:1] == b"<" and value[-1:] == b">"


def _is_date(value: bytes | None) -> bool:
    return value is not None and value.count(b":") > 0 and any(0x30 <= octet <= 0x39 for octet in value)
