"""What the columns are called: by Google and Outlook, old and new, in English and Norwegian."""

from __future__ import annotations

import re

from ..folding import fold

_NUMBER = re.compile(r"\d{1,2}")
_WORD = re.compile(r"[^\W\d]+")

_COLUMNS = {
    "name": ("name", "full name", "display name", "navn", "namn", "fullt navn", "fullt namn", "visningsnavn"),
    "prefix": ("name prefix", "title prefix"),
    "given": ("first name", "given name", "fornavn", "fornamn"),
    "middle": ("middle name", "additional name", "mellomnavn", "mellomnamn"),
    "family": ("last name", "family name", "surname", "etternavn", "etternamn"),
    "suffix": ("name suffix", "suffix", "suffiks"),
    "organisation": (
        "organization name",
        "organization",
        "organisation",
        "company",
        "company name",
        "firma",
        "organisasjon",
        "selskap",
        "bedrift",
    ),
    "notes": ("notes", "note", "notater", "notat", "merknader", "merknad"),
    # Google's, with " ::: " between, and Outlook's, with semicolons.
    "groups": ("labels", "group membership", "groups", "etiketter", "grupper"),
    "categories": ("categories", "kategorier"),
    "address": (
        "e mail value",
        "e mail address",
        "e mail",
        "email value",
        "email address",
        "email",
        "mail",
        "primary email",
        "secondary email",
        "e post",
        "epost",
        "e post verdi",
        "e postadresse",
        "epostadresse",
        "e post adresse",
    ),
    "label": (
        "e mail label",
        "e mail type",
        "email label",
        "email type",
        "e post etikett",
        "e posttype",
        "e post type",
    ),
}
_BY_WORDS = {words: field for field, names in _COLUMNS.items() for words in names}


def column(heading: str) -> tuple[str, int] | None:
    """(field, which of several); the second of "E-mail 2 Address" is 2, what has no number 1."""
    folded = fold(heading[:100])
    number = _NUMBER.search(folded)
    field = _BY_WORDS.get(" ".join(_WORD.findall(folded)))
    if field is None or (number and field not in ("address", "label", "organisation")):
        return None
    if folded.startswith("secondary"):
        return field, 2
    return field, int(number[0]) if number else 1
