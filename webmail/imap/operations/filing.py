"""Copy, move, delete for ever: by the server's own command where it has one, without harm where it has not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from webmail.imap import commands
from webmail.imap.commands import criteria
from webmail.imap.errors import BadError, CommandError
from webmail.imap.operations.batches import batches
from webmail.imap.operations.session import Session
from webmail.imap.sets import parse_set
from webmail.imap.types import CopyUid

# A NO for one of these reasons is an answer about this move, not about the command (RFC 5530).
_ANSWERS: Final = frozenset(
    "ALREADYEXISTS CANNOT EXPUNGEISSUED INUSE LIMIT NONEXISTENT NOPERM OVERQUOTA TRYCREATE UNAVAILABLE".split()
)
# What became of no message at all.
_NOTHING: Final = CopyUid(0, (), ())


@dataclass(frozen=True, slots=True)
class Moved:
    """`copied`: where each message went (empty where none was there any more), None where the server did not tell.
    `expunged`: the originals are gone; else they stay, marked \\Deleted. `beside`: the answers to what was asked
    along, or errors."""

    copied: CopyUid | None
    expunged: bool
    beside: tuple[Any, ...] = ()


def copy(session: Session, uids: Iterable[int], name: str | bytes) -> CopyUid | None:
    """Within the selected mailbox's account. CommandError with `code` TRYCREATE, OVERQUOTA, … where refused."""
    copied = session.gather(*(commands.copy(batch, name) for batch in batches(uids)))
    return _joined(_with_those_left(session, copied, batches(uids), lambda batch: commands.copy(batch, name)))


def move(
    session: Session, uids: Iterable[int], name: str | bytes, *, beside: Sequence[commands.Command[Any]] = ()
) -> Moved:
    """Nothing is removed here before the server has said that it is there. `beside` goes first, in the same write."""
    wanted = batches(uids)
    told: tuple[Any, ...] = ()
    if session.has("MOVE"):
        answers = session.gather(*beside, *(commands.move(batch, name) for batch in wanted))
        told, moved = tuple(answers[: len(beside)]), answers[len(beside) :]
        refusal = next((answer for answer in moved if isinstance(answer, CommandError)), None)
        if refusal is None or (not isinstance(refusal, BadError) and refusal.code in _ANSWERS):
            moved = _with_those_left(session, moved, wanted, lambda batch: commands.move(batch, name))
            return Moved(_joined(moved), expunged=True, beside=told)
        session.distrust("MOVE")
        beside = ()
    answers = session.gather(*beside, *(commands.copy(batch, name) for batch in wanted))
    told, copied = told or tuple(answers[: len(beside)]), answers[len(beside) :]
    copied = _with_those_left(session, copied, wanted, lambda batch: commands.copy(batch, name))
    return Moved(_joined(copied), _removed(session, wanted), told)


def delete_for_ever(session: Session, uids: Iterable[int]) -> bool:
    """True if they are gone. False: they are marked \\Deleted and stay until somebody expunges, since this server
    can't expunge them without what others have marked."""
    return _removed(session, batches(uids))


def _removed(session: Session, wanted: Sequence[str]) -> bool:
    marks = [commands.store(batch, "add", ("\\Deleted",)) for batch in wanted]
    if session.has("UIDPLUS"):
        expunges = [commands.uid_expunge(batch) for batch in wanted]
        answers = session.gather(*marks, *expunges)
        _raise_first(answers[: len(marks)])
        if not any(isinstance(answer, CommandError) for answer in answers):
            return True
        session.distrust("UIDPLUS")
    else:
        session.run(*marks)
    (marked,) = session.run(commands.search(criteria.DELETED))
    ours = {number for batch in wanted for number in parse_set(batch)}
    if not ours.issuperset(marked.numbers):
        return False
    session.run(commands.expunge())
    return True


def _with_those_left(
    session: Session,
    answers: Sequence[CopyUid | CommandError | None],
    wanted: Sequence[str],
    again: Callable[[str], commands.Command[CopyUid | None]],
) -> list[CopyUid | None]:
    """The answers, none of them a refusal. A server may refuse a whole set for one message that another client has
    expunged (RFC 5530, EXPUNGEISSUED): then those that are still there get a second try."""
    found: list[CopyUid | None] = []
    for batch, answer in zip(wanted, answers, strict=True):
        if not isinstance(answer, CommandError):
            found.append(answer)
        elif answer.code != "EXPUNGEISSUED":
            raise answer
        else:
            _, left = session.run(commands.noop(), commands.search(criteria.uids(batch)))
            if len(left.numbers) == len(parse_set(batch)):
                raise answer
            found += session.run(*map(again, batches(left.numbers))) if left.numbers else [_NOTHING]
    return found


def _raise_first(answers: Iterable[object]) -> None:
    for answer in answers:
        if isinstance(answer, CommandError):
            raise answer


def _joined(told: Sequence[CopyUid | None]) -> CopyUid | None:
    known = [one for one in told if one is not None and one is not _NOTHING]
    if not known and told and None not in told:
        return _NOTHING
    if None in told or len({one.uid_validity for one in known}) != 1:
        return None
    source = tuple(number for one in known for number in one.source)
    target = tuple(number for one in known for number in one.target)
    return CopyUid(known[0].uid_validity, source, target)
