"""A composition made ready to go: its octets in a sealed file, its letter sealed into the row."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from webmail.accounts.access import Access
from webmail.accounts.submission import needs_own_credentials
from webmail.mail.address import Mailbox
from webmail.mail.compose import needs_utf8
from webmail.mail.compose.fields import address_field
from webmail.mail.compose.wire_address import wire_address
from webmail.mailbox.writing import Composition, build
from webmail.mailbox.writing.building import message_of
from webmail.smtp.envelope import Dsn, Envelope

from . import sealing
from .models import Outgoing
from .sealing import Letter, Notes
from .submitting import ends


def prepare(
    row: Outgoing, access: Access, composition: Composition, *, now: datetime, client_address: str
) -> Letter:
    """Fills what `row` holds sealed, for a message of the date `now`. The composition is settled.

    Raises PartNotFoundError, ComposeError; no file is left then.
    """
    now = timezone.localtime(now)
    eight_bit = False

    def write(target: BinaryIO) -> None:
        nonlocal eight_bit
        eight_bit = build(
            access=access,
            composition=composition,
            target=target,
            for_="wire",
            now=now,
            client_address=client_address,
        ).eight_bit

    message = message_of(access, composition, for_="wire", now=now)
    sealing.write_message(row, write)
    envelope = Envelope(
        sender=wire_address(message.from_.address),
        recipients=_once(message.recipients),
        utf8=needs_utf8(message),
        eight_bit=eight_bit,
        dsn=Dsn(notify=("SUCCESS", "FAILURE", "DELAY")) if composition.delivery_notice else None,
    )
    blind = address_field("Bcc", message.bcc) if message.bcc else ""
    letter = Letter(composition, envelope, blind)
    notes = Notes(
        message.from_.address, tuple(person.display for person in message.recipients), composition.subject
    )
    enclose(row, access, letter, notes)
    return letter


def enclose(row: Outgoing, access: Access, letter: Letter, notes: Notes) -> None:
    row.letter, row.notes = sealing.seal_letter(row, letter), sealing.seal_notes(row, notes)
    if needs_own_credentials(access.domain):
        row.credentials_until = ends(row.not_before)
        row.credentials = sealing.seal_credentials(row, access)


def fingerprint(composition: Composition) -> str:
    """The same for the same message, wherever its draft and its files are; tells nothing to who has no key."""
    files = tuple(
        replace(
            file, token="", type="", size=0
        )  # a part of a received message is only measured once it is here
        for file in composition.attachments
    )
    said = replace(
        composition,
        draft=None,
        attachments=files,
        origins=(),
        html="" if not composition.rich else composition.html,
    )
    return _keyed("what was sent", said.to_json())


def renewed(composition: Composition) -> Composition:
    """To be edited and sent as another message, since its Message-ID is used up. The same each time."""
    domain = composition.message_id.rpartition("@")[2]
    return replace(composition, message_id=f"{_keyed('next', composition.message_id)[:32]}@{domain}")


def _keyed(what: str, said: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.digest(key, f"ekorn outbox 1\0{what}\0{said}".encode(), hashlib.sha256).hex()


def _once(people: Iterable[Mailbox]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(wire_address(person.address) for person in people))
