"""The octets of each part of a message (RFC 2045, 2046), and what IMAP says of them (RFC 9051, 7.5.2).

pymap's own tree gives Content-Disposition as one string, counts the line break before a boundary as content
and loses a part with an empty body, so the demo brings its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.utils import getaddresses
from functools import cached_property

MAX_DEPTH = 60
_BLANK_LINE = re.compile(rb"(?m)^\r?\n")
_FIELD = re.compile(rb"(?m)^([!-9;-~]+)[ \t]*:((?:.*\n(?=[ \t]))*.*(?:\n|\Z))")
_PARAM = re.compile(rb';\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', re.DOTALL)
_PLAIN_QUOTED = re.compile(rb"[\x20-\x7e]{0,900}\Z")


@dataclass(frozen=True)
class Entity:
    """A message or a part: its octets from `start` to `end`, the body from `body`."""

    data: bytes
    start: int
    body: int
    end: int
    depth: int = 0
    default_type: bytes = b"text/plain"

    @classmethod
    def parse(
        cls, data: bytes, start: int, end: int, depth: int = 0, default: bytes = b"text/plain"
    ) -> Entity:
        blank = _BLANK_LINE.search(data, start, end)
        return cls(data, start, blank.end() if blank else end, end, depth, default)

    @property
    def header(self) -> bytes:
        return self.data[self.start : self.body]

    @property
    def content(self) -> bytes:
        return self.data[self.body : self.end]

    @property
    def size(self) -> int:
        return self.end - self.body

    @property
    def lines(self) -> int:
        return self.data.count(b"\n", self.body, self.end)

    @cached_property
    def fields(self) -> tuple[tuple[bytes, bytes, bytes], ...]:
        """(name in upper case, unfolded value, octets as they stand) of each header field."""
        return tuple(
            (match[1].upper(), re.sub(rb"\r?\n", b"", match[2]).strip(), match[0])
            for match in _FIELD.finditer(self.header)
        )

    def values(self, name: bytes) -> list[bytes]:
        return [value for key, value, _ in self.fields if key == name]

    def value(self, name: bytes) -> bytes | None:
        return next(iter(self.values(name)), None)

    @cached_property
    def type(self) -> tuple[bytes, bytes]:
        stated = (self.value(b"CONTENT-TYPE") or b"").split(b";", 1)[0].strip().lower()
        main, _, sub = (stated if re.fullmatch(rb"[^\s/]+/[^\s/]+", stated) else self.default_type).partition(
            b"/"
        )
        if (main == b"multipart" or sub == b"rfc822") and self.depth >= MAX_DEPTH:
            return b"application", b"octet-stream"
        if main == b"multipart" and b"boundary" not in dict(self.params):
            return b"text", b"plain"
        return main, sub

    @cached_property
    def params(self) -> tuple[tuple[bytes, bytes], ...]:
        return parameters(self.value(b"CONTENT-TYPE"))

    @property
    def is_multipart(self) -> bool:
        return self.type[0] == b"multipart"

    @property
    def is_message(self) -> bool:
        return self.type == (b"message", b"rfc822")

    @cached_property
    def children(self) -> tuple[Entity, ...]:
        """The parts of a multipart; the one message within a message/rfc822."""
        if self.is_message:
            return (Entity.parse(self.data, self.body, self.end, self.depth + 1),)
        if not self.is_multipart:
            return ()
        default = b"message/rfc822" if self.type[1] == b"digest" else b"text/plain"
        return tuple(Entity.parse(self.data, a, b, self.depth + 1, default) for a, b in self._spans())

    def _spans(self) -> Iterator[tuple[int, int]]:
        boundary = re.escape(dict(self.params)[b"boundary"].rstrip())
        delimiter = re.compile(rb"(?m)^--" + boundary + rb"(--)?[ \t]*\r?(?:\n|\Z)")
        opened: int | None = None
        for match in delimiter.finditer(self.data, self.body, self.end):
            if opened is not None:
                stop = match.start()
                stop -= 2 if self.data[max(opened, stop - 2) : stop] == b"\r\n" else 1
                yield opened, max(opened, stop)
            opened = None if match[1] else match.end()
            if match[1]:
                return
        if opened is not None:
            yield opened, self.end

    def find(self, section: Sequence[int]) -> Entity:
        """RFC 9051's part number in this message. Raises IndexError where there is none."""
        found = self
        for place, number in enumerate(section):
            container = found.children[0] if place and found.is_message else found
            if container.is_multipart:
                if number < 1:
                    raise IndexError(number)
                found = container.children[number - 1]
            elif number == 1 and (not place or found.is_message):
                found = container
            else:
                raise IndexError(number)
        return found

    def walk(self) -> Iterator[Entity]:
        yield self
        for child in self.children:
            yield from child.walk()


