"""One complete response to one value: a pure function of bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal, cast

from webmail.imap.errors import ProtocolError
from webmail.imap.parse.codes import capabilities, status_text
from webmail.imap.parse.fetch import fetched
from webmail.imap.parse.flags import flags
from webmail.imap.parse.limits import DEFAULT, ParseLimits
from webmail.imap.parse.mailbox import acl, listed, my_rights, namespace, quota, quota_root, status
from webmail.imap.parse.response import (
    Capability,
    Condition,
    Continuation,
    Enabled,
    Exists,
    Expunge,
    FetchResponse,
    Flags,
    Id,
    Recent,
    Response,
    Tagged,
    Unknown,
)
from webmail.imap.parse.search import esearch, search, thread, vanished
from webmail.imap.parse.source import Source
from webmail.imap.parse.text import BrokenError, octets, readable, text

_UNTAGGED = re.compile(rb"\s*\*\s*(?:(-?\d{1,20})\s+)?([A-Za-z][A-Za-z0-9_-]*+)")
_TAGGED = re.compile(rb"([^\s(){*+]\S*+)\s+(OK|NO|BAD)(?=[\s\[]|\Z)", re.IGNORECASE)


def parse_response(raw: Sequence[bytes], *, limits: ParseLimits = DEFAULT, utf8: bool = False) -> Response:
    """`raw` is text, literal, text, …, text: the `{123}` still ends each text before a literal, no CRLF the last.

    `utf8` where UTF8=ACCEPT was enabled, so that mailbox names are UTF-8 (RFC 6855). What is not understood is
    Unknown. Raises LimitError for a result past `limits`, and ProtocolError where `raw` is not of this shape.
    """
    if not len(raw) % 2:
        raise ProtocolError("a response that ends in a literal")
    first = raw[0]
    if match := _UNTAGGED.match(first):
        number, name = match[1], match[2].upper()
        try:
            if number is not None:
                return _numbered(int(number), name, raw, match.end(), limits)
            if handler := _HANDLERS.get(name):
                return handler(Source(raw, match.end(), limits, utf8))
        except BrokenError:
            pass
        return _unknown(first)
    if first[:1] == b"+":
        source = Source(raw, 1, limits, utf8)
        line = source.text().removeprefix(b" ")
        return Continuation(readable(line), status_text(line, limits)[0])
    if match := _TAGGED.match(first):
        status_name = cast('Literal["OK", "NO", "BAD"]', match[2].decode("ascii").upper())
        code, message = status_text(Source(raw, match.end(), limits, utf8).text(), limits)
        return Tagged(readable(match[1]), status_name, code, message)
    return _unknown(first)


def _unknown(first: bytes) -> Unknown:
    return Unknown(readable(first[:1000]))


def _numbered(number: int, name: bytes, raw: Sequence[bytes], start: int, limits: ParseLimits) -> Response:
    number = max(number, 0)
    if name == b"FETCH":
        return FetchResponse(fetched(number, raw, start, limits))
    if name == b"EXISTS":
        return Exists(number)
    if name == b"RECENT":
        return Recent(number)
    if name == b"EXPUNGE":
        return Expunge(number)
    raise BrokenError


def _condition(name: Literal["OK", "NO", "BAD", "BYE", "PREAUTH"]) -> Callable[[Source], Response]:
    def read(source: Source) -> Response:
        return Condition(name, *status_text(source.text(), source.limits))

    return read


def _flags(source: Source) -> Response:
    nodes = source.nodes()
    return Flags(flags(nodes[0] if nodes and isinstance(nodes[0], list) else nodes))


def _id(source: Source) -> Response:
    nodes = source.nodes()
    pairs = nodes[0] if nodes and isinstance(nodes[0], list) else []
    fields: dict[str, str | None] = {}
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        fields[text(key).lower()] = text(value) if octets(value) is not None else None
    return Id(fields)


_HANDLERS: dict[bytes, Callable[[Source], Response]] = {
    b"OK": _condition("OK"),
    b"NO": _condition("NO"),
    b"BAD": _condition("BAD"),
    b"BYE": _condition("BYE"),
    b"PREAUTH": _condition("PREAUTH"),
    b"CAPABILITY": lambda source: Capability(capabilities(source.text())),
    b"ENABLED": lambda source: Enabled(capabilities(source.text())),
    b"ID": _id,
    b"FLAGS": _flags,
    b"LIST": listed,
    b"XLIST": listed,
    b"LSUB": lambda source: listed(source, lsub=True),
    b"STATUS": status,
    b"NAMESPACE": namespace,
    b"QUOTA": quota,
    b"QUOTAROOT": quota_root,
    b"ACL": acl,
    b"MYRIGHTS": my_rights,
    b"SEARCH": search,
    b"SORT": search,
    b"ESEARCH": esearch,
    b"THREAD": thread,
    b"VANISHED": vanished,
}
