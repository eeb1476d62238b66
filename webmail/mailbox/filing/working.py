"""A deed from where it stands to its end, in batches, at once or in a thread of its own."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from django.db import connection
from django.utils import timezone

from webmail.accounts.access import Access
from webmail.accounts.errors import AccessError
from webmail.imap import commands as imap
from webmail.imap.errors import ImapError
from webmail.imap.session import Session
from webmail.imap.sets import format_set, parse_set
from webmail.journal.models import Deed
from webmail.journal.step import Lot, Step, read_lots, read_steps, write_lots, write_steps

from ..errors import (
    FolderNotFoundError,
    FolderRenumberedError,
    KeywordRefusedError,
    MailboxError,
    MailServerError,
    QuotaError,
    SameFolderError,
    SignInEndedError,
    TargetGoneError,
)
from ..reading.folders import counts_changed
from ..reading.selecting import expect_uid_validity, session_of, with_selected
from .acting import Done, act
from .order import Order
from .steps import joined

BATCH: Final = 1000
# A program that ends has about ten seconds.
FAREWELL_SECONDS: Final = 8
State = Deed.State
Report = Callable[[Deed], bool]
_log = logging.getLogger(__name__)
_ending = threading.Event()
_threads: set[threading.Thread] = set()


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Somebody has asked for it to stop."""


@contextmanager
def in_folder(access: Access, folder: str, uid_validity: int, *, lasting: bool = False) -> Iterator[Session]:
    """A session that has the folder selected, and that very one."""
    with session_of(access, folder, lasting=lasting) as session:
        with_selected(session, folder)
        expect_uid_validity(session, uid_validity)
        yield session


@contextmanager
def working_in(access: Access, lot: Lot, *, lasting: bool) -> Iterator[Session]:
    """To change something there: the counts are asked for again. Some servers hang up where another client has
    deleted the folder, so a lost connection is looked into."""
    try:
        with in_folder(access, lot.folder, lot.uid_validity, lasting=lasting) as session:
            try:
                yield session
            finally:
                counts_changed(session.notes)
    except MailServerError as error:
        if error.reason == "lost":
            with suppress(MailServerError), in_folder(access, lot.folder, lot.uid_validity) as session:
                session.run(imap.noop())
        raise


def carry_out(access: Access, deed: Deed, report: Report) -> None:
    """Does what is left of it. `report` hears of each batch, and says whether to go on (Stopped)."""
    order = Order(deed.kind, deed.target)
    lots, steps = list(read_lots(deed.left)), list(read_steps(deed.steps))
    while lots:
        lot = lots[0]
        uids = parse_set(lot.uids)
        with working_in(access, lot, lasting=len(uids) > BATCH) as session:
            for at in range(0, len(uids), BATCH):
                batch = uids[at : at + BATCH]
                left = set(batch)
                for some, done in _acted(session, order, batch, deed, several=len(lots) > 1):
                    deed.done += done.count
                    deed.marked += done.count if done.marked else 0
                    if done.step is not None:
                        steps = joined(steps, done.step)
                    left.difference_update(some)
                    _note(deed, lots, lot, (*left, *uids[at + BATCH :]), steps)
                _note(deed, lots, lot, uids[at + BATCH :], steps)
                # Those that nothing was told of are not there any more.
                deed.missing = _meant(deed) - deed.done
                if not report(deed) and deed.left:
                    raise Stopped
        lots = list(read_lots(deed.left))


def _acted(
    session: Session, order: Order, batch: Sequence[int], deed: Deed, *, several: bool
) -> Iterator[tuple[Sequence[int], Done]]:
    """Of messages in several folders, those that are where they are to go are left out of it."""
    try:
        yield from act(session, order, batch)
    except SameFolderError:
        if not several and not deed.done:
            raise
        deed.total -= len(batch)


def start(access: Access, deed: Deed, work: Callable[[Access, Deed, Report], None], doing: str) -> None:
    """In a thread, with the credentials in memory only; the deed's row says how far it is. `doing` is the state that
    the deed is in meanwhile."""
    thread = threading.Thread(target=_thread, args=(access, deed, work, doing), name="filing", daemon=True)
    _threads.add(thread)
    thread.start()


def reason_of(error: Exception) -> str:
    match error:
        case QuotaError():
            return "quota"
        case SignInEndedError():
            return "ended"
        case TargetGoneError():
            return "target"
        case SameFolderError():
            return "same"
        case KeywordRefusedError():
            return "keyword"
        case FolderNotFoundError():
            return "folder"
        case FolderRenumberedError():
            return "renumbered"
        case MailServerError():
            return error.reason
    return "fault"


FAULTS: Final = (MailboxError, AccessError, ImapError)


def _thread(access: Access, deed: Deed, work: Callable[[Access, Deed, Report], None], doing: str) -> None:
    try:
        run(access, deed, work, doing)
    finally:
        connection.close()
        _threads.discard(threading.current_thread())


def run(access: Access, deed: Deed, work: Callable[[Access, Deed, Report], None], doing: str) -> None:
    """To its end; the row is brought up to date after each batch. Raises nothing of the work's own."""
    try:
        work(access, deed, lambda deed: _saved(deed, doing))
        state, reason = State.UNDONE if doing == State.UNDOING else State.DONE, ""
    except Stopped:
        state, reason = (State.BROKEN, "restart") if _ending.is_set() else (State.STOPPED, "")
    except FAULTS as error:
        state, reason = State.BROKEN, reason_of(error)
    except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to
        _log.error("Filing broke off: %s", type(error).__name__)
        state, reason = State.BROKEN, "fault"
    _saved(deed, doing)
    Deed.objects.filter(pk=deed.pk, state=doing).update(state=state, reason=reason)


PROGRESS: Final = ("done", "missing", "marked", "undone", "steps", "left")


def _saved(deed: Deed, doing: str) -> bool:
    """False where the deed is gone, its state was changed by somebody else, or the program ends."""
    progress = {name: getattr(deed, name) for name in PROGRESS}
    row = Deed.objects.filter(pk=deed.pk)
    row.update(touched=timezone.now(), **progress)
    return not _ending.is_set() and row.filter(state=doing).exists()


def _note(deed: Deed, lots: list[Lot], lot: Lot, uids: Iterable[int], steps: list[Step]) -> None:
    uids = list(uids)
    rest = [Lot(lot.folder, lot.uid_validity, format_set(uids))] if uids else []
    deed.left, deed.steps = write_lots([*rest, *lots[1:]]), write_steps(steps)


def _meant(deed: Deed) -> int:
    """How many of those that were meant have had their turn."""
    return deed.total - sum(len(parse_set(lot.uids)) for lot in read_lots(deed.left))


def _farewell() -> None:
    _ending.set()
    for thread in tuple(_threads):
        thread.join(FAREWELL_SECONDS)


atexit.register(_farewell)
