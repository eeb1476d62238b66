"""One order on some messages of the selected folder: one write, and an account of what it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.errors import CommandError, NoError
from webmail.imap.operations import batches, copy, delete_for_ever, move
from webmail.imap.session import Session
from webmail.imap.sets import format_set, parse_set
from webmail.imap.types import CopyUid
from webmail.journal.step import Change, Lot, Step

from ..errors import KeywordRefusedError, QuotaError, TargetGoneError
from ..reading.index import index_of
from ..reading.marking import keeps
from ..reading.selecting import wire_name
from ..writing.appending import is_full
from .asking import having, numbers, those
from .following import Trail
from .order import Order
from .targets import is_there, targets_of

# Above so many the answer to STORE is not worth its octets: what is known of their flags is forgotten instead.
_TOLD: Final = 200
# What "junk" sets and removes; the other way round it is no junk.
_JUNK: Final = (("$Junk", True), ("$NotJunk", False))


@dataclass(frozen=True, slots=True)
class Done:
    """`count` messages were there. `step` takes it back, None where nobody could. `marked`: they could not be
    removed from where they were, and are marked as deleted there."""

    count: int
    step: Step | None = None
    marked: bool = False


def act(session: Session, order: Order, uids: Sequence[int]) -> Iterator[tuple[Sequence[int], Done]]:
    """In turns, each of which is whole before the next begins: (the UIDs it was about, what became of them).

    Raises TargetGoneError, SameFolderError, KeywordRefusedError, QuotaError, and the server's other refusals as
    CommandError.
    """
    if order.flag is not None or order.kind == "forever":
        for batch in batches(uids):
            some = parse_set(batch)
            yield (
                some,
                _deleted(session, batch) if order.kind == "forever" else _flagged(session, order, batch),
            )
        return
    for target, of_target in targets_of(session, order, uids):
        for batch in batches(of_target):
            yield parse_set(batch), _filed(session, order, batch, target)


def flag_command(batch: str, flag: str, *, on: bool) -> imap.Command[imap.Stored]:
    silent = len(parse_set(batch)) > _TOLD
    return imap.store(batch, "add" if on else "remove", [flag], silent=silent)


def learn(session: Session, answers: Sequence[object]) -> None:
    """The page index takes in what was told of flags, or knows nothing of them any more."""
    stored = [answer for answer in answers if isinstance(answer, imap.Stored)]
    index = index_of(session, *(answer.fetched for answer in stored))
    if any(not answer.fetched for answer in stored):
        index.forget()


def _flagged(session: Session, order: Order, batch: str) -> Done:
    assert order.flag is not None
    flag, on = order.flag
    if on and not keeps(session.selected, flag):
        raise KeywordRefusedError
    about = criteria.uids(batch)
    there, changing, stored = session.gather(
        those(session, about),
        those(session, about & having(flag, on=not on)),
        flag_command(batch, flag, on=on),
    )
    if isinstance(stored, CommandError):
        raise stored
    learn(session, [stored])
    present = numbers(there, batch)
    changed = set(present).intersection(numbers(changing, batch))
    if not changed:
        return Done(len(present))
    changes = (Change(flag, on, format_set(changed)),)
    return Done(len(present), Step(_lot(session, format_set(changed)), changes=changes))


def _deleted(session: Session, batch: str) -> Done:
    (there,) = session.run(those(session, criteria.uids(batch)))
    if not there.numbers:
        return Done(0)
    gone = delete_for_ever(session, there.numbers)
    if not gone:
        index_of(session).forget()
    return Done(len(there.numbers), marked=not gone)


def _filed(session: Session, order: Order, batch: str, target: str) -> Done:
    source, uids, name = _lot(session, batch), parse_set(batch), wire_name(session, target)
    trail = Trail.begin(session, batch, name)
    keywords = _keywords(session, order)
    about = criteria.uids(batch)
    asked = [those(session, about), *(those(session, about & having(flag)) for flag, _ in keywords)]
    beside: list[imap.Command[Any]] = [
        *asked,
        *(imap.store(batch, "add" if on else "remove", [flag]) for flag, on in keywords),
    ]
    try:
        if order.kind == "copy":
            there, *had = session.gather(asked[0])
            copied, expunged = copy(session, uids, name), True
        else:
            moved = move(session, uids, name, beside=beside)
            there, *had = moved.beside[: len(asked)]
            copied, expunged = moved.copied, moved.expunged
    except CommandError as error:
        if keywords:
            session.gather(*(imap.store(batch, "remove", [flag]) for flag, on in keywords if on))
        raise_refusal(session, error, target)
    index_of(session)
    present = numbers(there, batch)
    if not expunged:
        index_of(session).forget()
    if copied is not None:
        # A search may still name what another client has expunged; what was copied was there.
        present = copied.source
    elif present:
        copied = trail.end(session, target, present)
    if copied is None or not copied.target:
        return Done(len(present), marked=not expunged)
    changes = _changes(copied, batch, keywords, had)
    back = "" if order.kind == "copy" else source.folder
    lot = Lot(target, copied.uid_validity, format_set(copied.target))
    return Done(len(present), Step(lot, back, changes, copies=order.kind == "copy"), marked=not expunged)


def _keywords(session: Session, order: Order) -> tuple[tuple[str, bool], ...]:
    if order.kind not in ("junk", "notjunk"):
        return ()
    return tuple((flag, on == (order.kind == "junk")) for flag, on in _JUNK if keeps(session.selected, flag))


def _changes(
    copied: CopyUid, batch: str, keywords: Sequence[tuple[str, bool]], had: Sequence[object]
) -> tuple[Change, ...]:
    """What the keywords changed, in the UIDs that the messages have now."""
    now = dict(zip(copied.source, copied.target, strict=True))
    found = []
    for (flag, on), answer in zip(keywords, had, strict=True):
        before = (
            set(numbers(answer, batch)) if not isinstance(answer, CommandError) else set(now) if on else set()
        )
        changed = [now[uid] for uid in now if (uid in before) != on]
        if changed:
            found.append(Change(flag, on, format_set(changed)))
    return tuple(found)


def raise_refusal(session: Session, error: CommandError, target: str) -> NoReturn:
    """Says plainly why the server would not. Some servers give no code."""
    if is_full(error):
        raise QuotaError(error.text) from error
    missing = error.code in ("TRYCREATE", "NONEXISTENT")
    if missing or (isinstance(error, NoError) and not error.code and not is_there(session, target)):
        raise TargetGoneError from error
    raise error


def _lot(session: Session, batch: str) -> Lot:
    state = session.selected
    assert state is not None
    return Lot(state.name, state.uid_validity, batch)
