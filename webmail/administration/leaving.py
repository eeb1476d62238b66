"""What we hold of somebody: counted, given as a file, and deleted. Their mail is the mail server's and stays there."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from webmail.accounts.models import Identity, Person, TrustedSender
from webmail.accounts.portable import exported as settings_of
from webmail.contacts.exporting import export as address_book
from webmail.contacts.models import Contact
from webmail.factors.models import Authenticator
from webmail.journal.models import Deed
from webmail.outbox.models import Outgoing
from webmail.outbox.sealing import remove_message
from webmail.signins.models import Session, SignInEvent

# Columns that are no preference of anybody's.
_NOT_THEIRS: Final = {"id", "password"}
_WAITS: Final = (Outgoing.State.QUEUED, Outgoing.State.SUBMITTING, Outgoing.State.HANDED_OVER)
# In memory up to so many octets, then a file that has no name.
_IN_MEMORY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many of each; `waiting` of those in the outbox have not been sent yet."""

    identities: int
    trusted_senders: int
    contacts: int
    outgoing: int
    waiting: int
    sessions: int
    sign_ins: int
    deeds: int


def holdings_of(*, people: Iterable[Person]) -> Holdings:
    """Of all of them together."""
    pks = [person.pk for person in people]

    def count(model: type[Model], **which: Any) -> int:
        return model._default_manager.filter(person__in=pks, **which).count()

    return Holdings(
        identities=count(Identity),
        trusted_senders=count(TrustedSender),
        contacts=count(Contact),
        outgoing=count(Outgoing),
        waiting=count(Outgoing, state__in=_WAITS),
        sessions=count(Session),
        sign_ins=count(SignInEvent),
        deeds=count(Deed),
    )


def erase(*, person: Person) -> None:
    """Everything of theirs that is ours, files as well. Whoever may still sign in to the mail server starts afresh."""
    files = list(person.outgoing.exclude(file="").values_list("file", flat=True))
    folder = Path(settings.UPLOAD_DIR) / str(person.pk)
    person.delete()
    for name in files:
        remove_message(name)
    shutil.rmtree(folder, ignore_errors=True)


def exported(*, people: Iterable[Person]) -> IO[bytes]:
    """A zip, at its beginning: for each their own folder of JSON files and the address book as a vCard. Their settings
    are as they save them themselves, and can be read in again. No password, key or message is in it."""
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for person in people:
            folder = (
                f"{person.pk}-{''.join(c if c.isalnum() or c in '@.-_' else '_' for c in person.username)}"
            )
            for name, content in _tables(person).items():
                archive.writestr(f"{folder}/{name}.json", _json(content))
            with archive.open(f"{folder}/contacts.vcf", "w") as book:
                for part in address_book(person=person, form="vcard4"):
                    book.write(part)
    file.seek(0)
    return file


def _tables(person: Person) -> dict[str, Any]:
    fields = [field for field in Person._meta.concrete_fields if field.name not in _NOT_THEIRS]
    return {
        "person": {field.name: field.value_from_object(person) for field in fields},
        "settings": settings_of(person=person),
        "sessions": list(person.sessions.values("kind", "device", "address", "started", "last_used")),
        "sign_ins": list(person.sign_ins.values("at", "outcome", "kind", "address", "device")),
        "second_factors": [
            *Authenticator.objects.filter(person=person).values("made", "confirmed"),
            *person.passkeys.values("name", "made", "used"),
        ],
        "outbox": list(person.outgoing.values("state", "created", "not_before", "finished", "size")),
    }


def _json(content: Any) -> str:
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
