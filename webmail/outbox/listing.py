"""The outbox as its person sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from webmail.accounts.models import Person

from . import sealing
from .entry import Entry
from .errors import NoEntryError
from .models import Outgoing

State = Outgoing.State
SHOWN_AFTER = timedelta(days=7)
"""So long what has gone out is still listed."""


def entries(*, person: Person) -> tuple[Entry, ...]:
    """What waits first, the soonest before all; then the rest, the newest before all."""
    now = timezone.now()
    rows = _of(person).filter(dismissed=False, created__gt=now - SHOWN_AFTER) | _of(person).filter(_undone())
    found = [entry_of(row, now=now) for row in rows.prefetch_related("deliveries").order_by("-created")[:500]]
    waiting = [entry for entry in found if entry.phase in ("held", "scheduled", "waiting", "going")]
    rest = [entry for entry in found if entry not in waiting]
    return (*sorted(waiting, key=lambda entry: entry.next_try or entry.not_before), *rest)


def entry(*, person: Person, pk: int, again: bool = False, differs: bool = False) -> Entry:
    """`again` and `differs` as `send` said. Raises NoEntryError."""
    found = entry_of(row_of(person, pk), now=timezone.now())
    return replace(found, again=again, differs=differs)


def phase(*, person: Person, pk: int) -> str:
    """An entry's, "" where it is forgotten: what went wrong is not. One query."""
    row = _of(person).filter(pk=pk).first()
    return _phase(row, timezone.now(), partly=False) if row else ""


def unfinished(*, person: Person) -> int:
    """How many are not done, or ended in a way that the person has not seen to yet. One query."""
    return _of(person).filter(_undone()).count()


def row_of(person: Person, pk: int) -> Outgoing:
    """Raises NoEntryError."""
    row = _of(person).filter(pk=pk).first()
    if row is None:
        raise NoEntryError
    return row


def entry_of(row: Outgoing, *, now: datetime) -> Entry:
    notes = sealing.open_notes(row)
    answers = sealing.answers_of(row)
    refused = any(not answer.accepted for answer in answers)
    return Entry(
        pk=row.pk,
        message_id=row.message_id,
        phase=_phase(row, now, partly=refused),
        state=row.state,
        reason=row.reason,
        created=row.created,
        not_before=row.not_before,
        next_try=row.next_try,
        attempts=row.attempts,
        finished=row.finished,
        sender=notes.sender,
        to=notes.to,
        subject=notes.subject,
        answers=answers,
        reply=notes.reply,
        draft=notes.draft,
        copy_missing=row.state == State.ACCEPTED and "file" in row.steps.split(),
        has_text=bool(row.letter) and not notes.made,
        made=notes.made,
    )


def _phase(row: Outgoing, now: datetime, *, partly: bool) -> str:
    match row.state:
        case State.QUEUED if row.attempts:
            return "waiting"
        case State.QUEUED if row.scheduled:
            return "scheduled"
        case State.QUEUED:
            return "held" if row.not_before > now else "going"
        case State.SUBMITTING | State.HANDED_OVER:
            return "going"
        case State.ACCEPTED | State.FILED | State.DONE:
            return "partly" if partly else "sent"
    return str(row.state)


def _undone() -> Q:
    on_its_way = Q(state__in=(State.QUEUED, State.SUBMITTING, State.HANDED_OVER))
    to_see = Q(state__in=(State.ACCEPTED, State.REFUSED, State.UNKNOWN))
    partly = Q(state=State.DONE) & ~Q(letter="")
    return on_its_way | (to_see | partly) & Q(dismissed=False)


def _of(person: Person) -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(person=person)
