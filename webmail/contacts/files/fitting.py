"""From whatever a file says to a card that can be kept."""

from __future__ import annotations

from collections.abc import Iterable

from .. import limits
from ..folding import address_key
from ..pages import Card, CardAddress
from ..text import is_address, label, line, lines
from .parsed import Parsed

MOST_GROUPS = 50


def fit(
    parsed: Parsed,
    number: int,
    *,
    name: str,
    organisation: str,
    notes: str,
    addresses: Iterable[tuple[int, str, str]],
    groups: Iterable[str],
) -> None:
    """Adds a card that begins on line `number`; `addresses` are (line, address, label). What does not fit is told."""
    kept: dict[str, CardAddress] = {}
    for place, text, kind in addresses:
        address = line(text.strip().removeprefix("mailto:"), limits.ADDRESS + 1)
        if not address:
            continue
        if not is_address(address):
            parsed.problem(place, "address", address)
        elif len(kept) == limits.ADDRESSES:
            parsed.problem(place, "many", address)
        else:
            kept.setdefault(address_key(address), CardAddress(address, label(kind)))
    shown = line(name, limits.NAME)
    if address_key(shown) in kept:
        shown = ""
    named = list(dict.fromkeys(filter(None, (line(group, limits.GROUP_NAME) for group in groups))))
    if len(named) > MOST_GROUPS:
        parsed.problem(number, "many", named[MOST_GROUPS])
    for text, longest in ((name, limits.NAME), (organisation, limits.ORGANISATION), (notes, limits.NOTES)):
        if len(text) > longest and len(text.strip()) > longest:
            parsed.problem(number, "long", line(text, limits.NAME))
    card = Card(
        name=shown,
        organisation=line(organisation, limits.ORGANISATION),
        notes=lines(notes[: 2 * limits.NOTES], limits.NOTES),
        addresses=tuple(kept.values()),
        groups=tuple(named[:MOST_GROUPS]),
    )
    if card.display:
        parsed.cards.append((number, card))
    else:
        parsed.problem(number, "empty")
