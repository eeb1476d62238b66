"""A file into the address book: what can be read comes in, what can't is named by its line."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from webmail.mail.charset import decode

from .errors import FullError
from .files import table, vcard
from .files.parsed import Parsed, Problem
from .incoming import Incoming
from .own import lock

MOST_OCTETS = 5_000_000


class UnreadableFileError(Exception):
    """Neither vCard nor CSV with a column that is known; or too large: `too_large`."""

    def __init__(self, *, too_large: bool = False) -> None:
        super().__init__()
        self.too_large = too_large


@dataclass(frozen=True, slots=True)
class ImportResult:
    """`completed` are contacts that were there and got something new, `without_address` those passed over because
    they have none, `left_out` how many of each vCard field there is no place for."""

    added: int
    completed: int
    unchanged: int
    without_address: int
    problems: tuple[Problem, ...]
    problem_count: int
    left_out: tuple[tuple[str, int], ...]


def import_file(*, person: AbstractBaseUser, data: bytes, only_with_address: bool = False) -> ImportResult:
    """A contact of the same name with an address in common is completed, all others are added. Raises
    UnreadableFileError."""
    if len(data) > MOST_OCTETS:
        raise UnreadableFileError(too_large=True)
    parsed = _parsed(decode(data))
    wanted = [(line, card) for line, card in parsed.cards if card.addresses or not only_with_address]
    with transaction.atomic():
        lock(person)
        incoming, refused = Incoming(person), 0
        for line, card in wanted:
            try:
                incoming.take(card)
            except FullError:
                refused += 1
                parsed.problem(line, "full", card.display)
        if not incoming.write():
            parsed.problem(0, "groups")
    return ImportResult(
        added=incoming.added,
        completed=incoming.completed,
        unchanged=len(wanted) - incoming.added - incoming.completed - refused,
        without_address=len(parsed.cards) - len(wanted),
        problems=tuple(parsed.problems),
        problem_count=parsed.problem_count,
        left_out=tuple(parsed.left_out.most_common()),
    )


def _parsed(text: str) -> Parsed:
    if "BEGIN:VCARD" in text[:10_000].upper():
        return vcard.read(text)
    parsed = table.read(text)
    if parsed is None:
        raise UnreadableFileError
    return parsed
