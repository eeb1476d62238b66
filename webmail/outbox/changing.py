"""What a person may still do with a message in the outbox. Each is a compare-and-set against the worker: it is either
done, or the message went its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from webmail.accounts.access import Access
from webmail.accounts.models import Person
from webmail.accounts.submission import needs_own_credentials
from webmail.mailbox.errors import MailServerError, WritingError
from webmail.mailbox.writing import Composition
from webmail.sealed import UnsealError

from . import sealing, working
from .entry import Entry
from .errors import NoEntryError, TooLateError
from .following import forget, put_in_drafts
from .lease import Job, LeaseLostError, leased
from .listing import entry, entry_of, row_of
from .models import Outgoing
from .preparing import enclose, prepare, renewed
from .submitting import ends

State = Outgoing.State
_STEPS_AFTER = Q(state__in=(State.ACCEPTED, State.FILED, State.REFUSED, State.UNKNOWN)) & ~Q(steps="")


def undo(*, access: Access, pk: int) -> Composition:
    """Takes back what has not gone out; returns it to be edited, under a Message-ID of its own, in Drafts where the
    mail server let it. Raises NoEntryError, TooLateError; a second time it gives the same."""
    row = row_of(access.person, pk)
    if row.state == State.CANCELLED and row.letter:
        # The answer to the first time may have been lost on its way.
        return replace(renewed(_open(row).composition), draft=sealing.open_notes(row).draft)
    with leased(row.pk, Q(state=State.QUEUED)) as job:
        if job is None:
            raise TooLateError
        letter = _open(job.row)
        former = letter.composition
        try:
            composition = renewed(former) if letter.made else put_in_drafts(access, former)
        except (MailServerError, WritingError):
            composition = renewed(former)
        _cancelled(job, composition)
    return composition


def cancel(*, access: Access, pk: int) -> None:
    """Takes it back into Drafts, unless the program made it. Raises NoEntryError, TooLateError, and what saving a draft
    raises: then it waits as before."""
    row = row_of(access.person, pk)
    with leased(row.pk, Q(state=State.QUEUED)) as job:
        if job is None:
            raise TooLateError
        letter = _open(job.row)
        former = letter.composition
        _cancelled(job, former if letter.made else put_in_drafts(access, former))


def _cancelled(job: Job, composition: Composition) -> None:
    notes = sealing.change_notes(job.row, draft=composition.draft)
    job.commit(
        state=State.CANCELLED,
        reason="",
        finished=timezone.now(),
        next_try=None,
        notes=notes,
        dismissed=True,
    )
    forget(job, keep_letter=True)


def reschedule(*, access: Access, pk: int, at: datetime, client_address: str = "") -> Entry:
    """To another time, or (in the past) at once; its date becomes that. Raises NoEntryError, TooLateError, and what
    building raises: then it waits as before."""
    row = row_of(access.person, pk)
    now = timezone.now()
    with leased(row.pk, Q(state=State.QUEUED, attempts=0)) as job:
        if job is None:
            raise TooLateError
        former, row = job.row.file, job.row
        row.not_before = max(at, now)
        letter = _open(row)
        if letter.made:
            former = ""
            enclose(row, access, letter, sealing.open_notes(row))
        else:
            prepare(row, access, letter.composition, now=row.not_before, client_address=client_address)
        names = ("not_before", "file", "size", "letter", "notes", "credentials", "credentials_until")
        try:
            job.commit(
                scheduled=True, next_try=row.not_before, **{name: getattr(row, name) for name in names}
            )
        except LeaseLostError:
            sealing.remove_message(row.file if former else "")
            raise TooLateError from None
        sealing.remove_message(former)
    if at <= now:
        working.work(pk, access=access, condition=Q(state=State.QUEUED, attempts=0))
    working.wake()
    return entry(person=access.person, pk=pk)


def retry(*, access: Access, pk: int) -> Entry:
    """Now, with the person's live access, what waits: the sending itself, or a step after it.

    Raises NoEntryError, TooLateError.
    """
    row = row_of(access.person, pk)
    if row.state == State.QUEUED and not row.attempts:
        return reschedule(access=access, pk=pk, at=timezone.now())
    if needs_own_credentials(access.domain):
        _renew_credentials(row, access)
    working.work(row.pk, access=access, condition=Q(state=State.QUEUED) | _STEPS_AFTER)
    return entry(person=access.person, pk=pk)


def again(*, access: Access, pk: int) -> Composition:
    """The same text for those who were refused, as a new message. Raises NoEntryError, TooLateError."""
    row = row_of(access.person, pk)
    told = entry_of(row, now=timezone.now())
    if told.phase != "partly" or not row.letter:
        raise TooLateError
    composition = renewed(_open(row).composition)
    return replace(composition, to=", ".join(told.refused_for), cc="", bcc="", draft=None, origins=())


def dismiss(*, person: Person, pk: int) -> None:
    """Shown no more, and whatever was kept of it forgotten. Raises NoEntryError, and TooLateError for what has not
    ended."""
    row = row_of(person, pk)
    ended = (State.ACCEPTED, State.FILED, State.DONE, State.REFUSED, State.UNKNOWN, State.CANCELLED)
    with leased(row.pk, Q(state__in=ended)) as job:
        if job is None:
            raise TooLateError
        if "keep" in job.row.steps and job.row.letter:
            # Its text is nowhere else.
            raise TooLateError
        _end(job)


def resume(*, access: Access) -> None:
    """What waits for the person to be here: steps after a sending that had no credentials of its own."""
    waiting = Outgoing.objects.filter(_STEPS_AFTER, person=access.person, next_try=None)
    absent = waiting.filter(Q(reason="access") | Q(steps="keep"))
    for pk in absent.values_list("pk", flat=True)[:20]:
        working.work(pk, access=access, condition=_STEPS_AFTER)


def _end(job: Job) -> None:
    job.commit(dismissed=True, steps="", letter="")
    forget(job)


def _open(row: Outgoing) -> sealing.Letter:
    try:
        return sealing.open_letter(row)
    except UnsealError:
        raise NoEntryError from None


def _renew_credentials(row: Outgoing, access: Access) -> None:
    """Theirs of now, for as long as at first."""
    with leased(row.pk, ~Q(letter="")) as job:
        if job is not None:
            job.row.credentials_until = until = ends(timezone.now())
            job.commit(credentials=sealing.seal_credentials(job.row, access), credentials_until=until)
