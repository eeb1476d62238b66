"""Searches that a person keeps, as folders beside the others."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, replace
from typing import Final

from django.db import transaction

from .models import Person

MOST: Final = 50
LONGEST_NAME: Final = 60
# They are read with the person, for every page.
LONGEST: Final = 500

Change = Callable[[tuple["Saved", ...]], Iterable["Saved"]]


class SearchError(ValueError):
    """`reason` is "name" (empty, too long, with invisible characters), "long" (the search), "many" or "gone"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Saved:
    """`folder` as the mail server calls it, `query` what stands behind the `?` of its list."""

    key: str
    name: str
    folder: str
    query: str


def searches_of(*, person: Person) -> tuple[Saved, ...]:
    """In the person's order."""
    return tuple(Saved(*found) for found in person.searches)


def new_search(*, name: str, folder: str, query: str) -> Saved:
    """As it would be kept. Raises SearchError."""
    if not query or len(query) > LONGEST or len(folder) > LONGEST:
        raise SearchError("long")
    return Saved(secrets.token_hex(4), _checked(name), folder, query)


def save_search(*, person: Person, name: str, folder: str, query: str) -> Saved:
    """The last of them. One of the same folder and query only gets the name. Raises SearchError."""
    saved = new_search(name=name, folder=folder, query=query)

    def added(known: tuple[Saved, ...]) -> Iterable[Saved]:
        if any((one.folder, one.query) == (folder, query) for one in known):
            same = (folder, query)
            return (
                replace(one, name=saved.name) if (one.folder, one.query) == same else one for one in known
            )
        if len(known) >= MOST:
            raise SearchError("many")
        return (*known, saved)

    _change(person, added)
    return saved


def rename_search(*, person: Person, key: str, name: str) -> None:
    """Raises SearchError."""
    name = _checked(name)
    _change(person, lambda known: (replace(one, name=name) if one.key == key else one for one in known), key)


def remove_search(*, person: Person, key: str) -> tuple[Saved, int]:
    """What was removed and where it stood, for `restore_search`. Raises SearchError."""
    known = searches_of(person=person)
    at = next((at for at, one in enumerate(known) if one.key == key), 0)
    _change(person, lambda known: (one for one in known if one.key != key), key)
    return known[at], at


def restore_search(*, person: Person, saved: Saved, at: int) -> None:
    """Raises SearchError."""

    def restored(known: tuple[Saved, ...]) -> Iterable[Saved]:
        others = [one for one in known if one.key != saved.key]
        if len(others) >= MOST:
            raise SearchError("many")
        return (*others[:at], saved, *others[at:])

    _change(person, restored)


def move_search(*, person: Person, key: str, by: int) -> None:
    """So many places down. Raises SearchError."""

    def moved(known: tuple[Saved, ...]) -> Iterable[Saved]:
        at = next(at for at, one in enumerate(known) if one.key == key)
        others = [*known[:at], *known[at + 1 :]]
        others.insert(max(0, at + by), known[at])
        return others

    _change(person, moved, key)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise SearchError("name")
    return name


def _change(person: Person, change: Change, key: str | None = None) -> None:
    """Of what is kept now, which another window may have changed meanwhile. `key` has to be among it."""
    with transaction.atomic():
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        known = searches_of(person=fresh)
        if key is not None and all(one.key != key for one in known):
            raise SearchError("gone")
        person.searches = [list(astuple(one)) for one in change(known)]
        person.save(update_fields=["searches"])
