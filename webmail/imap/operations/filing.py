"""Copy, move, delete for ever: by the server's own command where it has one, without harm where it has not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Moved:
    """`copied`: where each message went, None where the server did not tell. `expunged`: the originals are gone;
    else they stay, marked \\Deleted. `beside`: the answers to what was asked along, or errors."""

    copied: CopyUid | None
    expunged: bool
    beside: tuple[Any, ...] = ()


def copy(session: Session, uids: Iterable[int], name: str | bytes) -> CopyUid | None:
    """Within the selected mailbox's account. CommandError with `code` TRYCREATE, OVERQUOTA, … where refused."""
    return _joined(session.run(*(commands.copy(batch, name) for batch in batches(uids))))


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
        if refusal is None:
            return Moved(_joined(moved), expunged=True, beside=told)
        if not isinstance(refusal, BadError) and refusal.code in _ANSWERS:
            raise refusal
        session.distrust("MOVE")
        beside = ()
    answers = session.gather(*beside, *(commands.copy(batch, name) for batch in wanted))
    told, copied = told or tuple(answers[: len(beside)]), answers[len(beside) :]
    _raise_first(copied)
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


def _raise_first(answers: Iterable[object]) -> None:
    for answer in answers:
        if isinstance(answer, CommandError):
            raise answer


def _joined(told: Sequence[CopyUid | None]) -> CopyUid | None:
    known = [one for one in told if one is not None]
    if len(known) != len(told) or len({one.uid_validity for one in known}) != 1:
        return None
    source = tuple(number for one in known for number in one.source)
    target = tuple(number for one in known for number in one.target)
    return CopyUid(known[0].uid_validity, source, target)
