"""Doing it, resuming what broke off, stopping what is under way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils import timezone

from webmail.accounts.access import Access
from webmail.imap.sets import format_set, parse_set
from webmail.journal import keeping
from webmail.journal.models import Deed
from webmail.journal.step import Lot, write_lots

from ..errors import TooManyError
from . import working
from .order import Order
from .working import State

# More messages than this are filed in a thread, with progress told.
AT_ONCE: Final = 1000
JOBS_PER_PERSON: Final = 3


def lot_of(*, folder: str, uid_validity: int, uids: Iterable[int]) -> Lot:
    return Lot(folder, uid_validity, format_set(uids))


def file_messages(*, access: Access, order: Order, lots: tuple[Lot, ...]) -> Deed:
    """What came of it; `pk` is None where the messages were not there any more, so that nothing was done.

    More than AT_ONCE go on in the background. Raises FolderNotFoundError, FolderRenumberedError, TargetGoneError,
    SameFolderError, QuotaError, MailServerError, SignInEndedError where nothing was done: once something was, the
    deed is "broken" and says why. TooManyError where too much is under way.
    """
    deed = Deed(
        person=access.person,
        sign_in=access.sign_in,
        kind=order.kind,
        target=order.target,
        source=lots[0].folder,
        sources=len({lot.folder for lot in lots}),
        total=sum(len(parse_set(lot.uids)) for lot in lots),
        left=write_lots(lots),
    )
    _work(access, deed)
    return deed


def resume(*, access: Access, deed: Deed) -> Deed:
    """What is left of one that was stopped or broke off. Raises what `file_messages` raises."""
    rested = [State.STOPPED, State.BROKEN]
    if deed.state == State.RUNNING and not keeping.is_alive(deed):
        rested.append(State.RUNNING)
    if deed.left and not deed.undone and changed(deed, rested, State.RUNNING):
        _work(access, deed)
    return deed


def stop(*, deed: Deed) -> None:
    """After the batch that is on its way. What was done stays done, and can be taken back."""
    changed(deed, [State.RUNNING, State.UNDOING], State.STOPPED)


def changed(deed: Deed, former: list[State], state: State) -> bool:
    """By one of several who may have pressed."""
    now = timezone.now()
    if not Deed.objects.filter(pk=deed.pk, state__in=former).update(state=state, reason="", touched=now):
        return False
    deed.state, deed.reason, deed.touched = state, "", now
    return True


def _work(access: Access, deed: Deed) -> None:
    left = deed.total - deed.done - deed.missing
    if left > AT_ONCE:
        if keeping.under_way(person_id=access.person.pk) >= JOBS_PER_PERSON + (deed.pk is not None):
            raise TooManyError(JOBS_PER_PERSON)
        deed.save()
        working.start(access, deed, working.carry_out, State.RUNNING)
        return
    try:
        working.carry_out(access, deed, lambda _deed: True)
        deed.state = State.DONE
    except working.FAULTS as error:
        deed.state, deed.reason = State.BROKEN, working.reason_of(error)
        if not deed.done:
            if deed.pk is not None:
                deed.save()
            raise
    if deed.done or deed.pk is not None:
        deed.touched = timezone.now()
        deed.save()
        keeping.sweep()