def parameters(value: bytes | None) -> tuple[tuple[bytes, bytes], ...]:
    """A field's parameters as they stand: RFC 2231 continuations are the reader's business."""
    if value is None:
        return ()
    return tuple(
        (name.lower(), re.sub(rb"\\(.)", rb"\1", quoted) if quoted else bare)
        for name, quoted, bare in _PARAM.findall(value)
    )


def string(value: bytes | None) -> bytes:
    """An IMAP nstring: NIL, quoted, or a literal for anything not plain."""
    if value is None:
        return b"NIL"
    if _PLAIN_QUOTED.match(value):
        return b'"' + re.sub(rb'(["\\])', rb"\\\1", value) + b'"'
    return b"{%d}\r\n%b" % (len(value), value)


def envelope(message: Entity) -> bytes:
    """RFC 9051's ENVELOPE with the fields' own octets: encoded words stay as they are."""
    sender = _addresses(message.values(b"FROM"))
    return _list(
        [
            string(message.value(b"DATE")),
            string(message.value(b"SUBJECT")),
            sender,
            _or(_addresses(message.values(b"SENDER")), sender),
            _or(_addresses(message.values(b"REPLY-TO")), sender),
            *(_addresses(message.values(name)) for name in (b"TO", b"CC", b"BCC")),
            string(message.value(b"IN-REPLY-TO")),
            string(message.value(b"MESSAGE-ID")),
        ]
    )


def structure(part: Entity, *, extended: bool) -> bytes:
    """BODY, or BODYSTRUCTURE where `extended`."""
    rest = [
        _disposition(part),
        string(part.value(b"CONTENT-LANGUAGE")),
        string(part.value(b"CONTENT-LOCATION")),
    ]
    main, sub = part.type
    if part.is_multipart and part.children:
        nested = b"".join(structure(child, extended=extended) for child in part.children)
        return _list([nested, string(sub), *([_params(part.params), *rest] if extended else [])])
    if part.is_multipart:
        main, sub = b"text", b"plain"
    fields = [
        string(main),
        string(sub),
        _params(part.params),
        string(part.value(b"CONTENT-ID")),
        string(part.value(b"CONTENT-DESCRIPTION")),
        string((part.value(b"CONTENT-TRANSFER-ENCODING") or b"7bit").split(b";")[0].strip().lower()),
        b"%d" % part.size,
    ]
    if part.is_message:
        inner = part.children[0]
        fields += [envelope(inner), structure(inner, extended=extended)]
    if part.is_message or main == b"text":
        fields.append(b"%d" % part.lines)
    return _list([*fields, *([string(part.value(b"CONTENT-MD5")), *rest] if extended else [])])


def _list(items: Iterable[bytes]) -> bytes:
    return b"(" + b" ".join(items) + b")"


def _or(value: bytes, otherwise: bytes) -> bytes:
    return otherwise if value == b"NIL" else value


def _params(params: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return _list(string(word) for pair in params for word in pair) if params else b"NIL"


def _disposition(part: Entity) -> bytes:
    value = part.value(b"CONTENT-DISPOSITION")
    if not value:
        return b"NIL"
    return _list([string(value.split(b";", 1)[0].strip().lower()), _params(parameters(value))])


def _addresses(values: list[bytes]) -> bytes:
    found = []
    for name, address in getaddresses([value.decode("latin-1") for value in values]):
        local, _, host = address.rpartition("@") if "@" in address else (address, "", "")
        if name or address:
            wire = [string(word.encode("latin-1")) if word else b"NIL" for word in (name, "", local, host)]
            found.append(_list(wire))
    return b"(" + b"".join(found) + b")" if found else b"NIL"
