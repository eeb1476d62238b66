"""In which folders a person wants threads."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from .models import Person

# The folders chosen last; nobody reads more.
MOST: Final = 300


def is_threaded(*, person: Person, folder: str) -> bool:
    return folder in person.threaded


def set_threaded(*, person: Person, folder: str, on: bool) -> None:
    """`folder` as the mail server calls it."""
    with transaction.atomic():
        fresh = Person.objects.select_for_update().get(pk=person.pk)
        others = [name for name in fresh.threaded if name != folder]
        person.threaded = [*others, folder][-MOST:] if on else others
        person.save(update_fields=["threaded"])
