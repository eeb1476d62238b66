"""Flags and keywords (RFC 9051, 2.3.2)."""

from __future__ import annotations

from functools import lru_cache

from webmail.imap.parse.lexer import Node
from webmail.imap.parse.text import readable

_SYSTEM = {
    name.lower(): name for name in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "\\Recent")
}


def flags(node: Node) -> frozenset[str]:
    """A flag list, or one flag without its list."""
    if not node:
        return frozenset()
    names = node if isinstance(node, list) else [node]
    found = tuple(name for name in names if isinstance(name, bytes) and 0 < len(name) < 200)
    return _cached(found) if len(found) < 12 else _spelt(found)


def _spelt(names: tuple[bytes, ...]) -> frozenset[str]:
    return frozenset(_SYSTEM.get(name.lower(), name) for name in map(readable, names))


_cached = lru_cache(maxsize=512)(_spelt)
