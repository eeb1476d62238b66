"""Splits an address list (RFC 5322, 3.4) by its own punctuation, in one pass, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_LIST = 1_048_576

_TOKEN = re.compile(
    rb'"(?>(?:[^"\\]++|\\.)*)"?'  # quoted string, closed or not
    rb"|<[^<>]*+>?"  # angle address
    rb"|[,;:()>\\]"
    rb"|\[[^\[\]<>,;]*+\]?"  # domain literal
    rb"|=\?[^\s?]{1,60}\?[bBqQ]\?[^?]*+\?="  # encoded word, which may hold any of the above
    rb'|[^",;:()<>\\\[=]++'
    rb"|.",
    re.DOTALL,
)
_QUOTED = re.compile(rb'"(?>(?:[^"\\]++|\\.)*)("|\\?\Z)', re.DOTALL)
_FOLD = re.compile(rb"[\r\n\x00]+")
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ROUTE = re.compile(rb"\A\s*@[^:<>]*:")
_BARE = re.compile(rb"\S+@\S+")


@dataclass(slots=True)
class Raw:
    """An address not yet decoded; with `members`, a group of that name."""

    name: bytes = b""
    address: bytes = b""
    members: list[Raw] | None = None


@dataclass(slots=True)
class _Pending:
    words: list[bytes] = field(default_factory=list)
    comment: list[bytes] = field(default_factory=list)
    angle: bytes | None = None
    quoted: bool = False

    def take(self) -> Raw | None:
        words = b"".join(self.words).strip()
        comment = b"".join(self.comment).strip()
        if self.angle is not None:
            return (
                Raw(words or comment, _ROUTE.sub(b"", self.angle).strip())
                if words or self.angle.strip()
                else None
            )
        if not words:
            return None
        if b"@" not in words:
            return Raw(words if b" " in words else comment, b"" if b" " in words else words)
        if b" " in words and not self.quoted:
            bare = _BARE.search(words)
            if bare and bare[0].count(b"@") == 1:  # Ann ann@example.org
                name = (words[: bare.start()] + words[bare.end() :]).strip()
                return Raw(name or comment, bare[0])
        return Raw(comment, words)


def split_addresses(raw: bytes, *, limit: int) -> Iterator[Raw]:
    """The addresses and groups in order; what makes no sense is left out. Linear in the length."""
    group: Raw | None = None
    pending = _Pending()
    depth = count = 0
    raw = _closed(_FOLD.sub(b"", raw[:MAX_LIST]))
    for token in _TOKEN.finditer(raw):
        text = token[0]
        if text == b"(":
            depth += 1
        elif depth:
            depth -= text == b")"
            if depth:
                pending.comment.append(_unquote(text))
        elif text in (b",", b";") or (text.startswith(b"<") and pending.angle is not None):
            item = pending.take()
            pending = _Pending(angle=text.strip(b"<>")) if text.startswith(b"<") else _Pending()
            if item is not None and group is not None and group.members is not None:
                group.members.append(item)
            elif item is not None:
                yield item
            if item is not None:
                count += 1
                if count >= limit:
                    break
            if text == b";" and group is not None:
                yield group
                group = None
        elif text == b":" and group is None and pending.angle is None and b"@" not in b"".join(pending.words):
            group = Raw(name=b"".join(pending.words).strip(), members=[])
            pending = _Pending()
        elif text.startswith(b"<"):
            pending.angle = text.strip(b"<>")
        elif text not in (b")", b">", b"\\"):
            pending.quoted = pending.quoted or text.startswith(b'"')
            pending.words.append(_unquote(text) if _is_name(text, raw, token.end()) else text)
    item = pending.take() if count < limit else None
    if group is not None and group.members is not None:
        if item is not None:
            group.members.append(item)
        yield group
    elif item is not None:
        yield item


def _closed(raw: bytes) -> bytes:
    """A quote that is never closed quotes nothing."""
    for quoted in _QUOTED.finditer(raw):
        if quoted[1] != b'"':
            return raw[: quoted.start()] + raw[quoted.start() :].replace(b'"', b"")
    return raw


def _is_name(text: bytes, raw: bytes, end: int) -> bool:
    """A quoted string before "@" is a local part and keeps its quotes."""
    return text.startswith(b'"') and raw[end : end + 1] != b"@"


def _unquote(text: bytes) -> bytes:
    if text.startswith(b'"'):
        return _ESCAPE.sub(rb"\1", text[1:-1] if len(text) > 1 and text.endswith(b'"') else text[1:])
    return text
