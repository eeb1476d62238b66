"""What a row holds, sealed with the server's newest key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from webmail.accounts.sealed_file import key_id_of_file, reseal_file
from webmail.sealed import Resealed, UnsealError, is_current, key_id_of, seal_for_job, unseal_for_job

from .models import Delivery, Outgoing
from .sealing import credentials_owner, message_path, owner_of

_FIELDS: Final = ("letter", "credentials", "notes")


def reseal() -> Resealed:
    """Rows, answers and files. What is changed meanwhile by whoever sends it is sealed with the newest key anyway."""
    changed = lost = 0
    for row in Outgoing.objects.order_by("pk").iterator(100):
        try:
            changed += _row(row)
        except UnsealError:
            lost += 1
    for answer in Delivery.objects.select_related("outgoing").order_by("pk").iterator(500):
        if not is_current(answer.words):
            try:
                words = _anew(answer.words, owner_of(answer.outgoing, "answer"))
            except UnsealError:
                lost += 1
            else:
                changed += Delivery.objects.filter(pk=answer.pk, words=answer.words).update(words=words)
    return Resealed(changed, lost)


def key_ids() -> Iterator[str]:
    """Of the keys that they are sealed with, one for each thing."""
    for *sealed, file in Outgoing.objects.values_list(*_FIELDS, "file").iterator():
        yield from (key_id_of(text) for text in sealed if text)
        if file:
            with suppress(OSError):
                yield key_id_of_file(message_path(file))
    yield from map(key_id_of, Delivery.objects.values_list("words", flat=True).iterator())


def _row(row: Outgoing) -> bool:
    """Raises UnsealError."""
    owners = {
        "letter": owner_of(row, "letter"),
        "notes": owner_of(row, "notes"),
        "credentials": credentials_owner(row),
    }
    fresh = {
        name: _anew(getattr(row, name), owner)
        for name, owner in owners.items()
        if getattr(row, name) and not is_current(getattr(row, name))
    }
    former = {name: getattr(row, name) for name in fresh}
    changed = bool(fresh and Outgoing.objects.filter(pk=row.pk, **former).update(**fresh))
    if row.file:
        with suppress(OSError):
            changed |= reseal_file(message_path(row.file), owner=owner_of(row, "message"))
    return changed


def _anew(sealed: str, owner: str) -> str:
    return seal_for_job(unseal_for_job(sealed, owner=owner), owner=owner)
