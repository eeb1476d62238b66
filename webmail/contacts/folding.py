"""Text as it is looked for and sorted: without case and accents, "Åse Ødegård" found by "ase odegard"."""

from __future__ import annotations

import re
import unicodedata

from webmail.mail.idn import unicode_domain

from .limits import ADDRESS, QUERY

# Letters that Unicode does not take apart.
_PLAIN = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i"}
)
# At the end of the Norwegian and Danish alphabets, and the letters of the neighbours that are filed there.
_LAST = {"Æ": b"z\x01", "Ä": b"z\x01", "Ø": b"z\x02", "Ö": b"z\x02", "Å": b"z\x03"}
_FILED_AS = {"Ä": "Æ", "Ö": "Ø"}
OTHER = "#"
SORT_OCTETS = 96
MOST_TOKENS = 8
_WORD = re.compile(r"\w+")
_APART = re.compile(r"[^\w@.+-]+")


def fold(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


def address_key(address: str) -> str:
    """What two spellings of one address have in common: case and the form of the domain don't count."""
    local, at, domain = address.strip().rpartition("@")
    return unicodedata.normalize("NFC", f"{local}{at}{unicode_domain(domain)}".casefold())[:ADDRESS]


def words_of(*texts: str) -> str:
    """The words of these texts, folded, a space before each; one with "@" stands there whole as well."""
    found: dict[str, None] = {}
    for text in texts:
        folded = fold(text)
        if "@" in folded:
            found.update(dict.fromkeys(word for word in folded.split() if "@" in word))
        found.update(dict.fromkeys(_WORD.findall(folded)))
    return "".join(f" {word}" for word in found)


def tokens_of(query: str) -> tuple[str, ...]:
    """What somebody typed, as beginnings of words to look for: every one must be found."""
    tokens: dict[str, None] = {}
    for piece in _APART.split(fold(query[:QUERY])):
        at = piece.lstrip("@")
        tokens.update(dict.fromkeys([at] if "@" in at else _WORD.findall(at)))
    return tuple(tokens)[:MOST_TOKENS]


def letter_of(name: str) -> str:
    """The letter under which a name stands in the list, "#" for what begins with none."""
    for char in unicodedata.normalize("NFC", name):
        if not char.isalnum():
            continue
        upper = char.upper()[:1]
        if upper in _LAST:
            return _FILED_AS.get(upper, upper)
        plain = fold(char)[:1].upper()
        # Only scripts with capitals have an alphabet short enough for a row of letters.
        return plain if plain.isalpha() and plain.lower() != plain else OTHER
    return OTHER


def letter_order(letter: str) -> bytes:
    if letter == OTHER:
        return b"\xff"
    return _LAST.get(letter) or letter.lower().encode()


def sort_octets(name: str) -> bytes:
    """Octets, since databases do not agree on the order of letters."""
    rest = b"".join(
        _LAST.get(char.upper()[:1]) or fold(char).encode("utf_8", "replace")
        for char in unicodedata.normalize("NFC", name).strip()
    )
    return (letter_order(letter_of(name)) + b"\0" + rest)[:SORT_OCTETS]
