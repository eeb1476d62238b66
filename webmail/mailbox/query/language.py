"""The search language: words, "phrases", `from:kari`, `-word`, `a OR b`, `( )`. Reading it is linear and bounded.

OR binds closer than standing side by side, as search engines have it: `a b OR c` wants a, and b or c.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from .errors import QueryError
from .terms import JOINERS, OPERATORS, Group, Node, Term, Without, terms_of, wanted_terms
from .values import days, octets

MOST_CHARACTERS: Final = 10_000
MOST_TERMS: Final = 1000
DEEPEST: Final = 10
STATES: Final = {
    "unread": "unread", "unseen": "unread", "ulest": "unread", "ulesen": "unread",
    "read": "read", "seen": "read", "lest": "read", "lesen": "read",
    "starred": "starred", "flagged": "starred", "unstarred": "unstarred", "unflagged": "unstarred",
    "answered": "answered", "unanswered": "unanswered",
    "forwarded": "forwarded", "draft": "draft", "muted": "muted",
}  # fmt: skip
THINGS: Final = {"attachment": "attachment", "attachments": "attachment", "vedlegg": "attachment"}
_TEXTS: Final = frozenset({"", "from", "to", "cc", "bcc", "subject", "body", "filename"})
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_GAP: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r'[^\s"]+')
_NAME: Final = re.compile(r"[^\W\d_]{1,20}:")
_SOME_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class Query:
    """`parts` have all to hold. `str()` of it reads as the same query again."""

    parts: tuple[Node, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))

    def without(self, index: int) -> Query:
        return Query(self.parts[:index] + self.parts[index + 1 :])

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for part in self.parts for term in terms_of(part))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """What `in:` names: folders, or "all" and the like."""
        return tuple(part.value for part in self.parts if isinstance(part, Term) and part.field == "in")

    @cached_property
    def criteria(self) -> tuple[Node, ...]:
        """The parts that say something of a message."""
        return tuple(part for part in self.parts if not (isinstance(part, Term) and part.field == "in"))

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The texts to mark where they are shown."""
        wanted = (term for part in self.parts for term in wanted_terms(part))
        return tuple(dict.fromkeys(term.value for term in wanted if term.field in _TEXTS - {"filename"}))

    @cached_property
    def looked_up(self) -> tuple[Term, ...]:
        """The terms that no IMAP search can say: they are decided by the structure of each message."""
        return tuple(dict.fromkeys(term for term in self.terms if term.field in {"has", "filename"}))

    @cached_property
    def slow(self) -> bool:
        """A server may have to read every message for it."""
        return any(term.field in {"", "body", "has", "filename"} for term in self.terms)

    @cached_property
    def by_flags(self) -> bool:
        """What matches may change with the flags."""
        return any(term.field in {"is", "label"} for term in self.terms)


