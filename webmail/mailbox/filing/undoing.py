"""Taking a deed back: the same messages where they were, with the flags that they had."""

from __future__ import annotations

from typing import Any, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.errors import CommandError
from webmail.imap.operations import batches, delete_for_ever, move
from webmail.imap.session import Session
from webmail.imap.sets import parse_set
from webmail.journal import keeping
from webmail.journal.models import Deed
from webmail.journal.step import Step, read_steps, write_steps

from ..reading.index import index_of
from ..reading.selecting import wire_name
from . import steps, working
from .acting import flag_command, learn, raise_refusal
from .asking import numbers, those
from .doing import AT_ONCE, changed
from .working import BATCH, Report, State, Stopped, working_in

_RESTED: Final = [State.DONE, State.STOPPED, State.BROKEN]


def can_take_back(deed: Deed) -> bool:
    """There is something left that could be, and nobody works on it."""
    return (
        bool(deed.steps) and deed.steps != "[]" and deed.state != State.UNDONE and not keeping.is_alive(deed)
    )


def take_back(*, access: Access, deed: Deed) -> Deed:
    """`undone` says how many are back; many go on in the background. Nothing happens where it was taken back already.

    Raises FolderNotFoundError, FolderRenumberedError (the folder where the messages are is not the same any more),
    TargetGoneError (the one they came from is gone), QuotaError, MailServerError, SignInEndedError.
    """
    if not can_take_back(deed) or not changed(deed, [State(deed.state), *_RESTED], State.UNDOING):
        return deed
    if steps.size(read_steps(deed.steps)) > AT_ONCE:
        working.start(access, deed, _bring_back, State.UNDOING)
        return deed
    try:
        _bring_back(access, deed, lambda _deed: True)
        deed.state = State.UNDONE
    except working.FAULTS as error:
        deed.state, deed.reason = State.BROKEN, working.reason_of(error)
        raise
    finally:
        deed.save()
    return deed


def _bring_back(access: Access, deed: Deed, report: Report) -> None:
    left = list(read_steps(deed.steps))
    while left:
        step = left[-1]
        uids = parse_set(step.lot.uids)
        with working_in(access, step.lot, lasting=len(uids) > BATCH) as session:
            for at in range(0, len(uids), BATCH):
                for batch in batches(uids[at : at + BATCH]):
                    some = frozenset(parse_set(batch))
                    now = steps.part(step, some)
                    assert now is not None
                    deed.undone += _back(session, now, batch)
                    rest = steps.without(left[-1], some)
                    left = [*left[:-1], *([rest] if rest else [])]
                    deed.steps = write_steps(left)
                if not report(deed) and left:
                    raise Stopped


def _back(session: Session, step: Step, batch: str) -> int:
    """How many of them were still there."""
    asked: list[imap.Command[Any]] = [
        those(session, criteria.uids(batch)),
        *(flag_command(change.uids, change.flag, on=not change.on) for change in step.changes),
    ]
    if step.copies:
        (there,) = session.run(*asked[:1])
        if there.numbers:
            delete_for_ever(session, there.numbers)
        index_of(session)
    elif step.back:
        try:
            moved = move(session, parse_set(batch), wire_name(session, step.back), beside=asked)
        except CommandError as error:
            raise_refusal(session, error, step.back)
        index_of(session)
        if not moved.expunged:
            index_of(session).forget()
        if moved.copied is not None:
            return len(moved.copied.source)
        there = moved.beside[0]
    else:
        there, *stored = session.gather(*asked)
        refusal = next((answer for answer in stored if isinstance(answer, CommandError)), None)
        if refusal is not None:
            raise refusal
        learn(session, stored)
    return len(numbers(there, batch))
