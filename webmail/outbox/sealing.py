"""What a row holds sealed, bound to the row: its letter, the credentials for it, notes, and the message's own file.

The letter is a composition with the envelope it has; the file holds the message's octets as they go out. Both end
with the job. Credentials are bound to the time they end and to the servers they are for as well: a row whose time was
changed opens nothing, nor does it once the person's mail domain has other servers.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.accounts.sealed_file import SealedWriter, open_sealed
from webmail.domains.registry import domain_of
from webmail.imap.server import Password
from webmail.mailbox.reading.summary import Place
from webmail.mailbox.writing import Composition
from webmail.sealed import UnsealError, seal_for_job, unseal_for_job
from webmail.smtp.envelope import Dsn, Envelope

from .entry import Answer
from .models import Delivery, Outgoing


@dataclass(frozen=True, slots=True)
class Letter:
    """`blind` is the Bcc field with its line end, for the copy in Sent; "" for none.

    `made` is "" for what a person wrote. Else the octets are all there is: they are never built anew, and nobody's
    text goes to Drafts. Of an "answer" a copy is filed, of a "notice" none.
    """

    composition: Composition
    envelope: Envelope
    blind: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """What may still be shown once the letter is gone; `subject` stays only where the message did not go out."""

    sender: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    reply: Answer | None = None
    draft: Place | None = None
    made: bool = False


def seal_letter(row: Outgoing, letter: Letter) -> str:
    composition = json.loads(letter.composition.to_json())
    return _seal(row, "letter", [composition, asdict(letter.envelope), letter.blind, letter.made])


def open_letter(row: Outgoing) -> Letter:
    """Raises UnsealError, also where it is gone."""
    composition, envelope, *rest = _unseal(row, "letter", row.letter)
    dsn = envelope.pop("dsn")
    if dsn:
        dsn = Dsn(**dsn | {"notify": tuple(dsn["notify"])})
    return Letter(
        Composition.from_json(json.dumps(composition)),
        Envelope(**envelope | {"recipients": tuple(envelope["recipients"])}, dsn=dsn),
        *rest,
    )


def seal_credentials(row: Outgoing, access: Access) -> str:
    """ "" for credentials that end by themselves soon, which are no password."""
    own = access.holder.credentials
    if not isinstance(own, Password):
        return ""
    return _seal(row, _bound(access.person, row.credentials_until), [own.user, own.password])


def open_access(row: Outgoing, person: Person, now: datetime) -> Access | None:
    """The person's access for this job; None where there is none, or its time has run out."""
    if not row.credentials or row.credentials_until is None or row.credentials_until <= now:
        return None
    try:
        login, password = _unseal(row, _bound(person, row.credentials_until), row.credentials)
    except UnsealError:
        return None
    return Access(person, holder_of(person, login=login, password=password))


def seal_notes(row: Outgoing, notes: Notes) -> str:
    return _seal(row, "notes", asdict(notes))


def open_notes(row: Outgoing) -> Notes:
    """Empty ones where they can't be opened: they only tell."""
    try:
        told = _unseal(row, "notes", row.notes)
    except UnsealError:
        return Notes()
    return Notes(
        told["sender"],
        tuple(told["to"]),
        told["subject"],
        Answer(**told["reply"]) if told["reply"] else None,
        Place(**told["draft"]) if told["draft"] else None,
        told.get("made", False),
    )


def change_notes(row: Outgoing, **changes: Any) -> str:
    return seal_notes(row, replace(open_notes(row), **changes))


def delivery(row: Outgoing, position: int, answer: Answer) -> Delivery:
    return Delivery(
        outgoing=row,
        position=position,
        accepted=answer.accepted,
        code=answer.code,
        enhanced=answer.enhanced,
        words=_seal(row, "answer", [answer.address, answer.text]),
    )


def answers_of(row: Outgoing) -> tuple[Answer, ...]:
    found = []
    for told in row.deliveries.all():
        try:
            address, text = _unseal(row, "answer", told.words)
        except UnsealError:
            address, text = "?", ""
        found.append(Answer(address, told.accepted, told.code, told.enhanced, text))
    return tuple(found)


def write_message(row: Outgoing, write: Callable[[BinaryIO], object]) -> None:
    """Keeps the octets that `write` writes to what it is given, and notes in `row` which and how many they are."""
    row.file = secrets.token_hex(16)
    with SealedWriter(message_path(row.file), owner=owner_of(row, "message")) as file:
        write(file)  # type: ignore[arg-type]  # it is only ever written to
        row.size = file.size


def read_message(row: Outgoing) -> BinaryIO:
    """Raises UnsealError and OSError."""
    return open_sealed(message_path(row.file), owner=owner_of(row, "message"))


def remove_message(name: str) -> None:
    if name:
        with suppress(OSError):
            message_path(name).unlink(missing_ok=True)


def message_path(name: str) -> Path:
    return Path(settings.OUTBOX_DIR) / name


def owner_of(row: Outgoing, what: str) -> str:
    """Whom it is sealed for: this row, for this use."""
    return f"outbox\0{row.person_id}\0{row.message_id}\0{what}"


def credentials_owner(row: Outgoing) -> str:
    return owner_of(row, _bound(row.person, row.credentials_until))


def _bound(person: Person, until: datetime | None) -> str:
    """To the time they end, and to the servers of the person's domain."""
    seal = domain_of(person).seal
    return f"credentials\0{until.timestamp() if until else ''}" + (f"\0{seal}" if seal else "")


def _seal(row: Outgoing, what: str, value: object) -> str:
    return seal_for_job(json.dumps(value), owner=owner_of(row, what))


def _unseal(row: Outgoing, what: str, sealed: str) -> Any:
    return json.loads(unseal_for_job(sealed, owner=owner_of(row, what)))
