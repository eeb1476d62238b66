"""Sending: one mail for one Message-ID, however often the button is pressed."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from webmail.accounts.access import Access
from webmail.accounts.models import Person
from webmail.accounts.submission import size_limit
from webmail.mailbox import writing
from webmail.mailbox.writing import Composition, identity_of
from webmail.smtp.envelope import Envelope

from . import sealing, working
from .entry import Entry
from .errors import NotSendableError, TooManyMessagesError
from .listing import entry_of
from .models import Outgoing
from .preparing import enclose, fingerprint, prepare
from .sealing import Letter, Notes

State = Outgoing.State
# If whoever has pressed Send crashes before it is handed in, somebody else takes it up after this.
TAKEN_UP_AFTER = timedelta(seconds=20)


def send(
    *,
    access: Access,
    composition: Composition,
    now: datetime,
    at: datetime | None = None,
    accepted: Collection[str] = (),
    client_address: str = "",
) -> Entry:
    """Sends it now, holds it for as long as the person may undo, or keeps it until `at`; tells which.

    A second time under the same Message-ID it is only told what became of the first (`again`, `differs`).
    `accepted` are the hints that the person has answered. Raises NotSendableError, TooManyMessagesError (the text is
    in Drafts then), and what saving raises: AttachmentsGoneError, TooLargeError, MailServerError.
    """
    person = access.person
    print_ = fingerprint(composition)
    former = Outgoing.objects.filter(person=person, message_id=composition.message_id).first()
    if former is not None:
        return _again(former, print_)
    check = writing.check(
        access=access,
        composition=composition,
        now=timezone.localtime(now),
        server_size=size_limit(access.domain),
    )
    if check.problems or not set(check.hints).issubset(accepted):
        raise NotSendableError(check)
    _keep_to_limit(access, composition, now)
    composition = writing.settle(access=access, composition=composition)
    row = _row(person, composition, print_, now=now, at=at)
    prepare(row, access, composition, now=max(at or now, now), client_address=client_address)
    return _entered(row, access, at_once=row.not_before <= now)


def hand_in(
    *,
    access: Access,
    composition: Composition,
    envelope: Envelope,
    message: BinaryIO,
    filed: bool,
    now: datetime,
) -> Entry:
    """Sends octets that the program made, under the composition's Message-ID, as `send` does: held while it may be
    undone, once. `composition` says whose copy goes where (if it is `filed`) and what is answered.

    Raises TooManyMessagesError.
    """
    person = access.person
    print_ = fingerprint(composition)
    former = Outgoing.objects.filter(person=person, message_id=composition.message_id).first()
    if former is not None:
        return _again(former, print_)
    _keep_to_limit(access, None, now)
    row = _row(person, composition, print_, now=now, at=None)
    sealing.write_message(row, lambda target: shutil.copyfileobj(message, target))
    letter = Letter(composition, envelope, made="answer" if filed else "notice")
    sender = identity_of(access, composition).address
    enclose(row, access, letter, Notes(sender, envelope.recipients, composition.subject, made=True))
    return _entered(row, access, at_once=row.not_before <= now)


def _row(
    person: Person, composition: Composition, print_: str, *, now: datetime, at: datetime | None
) -> Outgoing:
    """Held for as long as the person may undo, or until `at`."""
    held = timedelta(0) if at else timedelta(seconds=person.undo_seconds)
    not_before = max(at or now, now) + held
    at_once = not_before <= now
    return Outgoing(
        person=person,
        message_id=composition.message_id,
        scheduled=not at_once and at is not None,
        created=now,
        not_before=not_before,
        next_try=not_before + (TAKEN_UP_AFTER if at_once else timedelta(0)),
        fingerprint=print_,
    )


def _entered(row: Outgoing, access: Access, *, at_once: bool) -> Entry:
    """Nobody else may have been quicker with the same Message-ID."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        sealing.remove_message(row.file)
        former = Outgoing.objects.get(person=row.person, message_id=row.message_id)
        return _again(former, row.fingerprint)
    except BaseException:
        sealing.remove_message(row.file)
        raise
    if at_once:
        working.work(row.pk, access=access, condition=Q(state=State.QUEUED, attempts=0))
        row.refresh_from_db()
    working.wake()
    return entry_of(row, now=timezone.now())


def _again(row: Outgoing, print_: str) -> Entry:
    entry = entry_of(row, now=timezone.now())
    return replace(entry, again=True, differs=row.fingerprint != print_)


def _keep_to_limit(access: Access, composition: Composition | None, now: datetime) -> None:
    """What a person wrote is in Drafts before it is turned down."""
    limit = access.domain.messages_per_hour
    if not limit:
        return
    recent = _recent(access.person, now)
    if recent.count() < limit:
        return
    oldest = recent.order_by("-created").values_list("created", flat=True)[limit - 1]
    if composition is not None:
        writing.save_draft(access=access, composition=composition, now=timezone.localtime(now))
    raise TooManyMessagesError(limit, oldest + timedelta(hours=1))


def _recent(person: Person, now: datetime) -> QuerySet[Outgoing]:
    recent = Outgoing.objects.filter(person=person, created__gt=now - timedelta(hours=1))
    return recent.exclude(state=State.CANCELLED)
