"""What to search for (RFC 9051, 6.4.4): keys that combine with `&`, `|` and `~`, no command string in sight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from webmail.imap.encode import Argument, Text, atom, day, flag, number, sequence_set
from webmail.imap.errors import EncodeError

Where = Literal["SUBJECT", "FROM", "TO", "CC", "BCC", "BODY", "TEXT"]
_Word = Argument | str  # A str is text of the person's, encoded in the charset of the search.


@dataclass(frozen=True, slots=True)
class Key:
    """One search key or several that all have to hold."""

    terms: tuple[tuple[_Word, ...] | Key | Either | Not, ...]

    def __and__(self, other: Key) -> Key:
        return Key(self.terms + other.terms)

    def __or__(self, other: Key) -> Key:
        return Key((Either(self, other),))

    def __invert__(self) -> Key:
        """Twice is the same again: Courier does not read NOT NOT."""
        match self.terms:
            case (Not(key),):
                return key
        return Key((Not(self),))

    @property
    def ascii(self) -> bool:
        return all(text.isascii() for text in self.texts())

    def texts(self) -> list[str]:
        """Everything in it that a person may have typed."""
        found: list[str] = []
        for term in self.terms:
            match term:
                case Key():
                    found += term.texts()
                case Either(left, right):
                    found += left.texts() + right.texts()
                case Not(key):
                    found += key.texts()
                case _:
                    found += (word for word in term if isinstance(word, str))
        return found

    def words(self, charset: str = "UTF-8") -> tuple[Argument, ...]:
        """For the encoder. Raises EncodeError where the charset lacks a character."""
        words: list[Argument] = []
        for term in self.terms:
            match term:
                case Key():
                    words.append(term.words(charset))
                case Either(left, right):
                    words += (atom("OR"), *left.single(charset), *right.single(charset))
                case Not(key):
                    words += (atom("NOT"), *key.single(charset))
                case _:
                    words += (_encoded(word, charset) if isinstance(word, str) else word for word in term)
        return tuple(words)

    def single(self, charset: str) -> tuple[Argument, ...]:
        """As one key for NOT and OR: in parentheses where it is several."""
        words = self.words(charset)
        return words if len(self.terms) == 1 else (words,)


@dataclass(frozen=True, slots=True)
class Either:
    left: Key
    right: Key


@dataclass(frozen=True, slots=True)
class Not:
    key: Key


def _encoded(text: str, charset: str) -> Text:
    try:
        return Text(text.encode(charset))
    except (UnicodeEncodeError, LookupError):
        raise EncodeError("The search holds a character that its charset lacks.") from None


def _plain(word: str) -> Key:
    return Key(((atom(word),),))


ALL: Final = _plain("ALL")
SEEN: Final = _plain("SEEN")
UNSEEN: Final = _plain("UNSEEN")
FLAGGED: Final = _plain("FLAGGED")
UNFLAGGED: Final = _plain("UNFLAGGED")
ANSWERED: Final = _plain("ANSWERED")
UNANSWERED: Final = _plain("UNANSWERED")
DELETED: Final = _plain("DELETED")
UNDELETED: Final = _plain("UNDELETED")
DRAFT: Final = _plain("DRAFT")
UNDRAFT: Final = _plain("UNDRAFT")
RECENT: Final = _plain("RECENT")


def text(where: Where, value: str) -> Key:
    """Substring in a header field, the body, or anywhere ("TEXT")."""
    return Key(((atom(where), value),))


def fuzzy(key: Key) -> Key:
    """A single key with inflections, slips and the like, for a server with SEARCH=FUZZY (RFC 6203)."""
    (term,) = key.terms
    assert isinstance(term, tuple)
    return Key(((atom("FUZZY"), *term),))


def header(name: str, value: str = "") -> Key:
    """Substring in any header field; with "" that the field is there."""
    return Key(((atom("HEADER"), Text(name), value),))


def keyword(name: str) -> Key:
    return Key(((atom("KEYWORD"), flag(name)),))


def uids(numbers: str | int | Iterable[int]) -> Key:
    return Key(((atom("UID"), sequence_set(numbers)),))


def numbers(values: str | int | Iterable[int]) -> Key:
    """Message numbers."""
    return Key(((sequence_set(values),),))


def since(value: date) -> Key:
    """Arrived on this day or later (INTERNALDATE, without time and zone)."""
    return Key(((atom("SINCE"), day(value)),))


def before(value: date) -> Key:
    return Key(((atom("BEFORE"), day(value)),))


def on(value: date) -> Key:
    return Key(((atom("ON"), day(value)),))


def sent_since(value: date) -> Key:
    """By the Date field."""
    return Key(((atom("SENTSINCE"), day(value)),))


def sent_before(value: date) -> Key:
    return Key(((atom("SENTBEFORE"), day(value)),))


def sent_on(value: date) -> Key:
    return Key(((atom("SENTON"), day(value)),))


def larger(octets: int) -> Key:
    return Key(((atom("LARGER"), number(octets)),))


def smaller(octets: int) -> Key:
    return Key(((atom("SMALLER"), number(octets)),))


def changed_since(modseq: int) -> Key:
    """MODSEQ (RFC 7162): this or above."""
    return Key(((atom("MODSEQ"), number(modseq)),))
