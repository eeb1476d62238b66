"""A message or the beginning of one as a tree of parts, numbered as IMAP numbers them (RFC 9051, 6.4.5).

Tolerant of everything and linear in the length: one pass over the lines that start with "--", no recursion but
for building the tree, whose depth is limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from webmail.mail.header_block import Headers, first, line_ends, split_header
from webmail.mail.params import decode_params, parse_params
from webmail.mail.part import DEFAULT_TYPE, Part, make_part

MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
_IDENTITY = frozenset({"", "7bit", "8bit", "binary"})
_MAX_BOUNDARY = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """`depth` counts nested multiparts and messages, `parts` all parts. What is past them is not taken apart."""

    depth: int = 100
    parts: int = 5_000


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part lies in the octets: its header from `header`, its body from `start` to `end`.

    `complete` is False where the octets end before the part does.
    """

    header: int
    start: int
    end: int
    complete: bool


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """`spans` are by section; `messages` has the headers of each nested message by its part's section.

    `limited` means that a limit was met and parts are missing.
    """

    raw: bytes
    headers: Headers
    root: Part
    spans: dict[str, Span]
    messages: dict[str, Headers]
    limited: bool = False

    def body(self, section: str) -> bytes:
        """A part's octets as transferred; b"" for a section that is not there."""
        span = self.spans.get(section)
        return self.raw[span.start : span.end] if span else b""

    def complete(self, section: str) -> bool:
        span = self.spans.get(section)
        return span is not None and span.complete


def parse_message(raw: bytes, *, limits: Limits = Limits(), complete: bool = True) -> ParsedMessage:
    """Takes a message apart. `complete` False says that `raw` is the beginning of a longer one. Never raises."""
    raw = line_ends(raw)
    parser = _Parser(raw, limits, cut=not complete)
    root = parser.message(0)
    parser.run(complete=complete)
    return _parsed(parser, root)


def slice_text(raw_text: bytes, structure: Part) -> dict[str, tuple[bytes, bool]]:
    """The bodies of parts in (the beginning of) BODY[TEXT], by section: (octets as transferred, complete).

    Only what agrees with the server's `structure` in type and size is given, so a wrong body is never shown for
    a part; what is left out must be fetched by itself.
    """
    if not structure.children and structure.type not in MESSAGE_TYPES:
        return {structure.section: (raw_text[: structure.size], len(raw_text) >= structure.size)}
    parser = _Parser(raw_text, Limits(), cut=True)
    top = _Node(
        structure.section, 0, 0, type=structure.type, boundary=_boundary(structure.param("boundary").encode())
    )
    parser.enter(top)
    parser.run(complete=False)
    ours = _parsed(parser, top)
    known = {part.section: part for part in reversed(list(structure.walk()))}
    found: dict[str, tuple[bytes, bool]] = {}
    for part in ours.root.walk():
        told = known.get(part.section)
        span = ours.spans[part.section]
        if (
            part.section in found
            or told is None
            or told.type != part.type
            or part.type.startswith("multipart/")
        ):
            continue
        data = raw_text[span.start : span.end]
        if not data and told.size:  # its header may be cut, and then its type is not known yet
            continue
        if len(data) == told.size or (len(data) > told.size and not span.complete):
            found[part.section] = data[: told.size], True
        elif not span.complete:
            found[part.section] = data, False
    return found


@dataclass(slots=True)
class _Node:
    section: str
    header: int
    start: int
    headers: Headers = ()
    type: str = DEFAULT_TYPE
    boundary: bytes = b""
    params: dict[str, bytes] = field(default_factory=dict)
    encoding: str = "7bit"
    end: int = -1
    whole: bool = False
    count: int = 0
    children: list[_Node] = field(default_factory=list)


