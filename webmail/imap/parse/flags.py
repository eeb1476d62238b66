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
    return _spelt(tuple(name for name in names if isinstance(name, bytes)))


@lru_cache(maxsize=512)
def _spelt(names: tuple[bytes, ...]) -> frozenset[str]:
    spelt = (readable(name) for name in names if name and len(name) < 1000)
    return frozenset(_SYSTEM.get(name.lower(), name) for name in spelt)