def parse(text: str) -> Query:
    """Raises QueryError."""
    if len(text) > MOST_CHARACTERS:
        raise QueryError("long")
    if _CONTROL.search(text):
        raise QueryError("control")
    return _Reader(text).query()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.terms = 0
        self.skip()

    def query(self) -> Query:
        parts = self.side_by_side(0)
        if self.at < len(self.text):
            raise QueryError("close", ")")
        for part in parts:
            inside = () if isinstance(part, Term) else terms_of(part)
            if (place := next((term for term in inside if term.field == "in"), None)) is not None:
                raise QueryError("place", str(place))
        return Query(parts)

    def skip(self) -> None:
        found = _GAP.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def side_by_side(self, depth: int) -> tuple[Node, ...]:
        parts: list[Node] = []
        while self.at < len(self.text) and not self.closes(depth):
            if self.takes("AND", depth):
                continue
            choices = [self.unit(depth)]
            while self.takes("OR", depth):
                choices.append(self.unit(depth, after="OR"))
            parts += (
                self.flat(choices)
                if len(choices) == 1
                else (Group(tuple(self.either(choices)), either=True),)
            )
        return tuple(parts)

    @staticmethod
    def flat(choices: Sequence[Node]) -> tuple[Node, ...]:
        """`(a b)` beside others is a and b."""
        (one,) = choices
        return one.parts if isinstance(one, Group) and not one.either else (one,)

    @staticmethod
    def either(choices: Sequence[Node]) -> list[Node]:
        """`(a OR b) OR c` is one choice of three."""
        return [
            part
            for one in choices
            for part in (one.parts if isinstance(one, Group) and one.either else (one,))
        ]

    def closes(self, depth: int) -> bool:
        return self.text.startswith(")", self.at) and (depth > 0 or self.word_at(0) == ")")

    def word_at(self, depth: int) -> str:
        """The word that stands here; inside brackets without those at its end that it did not open itself."""
        found = _WORD.match(self.text, self.at)
        word = found[0] if found else ""
        if depth and word.endswith(")"):
            surplus = max(0, word.count(")") - word.count("("))
            bare = word.rstrip(")")
            word = word[: len(word) - min(surplus, len(word) - len(bare))]
        return word

    def takes(self, joiner: str, depth: int) -> bool:
        if not self.text.startswith(joiner, self.at) or self.word_at(depth) != joiner:
            return False
        self.at += len(joiner)
        self.skip()
        return True

    def unit(self, depth: int, *, after: str = "") -> Node:
        negated = False
        while True:
            if self.takes("NOT", depth):
                after = "NOT"
            elif self.text.startswith("-", self.at) and self.binds():
                self.at += 1
            else:
                break
            negated = not negated
        if self.at >= len(self.text) or self.closes(depth) or self.word_at(depth) in JOINERS:
            raise QueryError(after.lower() or "or", after or self.word_at(depth))
        node = self.group(depth) if self.text.startswith("(", self.at) else self.term(depth)
        if not negated:
            return node
        return node.part if isinstance(node, Without) else Without(node)

    def binds(self) -> bool:
        """A minus that belongs to what follows it, not one that stands alone."""
        following = self.text[self.at + 1 : self.at + 2]
        return bool(following) and not following.isspace() and following not in ")-"

    def group(self, depth: int) -> Node:
        start = self.at
        if depth == DEEPEST:
            raise QueryError("deep")
        self.at += 1
        self.skip()
        parts = self.side_by_side(depth + 1)
        if not self.text.startswith(")", self.at):
            raise QueryError("open", self.text[start:])
        self.at += 1
        self.skip()
        if not parts:
            raise QueryError("empty", "()")
        return parts[0] if len(parts) == 1 else Group(parts)

    def term(self, depth: int) -> Term:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise QueryError("many")
        name = _NAME.match(self.text, self.at)
        field = OPERATORS.get(name[0][:-1].casefold()) if name else None
        if name is None or field is None:
            if name:
                self.suspect(name[0])
            return Term("", self.value(depth))
        self.at = name.end()
        self.skip()
        if self.at >= len(self.text) or self.closes(depth):
            raise QueryError("empty", name[0])
        value = self.value(depth)
        if not value.strip():
            raise QueryError("empty", name[0])
        return Term(field, checked(field, value))

    def suspect(self, name: str) -> None:
        """`form:kari` is a slip, `Re:` and `https://` are words."""
        following = self.text[self.at + len(name) : self.at + len(name) + 1]
        close = difflib.get_close_matches(name[:-1].casefold(), OPERATORS, n=1, cutoff=0.75)
        if close and len(name) > 4 and following and not following.isspace() and following != "/":
            raise QueryError("unknown", name, f"{OPERATORS[close[0]]}:")

    def value(self, depth: int) -> str:
        if not self.text.startswith('"', self.at):
            word = self.word_at(depth)
            self.at += len(word)
        else:
            end = self.text.find('"', self.at + 1)
            if end < 0:
                raise QueryError("quote", self.text[self.at :])
            word = self.text[self.at + 1 : end]
            if not word.strip():
                raise QueryError("empty", '""')
            self.at = end + 1
        self.skip()
        return word


def checked(field: str, value: str) -> str:
    """The value in its usual spelling. Raises QueryError where it is none of this operator's."""
    match field:
        case "is":
            return _one_of(STATES, "is", value)
        case "has":
            return _one_of(THINGS, "has", value)
        case "larger" | "smaller":
            octets(value)
        case "before" | "after" | "on":
            days(value, _SOME_DAY)
    return value


def _one_of(known: dict[str, str], code: str, value: str) -> str:
    found = known.get(value.casefold())
    if found is None:
        raise QueryError(code, f"{code}:{value}", ", ".join(dict.fromkeys(known.values())))
    return found
