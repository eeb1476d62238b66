"""BODY and BODYSTRUCTURE (RFC 9051, 7.5.2), with part numbers (RFC 9051, 6.4.5)."""

from __future__ import annotations

from webmail.imap.parse.envelope import envelope
from webmail.imap.parse.lexer import TOO_DEEP, Node
from webmail.imap.parse.limits import ParseLimits
from webmail.imap.parse.text import BrokenError, number_or, octets, readable
from webmail.imap.types import BodyPart, Envelope

_MULTIPARTS = frozenset(
    {b"mixed", b"alternative", b"related", b"signed", b"report", b"digest", b"encrypted", b"parallel"}
    | {b"form-data", b"appledouble", b"header-set", b"voice-message", b"byteranges"}
)
_TYPES = frozenset({b"text", b"image", b"audio", b"video", b"application", b"message", b"font", b"model"})
_DISPOSITIONS = frozenset({"attachment", "inline"})
_MESSAGES = frozenset({"rfc822", "global", "news"})


def structure(node: Node, limits: ParseLimits) -> BodyPart:
    """Raises BrokenError where there is no structure, or one too deep or with too many parts."""
    if not isinstance(node, list) or not node:
        raise BrokenError
    return _Reader(limits.parts).body(node, "")


class _Reader:
    """Recursion is bounded, since the lexer bounds how deep the lists are."""

    def __init__(self, parts: int) -> None:
        self.left = parts

    def body(self, node: Node, section: str) -> BodyPart:
        """A whole message's body: a multipart has the message's own number, a single part that number's ".1"."""
        node = _unwrapped(node)
        if isinstance(node, list) and _is_multipart(node):
            return self.multipart(node, section)
        return self.leaf(node, f"{section}.1" if section else "1")

    def part(self, node: Node, section: str) -> BodyPart:
        node = _unwrapped(node)
        if isinstance(node, list) and _is_multipart(node):
            return self.multipart(node, section)
        return self.leaf(node, section)

    def multipart(self, node: list[Node], section: str) -> BodyPart:
        self.count()
        prefix = f"{section}." if section else ""
        children = []
        index = 0
        for item in node:
            if not isinstance(item, list) and not (item is None and _goes_on(node, index)):
                break
            index += 1
            if item:
                children.append(self.part(item, f"{prefix}{index}"))
        rest = node[index:]
        if rest and rest[0] is None and len(rest) > 1 and isinstance(rest[1], bytes):
            del rest[0]
        subtype = _lower(rest[0]) if rest else ""
        params = rest[1] if len(rest) > 1 else None
        disposition, disposition_params, language, location = _extension(rest[2:])
        return BodyPart(
            section,
            "multipart",
            subtype or "mixed",
            _params(params),
            None,
            None,
            "7bit",
            0,
            None,
            disposition,
            disposition_params,
            language,
            location,
            None,
            tuple(children),
        )

    def leaf(self, node: Node, section: str) -> BodyPart:
        self.count()
        if not isinstance(node, list):
            node = [node]
        if len(node) > 1 and isinstance(node[1], list):
            node = [node[0], None, *node[1:]]
        fields = node if len(node) >= 7 else node + [None] * (7 - len(node))
        type_, subtype = _lower(fields[0]), _lower(fields[1])
        if not subtype and type_.encode() not in _TYPES:
            # RFC 2045, 5.2: a type that can't be understood is plain text.
            type_, subtype = "text", "plain"
        elif not type_ or (not subtype and type_ != "text"):
            type_, subtype = type_ or "application", subtype or "octet-stream"
        lines = None
        content: Envelope | None = None
        children: tuple[BodyPart, ...] = ()
        rest = fields[7:]
        if type_ == "message" and subtype in _MESSAGES:
            content, body, rest = _message(rest)
            if body:
                children = (self.body(body, section),)
        if rest:
            first = rest[0]
            if isinstance(first, bytes) and len(first) < 16 and first.lstrip(b"+-").isdigit():
                lines = number_or(first, 0)
                rest = rest[1:]
            elif first is None and len(rest) > 4 and (type_ == "text" or content or children):
                rest = rest[1:]
        if rest and not (isinstance(rest[0], list) and _is_disposition(rest[0])):
            rest = rest[1:]
        disposition, disposition_params, language, location = _extension(rest)
        return BodyPart(
            section,
            type_,
            subtype or "plain",
            _params(fields[2]),
            octets(fields[3]),
            octets(fields[4]),
            _lower(fields[5]) or "7bit",
            number_or(fields[6], 0),
            lines,
            disposition,
            disposition_params,
            language,
            location,
            content,
            children,
        )

    def count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise BrokenError