class _Parser:
    """`open` are the nodes from the root to where we are; `delimiters` says which of them a boundary belongs to."""

    def __init__(self, raw: bytes, limits: Limits, *, cut: bool = False) -> None:
        self.raw, self.limits, self.cut = raw, limits, cut
        self.open: list[_Node] = []
        self.delimiters: dict[bytes, list[int]] = {}
        self.position = 0
        self.count = 0
        self.limited = False

    def message(self, start: int, *, within: str = "") -> _Node:
        """A message's own body, opened: its number depends on what it is."""
        node = self._node("", start, DEFAULT_TYPE)
        multipart = node.type.startswith("multipart/") and bool(node.boundary)
        node.section = within if multipart else f"{within}.1" if within else "1"
        self.enter(node)
        return node

    def _node(self, section: str, start: int, default: str) -> _Node:
        headers, body = split_header(self.raw, start, is_end=self._find if start else None, cut=self.cut)
        node = _Node(section, start, body, headers)
        self.count += 1
        content_type = first(headers, "content-type")
        if content_type is None:
            node.type = default
        else:
            main, node.params = parse_params(content_type)
            major, slash, minor = main.partition("/")
            node.type = main if slash and major and minor else "text/plain"
            if node.type.startswith("multipart/"):
                node.boundary = _boundary(node.params.get("boundary") or _extended_boundary(node.params))
        encoding = first(headers, "content-transfer-encoding") or b""
        node.encoding = encoding.partition(b";")[0].strip(b" \t\"'").decode("latin_1").lower()
        return node

    def enter(self, node: _Node) -> None:
        self.open.append(node)
        self.position = node.start
        nests = (node.type.startswith("multipart/") and node.boundary) or (
            node.type in MESSAGE_TYPES and node.encoding in _IDENTITY
        )
        if nests and len(self.open) > self.limits.depth:
            self.limited = True
        elif not nests:
            return
        elif node.boundary and node.type.startswith("multipart/"):
            self.delimiters.setdefault(node.boundary, []).append(len(self.open) - 1)
        elif self.count < self.limits.parts:
            node.children.append(self.message(node.start, within=node.section))
        else:
            self.limited = True

    def run(self, *, complete: bool) -> None:
        for start, stop, index, closes in self._lines():
            end = start - 1 if start else 0
            if end and self.raw[end - 1] == 0x0D:
                end -= 1
            self._close(index + 1, end)
            parent = self.open[index]
            if closes:
                self._close(index, stop)
            elif self.count >= self.limits.parts:
                self.limited = True
                break
            else:
                parent.count += 1
                prefix = f"{parent.section}." if parent.section else ""
                default = "message/rfc822" if parent.type == "multipart/digest" else DEFAULT_TYPE
                node = self._node(f"{prefix}{parent.count}", stop, default)
                parent.children.append(node)
                self.enter(node)
        self._close(0, len(self.raw), whole=complete)

    def _lines(self) -> Iterator[tuple[int, int, int, bool]]:
        """Delimiter lines from `position` on: (start, end, whose, whether it is the last of them)."""
        while self.delimiters:
            at = self.position
            start = (
                at if not at and self.raw.startswith(b"--") else self.raw.find(b"\n--", max(0, at - 1)) + 1
            )
            if not start and not (at == 0 and self.raw.startswith(b"--")):
                return
            stop = self.raw.find(b"\n", start) + 1 or len(self.raw)
            self.position = stop
            found = self._find(self.raw[start : min(stop, start + _MAX_BOUNDARY + 8)])
            if found:
                yield start, stop, *found

    def _find(self, line: bytes) -> tuple[int, bool] | None:
        token = line[2:].rstrip()
        if token in self.delimiters:
            return self.delimiters[token][-1], False
        if token.endswith(b"--") and token[:-2] in self.delimiters:
            return self.delimiters[token[:-2]][-1], True
        return None

    def _close(self, index: int, end: int, *, whole: bool = True) -> None:
        while len(self.open) > index:
            node = self.open.pop()
            node.end, node.whole = max(end, node.start), whole
            indices = self.delimiters.get(node.boundary)
            if indices and indices[-1] == len(self.open):
                indices.pop()
                if not indices:
                    del self.delimiters[node.boundary]


def _boundary(value: bytes) -> bytes:
    return value[:_MAX_BOUNDARY].rstrip()


def _extended_boundary(params: dict[str, bytes]) -> bytes:
    return decode_params(params).get("boundary", "").encode()


def _parsed(parser: _Parser, root: _Node) -> ParsedMessage:
    spans: dict[str, Span] = {}
    messages: dict[str, Headers] = {}
    tree = _part(root, spans, messages)
    return ParsedMessage(parser.raw, root.headers, tree, spans, messages, parser.limited)


def _part(node: _Node, spans: dict[str, Span], messages: dict[str, Headers]) -> Part:
    spans.setdefault(node.section, Span(node.header, node.start, node.end, node.whole))
    subject = None
    if node.type in MESSAGE_TYPES and node.children:
        messages[node.section] = node.children[0].headers
        subject = first(node.children[0].headers, "subject")
    disposition, disposition_params = parse_params(first(node.headers, "content-disposition") or b"")
    return make_part(
        section=node.section,
        type=node.type,
        params=node.params,
        encoding=node.encoding,
        size=0 if node.children and node.type.startswith("multipart/") else node.end - node.start,
        disposition=disposition,
        disposition_params=disposition_params,
        content_id=first(node.headers, "content-id"),
        location=first(node.headers, "content-location"),
        description=first(node.headers, "content-description"),
        subject=subject,
        children=tuple(_part(child, spans, messages) for child in node.children),
    )
