"""A person's labels: IMAP keywords with a name and a colour."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Final

from .models import Person

COLOURS: Final = ("red", "amber", "green", "teal", "blue", "violet", "pink", "grey")
MOST: Final = 50
LONGEST: Final = 40
# Atoms (RFC 9051, 9) that other programs and search languages take as well.
_KEYWORD: Final = re.compile(r"[A-Za-z$][A-Za-z0-9$_.-]{0,59}")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_SPECIAL: Final = {
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "AE",
    "å": "a",
    "Å": "A",
    "ß": "ss",
    "đ": "d",
    "ł": "l",
}


class LabelError(ValueError):
    """`reason` is "name" (empty, too long, with invisible characters), "colour", "taken", "many" or "gone"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Label:
    keyword: str
    name: str
    colour: str


def labels_of(*, person: Person) -> tuple[Label, ...]:
    """In the person's order."""
    return tuple(Label(*found) for found in person.labels)


def label_named(*, person: Person, text: str) -> Label | None:
    """By its name in any case, or its keyword."""
    folded = text.casefold()
    return next(
        (one for one in labels_of(person=person) if folded in (one.name.casefold(), one.keyword.casefold())),
        None,
    )


def add_label(*, person: Person, name: str, colour: str = "blue") -> Label:
    """Its keyword is made from the name, and stays when the name changes. Raises LabelError."""
    known = labels_of(person=person)
    name = named_so(name, colour, known)
    if len(known) >= MOST:
        raise LabelError("many")
    label = Label(_keyword(name, {one.keyword.lower() for one in known}), name, colour)
    _keep(person, (*known, label))
    return label


def change_label(*, person: Person, keyword: str, name: str, colour: str) -> Label:
    """Messages keep it: the keyword is the same. Raises LabelError."""
    known = labels_of(person=person)
    others = tuple(one for one in known if one.keyword != keyword)
    if len(others) == len(known):
        raise LabelError("gone")
    label = Label(keyword, named_so(name, colour, others), colour)
    _keep(person, (label if one.keyword == keyword else one for one in known))
    return label


def remove_label(*, person: Person, keyword: str) -> None:
    """From the list; messages keep the keyword, which is then nobody's label."""
    _keep(person, (one for one in labels_of(person=person) if one.keyword != keyword))


def is_keyword(text: str) -> bool:
    return _KEYWORD.fullmatch(text) is not None


def named_so(name: str, colour: str, others: Iterable[Label]) -> str:
    """The name as it is kept, beside those of `others`. Raises LabelError."""
    if not name.isprintable() or any(unicodedata.category(character)[0] == "C" for character in name):
        raise LabelError("name")
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > LONGEST:
        raise LabelError("name")
    if colour not in COLOURS:
        raise LabelError("colour")
    if any(one.name.casefold() == name.casefold() for one in others):
        raise LabelError("taken")
    return name


def _keyword(name: str, taken: set[str]) -> str:
    plain = "".join(_SPECIAL.get(character, character) for character in name)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    word = _UNFIT.sub("-", ascii_only).strip("-._")[:40].lower()
    if not word or not word[0].isalpha() or len(word) < len(name) // 2:
        word = f"label-{hashlib.blake2b(name.encode(), digest_size=4).hexdigest()}"
    candidate, number = word, 2
    while candidate in taken:
        candidate, number = f"{word}-{number}", number + 1
    return candidate


def _keep(person: Person, labels: Iterable[Label]) -> None:
    person.labels = [list(astuple(label)) for label in labels]
    person.save(update_fields=["labels"])