def _unwrapped(node: Node) -> Node:
    while isinstance(node, list) and len(node) == 1 and isinstance(node[0], list):
        node = node[0]
    if node is TOO_DEEP:
        raise BrokenError
    return node


def _is_multipart(node: list[Node]) -> bool:
    if not node:
        return False
    first = node[0]
    if isinstance(first, list):
        return True
    second = node[1] if len(node) > 1 else None
    if first is None:
        # No parts at all: (NIL "mixed" …); or a part of no type.
        return isinstance(second, list) or (
            isinstance(second, bytes)
            and second.lower() in _MULTIPARTS
            and not (len(node) > 6 and isinstance(node[6], bytes))
        )
    # ("mixed" ("boundary" "x") …): again no parts.
    if isinstance(second, list):
        return first.lower() not in _TYPES
    return first.lower() in _MULTIPARTS and len(node) < 6


def _goes_on(node: list[Node], index: int) -> bool:
    """Whether the NIL at `index` stands for a part: another part or the subtype comes after it."""
    return index + 1 < len(node) and node[index + 1] is not None


def _message(rest: list[Node]) -> tuple[Envelope | None, Node, list[Node]]:
    """A message/rfc822's envelope and body, each of which may be NIL or absent, and what follows them."""
    content: Envelope | None = None
    body: Node = None
    after_head = False
    if rest and isinstance(rest[0], list) and len(rest[0]) > 5 and not _looks_like_body(rest[0]):
        content = _try_envelope(rest[0])
        after_head = True
    elif len(rest) > 1 and not rest[0]:
        following = rest[1]
        after_head = not following or not isinstance(following, list) or _looks_like_body(following)
    if after_head:
        rest = rest[1:]
    if rest and isinstance(rest[0], list) and _looks_like_body(rest[0]):
        body = rest[0]
        rest = rest[1:]
    elif rest and not rest[0] and after_head:
        rest = rest[1:]
    return content, body, rest


def _looks_like_body(node: list[Node]) -> bool:
    if not node:
        return False
    first = node[0]
    second = node[1] if len(node) > 1 else None
    if not isinstance(first, bytes):
        return isinstance(first, list)
    if isinstance(second, list):
        return first.lower() in _MULTIPARTS
    size = node[6] if len(node) > 6 else b"0"
    return second is not None and isinstance(size, bytes) and size.lstrip(b"+-").isdigit()


def _try_envelope(node: Node) -> Envelope | None:
    try:
        return envelope(node)
    except BrokenError:
        return None


def _is_disposition(node: list[Node]) -> bool:
    return bool(node) and isinstance(node[0], bytes)


def _extension(rest: list[Node]) -> tuple[str, dict[str, bytes], tuple[str, ...], bytes | None]:
    """Disposition, its parameters, language and location: each may be missing or of the wrong kind."""
    if not rest:
        return "", {}, (), None
    if len(rest) > 1 and not rest[0] and isinstance(rest[1], list) and _lower(rest[1]) in _DISPOSITIONS:
        rest = rest[1:]
    first = rest[0]
    disposition, params = "", {}
    if isinstance(first, list):
        while len(first) == 1 and isinstance(first[0], list):
            first = first[0]
        if first:
            disposition = _lower(first[0])
            inner = first[1] if len(first) > 1 else None
            params = _params(inner if isinstance(inner, list) else first[1:])
    elif first:
        disposition = _lower(first)
    language: tuple[str, ...] = ()
    if len(rest) > 1 and rest[1]:
        tags = rest[1] if isinstance(rest[1], list) else [rest[1]]
        language = tuple(readable(tag).lower() for tag in tags if isinstance(tag, bytes) and tag)
    return disposition, params, language, octets(rest[2]) if len(rest) > 2 else None


def _params(node: Node) -> dict[str, bytes]:
    if not node or not isinstance(node, list):
        return {}
    if len(node) == 2:
        key, value = node
        if isinstance(key, bytes) and isinstance(value, bytes):
            return {readable(key).lower(): value}
    flat: list[bytes | None] = []
    for item in node:
        if isinstance(item, list):
            flat += [octets(inner) for inner in item]
        else:
            flat.append(item)
    flat.append(None)
    params: dict[str, bytes] = {}
    for index in range(0, len(flat) - 1, 2):
        if key := flat[index]:
            params.setdefault(readable(key).lower(), flat[index + 1] or b"")
    return params


def _lower(node: Node) -> str:
    value = octets(node)
    return readable(value).strip().lower() if value else ""
