"""Handing a row's message to the submission server, and committing what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from webmail.accounts.access import Access
from webmail.accounts.connections import waiting_for
from webmail.accounts.errors import MailServerError
from webmail.accounts.submission import (
    needs_own_credentials,
    submission_credentials,
    submission_timeouts,
)
from webmail.domains.registry import domain_of
from webmail.metrics.registry import SENDS, SMTP_SECONDS
from webmail.sealed import UnsealError
from webmail.smtp.outcome import Outcome
from webmail.smtp.submit import submit

from . import sealing
from .entry import Answer
from .lease import Job, LeaseLostError
from .models import Delivery, Outgoing
from .sealing import Letter

State = Outgoing.State
GIVE_UP_AFTER: Final = timedelta(hours=4)
AFTER_SENDING: Final = "file mark tidy collect"
PAUSES: Final = (0.5, 2.0, 8.0)
_SOONEST, _LATEST = timedelta(minutes=1), timedelta(minutes=30)


def hand_in(job: Job, access: Access | None) -> None:
    """From queued (or submitting, by somebody who crashed) to an outcome. Nothing is sent once the lease is lost."""
    row = job.row
    try:
        letter = sealing.open_letter(row)
    except UnsealError:
        stop(job, "fault")
        return
    if not row.person.is_active:
        stop(job, "sender")
    elif access is None and needs_own_credentials(domain_of(row.person)):
        stop(job, "expired")
    elif row.state == State.SUBMITTING and timezone.now() > row.not_before + GIVE_UP_AFTER:
        # Whoever tries it crashes, again and again.
        stop(job, "gave-up")
    else:
        _try(job, letter, access)


def _try(job: Job, letter: Letter, access: Access | None) -> None:
    row = job.row
    job.commit(state=State.SUBMITTING, attempts=row.attempts + 1, next_try=timezone.now(), reason="")
    try:
        outcome = _submitted(job, letter, access)
    except (UnsealError, OSError) as error:
        # Its file can't be read, or is on another machine.
        if row.state == State.HANDED_OVER:
            stop(job, "lost", state=State.UNKNOWN)
        elif isinstance(error, UnsealError):
            stop(job, "fault")
        else:
            wait(job, "fault")
    else:
        _insist(lambda: _settle(job, outcome))


def _insist(commit: Callable[[], None]) -> None:
    """What a server has said must not be forgotten because the database was away for a moment."""
    for pause in PAUSES:
        try:
            commit()
        except OperationalError:
            connection.close()
            time.sleep(pause)
        else:
            return
    commit()


def _submitted(job: Job, letter: Letter, access: Access | None) -> Outcome:
    with sealing.read_message(job.row) as message:
        domain = domain_of(job.row.person)
        try:
            server = domain.smtp_server()
        except ValueError as error:
            return Outcome("deferred", cause=str(error))
        try:
            with waiting_for(server, domain.threads), SMTP_SECONDS.time():
                return submit(
                    server,
                    submission_credentials(domain, access.holder if access else None),
                    letter.envelope,
                    message,
                    size=job.row.size,
                    timeouts=submission_timeouts(),
                    handing_over=lambda: job.commit(state=State.HANDED_OVER),
                )
        except MailServerError as error:
            return Outcome("deferred", cause=error.reason)


def _settle(job: Job, outcome: Outcome) -> None:
    match outcome.state:
        case "accepted":
            _accept(job, outcome)
        case "refused":
            stop(job, outcome.stage, outcome)
        case "deferred":
            wait(job, outcome.stage, outcome)
        case _:
            stop(job, "lost", outcome, state=State.UNKNOWN)


def _accept(job: Job, outcome: Outcome) -> None:
    """Of the one who handed it over this counts, even if the lease ended meanwhile and somebody wrote "unknown"."""
    row, now = job.row, timezone.now()
    with transaction.atomic():
        accepted = {
            "state": State.ACCEPTED,
            "reason": "",
            "steps": AFTER_SENDING,
            "next_try": now,
            "finished": now,
            "notes": _notes(row, outcome),
        }
        mine = Q(pk=row.pk, attempts=row.attempts, state__in=(State.HANDED_OVER, State.UNKNOWN))
        if not Outgoing.objects.filter(mine).update(**accepted):
            raise LeaseLostError
        _record(row, outcome)
    SENDS.labels("accepted").inc()
    job.fresh = True
    for name, value in accepted.items():
        setattr(row, name, value)


def stop(job: Job, reason: str, outcome: Outcome | None = None, *, state: State = State.REFUSED) -> None:
    """For good: its text goes back to Drafts."""
    now = timezone.now()
    with transaction.atomic():
        notes = _notes(job.row, outcome)
        job.commit(state=state, reason=reason, steps="keep", next_try=now, finished=now, notes=notes)
        _record(job.row, outcome)
    SENDS.labels(state.value).inc()


def wait(job: Job, reason: str, outcome: Outcome | None = None) -> None:
    """For the next try, while there is time for one."""
    row, now = job.row, timezone.now()
    next_try = now + growing(now - row.not_before)
    last = row.not_before + GIVE_UP_AFTER
    if row.credentials_until is not None and needs_own_credentials(domain_of(row.person)):
        last = min(last, row.credentials_until)
    if next_try > last:
        stop(job, "gave-up", outcome)
        return
    with transaction.atomic():
        notes = _notes(row, outcome)
        job.commit(state=State.QUEUED, reason=reason, next_try=next_try, notes=notes)
        _record(row, outcome)
    SENDS.labels("deferred").inc()


def growing(waited: timedelta) -> timedelta:
    """The longer it takes, the longer until the next try."""
    return min(max(waited / 2, _SOONEST), _LATEST)


def _notes(row: Outgoing, outcome: Outcome | None) -> str:
    reply = outcome.reply if outcome else None
    said = (
        Answer("", outcome.state == "accepted", reply.code, reply.enhanced, reply.text)
        if outcome and reply
        else None
    )
    return sealing.change_notes(row, reply=said)


def _record(row: Outgoing, outcome: Outcome | None) -> None:
    if outcome is None:
        return
    row.deliveries.all().delete()
    taken = outcome.state == "accepted"
    Delivery.objects.bulk_create(
        sealing.delivery(
            row,
            position,
            Answer(
                told.address,
                taken and told.reply.positive,
                told.reply.code,
                told.reply.enhanced,
                told.reply.text,
            ),
        )
        for position, told in enumerate(outcome.recipients)
    )


def ends(not_before: datetime) -> datetime:
    """How long the credentials of a job last: for all its tries, and for what follows."""
    return not_before + 3 * GIVE_UP_AFTER
