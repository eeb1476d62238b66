"""The pieces of a search, and how each is written so that reading it gives the same again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# What people may write before the colon -> the name that everything else goes by. Norwegian names are understood.
OPERATORS: Final = {
    "from": "from", "frå": "from", "fra": "from",
    "to": "to", "til": "to",
    "cc": "cc", "kopi": "cc",
    "bcc": "bcc",
    "subject": "subject", "emne": "subject",
    "body": "body", "tekst": "body",
    "in": "in", "i": "in",
    "is": "is", "er": "is",
    "has": "has", "har": "has",
    "label": "label", "etikett": "label",
    "larger": "larger", "større": "larger",
    "smaller": "smaller", "mindre": "smaller",
    "before": "before", "før": "before",
    "after": "after", "etter": "after",
    "on": "on",
    "filename": "filename", "filnamn": "filename", "filnavn": "filename",
}  # fmt: skip
JOINERS: Final = frozenset({"AND", "OR", "NOT"})
_NEEDS_QUOTES: Final = re.compile(r"[\s()]|^-|^$")


@dataclass(frozen=True, slots=True)
class Term:
    """`field` is an operator's name, or "" for words looked for anywhere. `value` as typed, without quotes."""

    field: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}:{quoted(self.value)}" if self.field else quoted(self.value)


@dataclass(frozen=True, slots=True)
class Group:
    """All of the parts have to hold, or `either`: one of them. Two parts or more."""

    parts: tuple[Node, ...]
    either: bool = False

    def __str__(self) -> str:
        if not self.either:
            return f"({' '.join(map(str, self.parts))})"
        return " OR ".join(
            f"({part})" if isinstance(part, Group) and part.either else str(part) for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Without:
    part: Term | Group

    def __str__(self) -> str:
        inner = f"({self.part})" if isinstance(self.part, Group) and self.part.either else str(self.part)
        return f"-{inner}"


Node = Term | Group | Without


def quoted(value: str) -> str:
    """A value as it can stand in a search."""
    value = value.replace('"', " ")
    name, colon, _ = value.partition(":")
    if _NEEDS_QUOTES.search(value) or value in JOINERS or (colon and name.casefold() in OPERATORS):
        return f'"{value}"'
    return value


def terms_of(node: Node) -> Iterator[Term]:
    """Every term in it."""
    match node:
        case Term():
            yield node
        case Without(part):
            yield from terms_of(part)
        case Group(parts):
            for one in parts:
                yield from terms_of(one)


def wanted_terms(node: Node) -> Iterator[Term]:
    """The terms that a message may match by having them, not by lacking them."""
    match node:
        case Term():
            yield node
        case Group(parts):
            for one in parts:
                yield from wanted_terms(one)
