"""What a search means to an IMAP server (RFC 9051, 6.4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final

from django.utils import timezone

from webmail.imap.commands import Key, criteria
from webmail.imap.encode import flag
from webmail.imap.errors import EncodeError

from .language import Query
from .terms import Group, Node, Term, Without
from .values import days, octets

NOTHING: Final = ~criteria.ALL
_STATES: Final = {
    "unread": criteria.UNSEEN,
    "read": criteria.SEEN,
    "starred": criteria.FLAGGED,
    "unstarred": criteria.UNFLAGGED,
    "answered": criteria.ANSWERED,
    "unanswered": criteria.UNANSWERED,
    "forwarded": criteria.keyword("$Forwarded"),
    "draft": criteria.DRAFT,
    "muted": criteria.keyword("$Muted"),
}
# Whatever can hold a file: any message that is not one plain text or page, and a text that has a name. A multipart's
# own parameters may speak of text/html.
MAY_HOLD_FILES: Final = (
    criteria.header("Content-Type", "multipart/")
    | (
        criteria.header("Content-Type", "/")
        & ~criteria.header("Content-Type", "text/plain")
        & ~criteria.header("Content-Type", "text/html")
    )
    | criteria.header("Content-Type", "name")
    | criteria.header("Content-Disposition", "attachment")
)
ME: Final = frozenset({"me", "meg"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when: what "me", "yesterday" and a label's name mean. `labels`: name in lower case -> keyword.
    `fuzzy`: the server may find words that are only alike (RFC 6203)."""

    addresses: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    today: date = field(default_factory=timezone.localdate)
    fuzzy: bool = False


def key_of(query: Query, asker: Asker, decided: Mapping[Term, Key] | None = None) -> Key:
    """ALL for a query that says nothing of messages.

    A server can't say which messages have files (`query.looked_up`): where these terms are not `decided`, the key
    finds every message that may match, and more.
    """
    found = [_key(node, asker, decided, sure=True) for node in query.criteria]
    return _all(found) if found else criteria.ALL


def _key(node: Node, asker: Asker, decided: Mapping[Term, Key] | None, *, sure: bool) -> Key:
    """`sure`: to find too much is safe here; under a minus, to find too little is."""
    match node:
        case Without(part):
            # What is only alike is not left out.
            return ~_key(part, replace(asker, fuzzy=False), decided, sure=not sure)
        case Group(parts, either):
            keys = [_key(part, asker, decided, sure=sure) for part in parts]
            return _any(keys) if either else _all(keys)
        case Term("has" | "filename"):
            if decided is not None:
                return decided.get(node, NOTHING)
            return MAY_HOLD_FILES if sure else NOTHING
        case Term():
            return _MEANINGS[node.field](node.value, asker)


def _text(where: criteria.Where, value: str, _asker: Asker) -> Key:
    return criteria.text(where, value)


def _words(where: criteria.Where, value: str, asker: Asker) -> Key:
    """A phrase is meant as it stands."""
    key = criteria.text(where, value)
    return criteria.fuzzy(key) if asker.fuzzy and not re.search(r"\s", value) else key


def _person(where: criteria.Where, value: str, asker: Asker) -> Key:
    if value.casefold() in ME:
        return (
            _any([criteria.text(where, address) for address in asker.addresses])
            if asker.addresses
            else NOTHING
        )
    return criteria.text(where, value)


def _label(value: str, asker: Asker) -> Key:
    keyword = asker.labels.get(value.casefold(), value)
    try:
        flag(keyword)
    except EncodeError:
        return NOTHING
    return NOTHING if keyword.startswith("\\") else criteria.keyword(keyword)


def _after(value: str, asker: Asker) -> Key:
    return criteria.sent_since(days(value, asker.today)[0])


def _before(value: str, asker: Asker) -> Key:
    return criteria.sent_before(days(value, asker.today)[0])


def _on(value: str, asker: Asker) -> Key:
    first, end = days(value, asker.today)
    return criteria.sent_since(first) & criteria.sent_before(end)


_MEANINGS: Final[dict[str, Callable[[str, Asker], Key]]] = {
    "": partial(_words, "TEXT"),
    "body": partial(_words, "BODY"),
    "subject": partial(_text, "SUBJECT"),
    "from": partial(_person, "FROM"),
    "to": partial(_person, "TO"),
    "cc": partial(_person, "CC"),
    "bcc": partial(_person, "BCC"),
    "is": lambda value, _: _STATES[value],
    "label": _label,
    "larger": lambda value, _: criteria.larger(octets(value)),
    "smaller": lambda value, _: criteria.smaller(octets(value)),
    "before": _before,
    "after": _after,
    "on": _on,
}


def _all(keys: Iterable[Key]) -> Key:
    return Key(tuple(term for key in keys for term in key.terms))


def _any(keys: list[Key]) -> Key:
    """Halves joined, so that a thousand choices are ten ORs deep."""
    while len(keys) > 1:
        pairs = [first | second for first, second in zip(keys[::2], keys[1::2], strict=False)]
        keys = pairs + keys[len(pairs) * 2 :]
    return keys[0]
