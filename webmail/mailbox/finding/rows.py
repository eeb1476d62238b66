"""Messages of the selected folder by UID, as a list shows them: what is known already costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import Fetched

from ..pages import Row
from ..reading.index import index_of
from ..reading.listing import NO_FLAGS, row_of
from ..reading.selecting import is_selected
from ..reading.summary import Summary, cached_many, keep, summary_items


@dataclass(slots=True)
class Known:
    """Of some UIDs: summaries, and flags as they are now. `asked`: the server was asked for all of them."""

    folder: str
    summaries: dict[int, Summary] = field(default_factory=dict)
    flags: dict[int, frozenset[str]] = field(default_factory=dict)

    def rows(self, uids: Iterable[int], role: str) -> tuple[Row, ...]:
        """In the order asked for; those that are gone are left out."""
        return tuple(
            row_of(self.summaries.get(uid), uid, self.flags.get(uid, NO_FLAGS), role)
            for uid in uids
            if uid in self.flags
        )


def known_of(session: Session, folder: str, uids: Sequence[int], uid_validity: int | None = None) -> Known:
    """Without asking the server. Of a folder that isn't selected the flags are not known, and the summaries only where
    its `uid_validity` is."""
    known, state = Known(folder), session.selected
    if not uids:
        return known
    if state is None or not is_selected(session, folder):
        if uid_validity is not None:
            known.summaries = cached_many(session.notes, folder, uid_validity, uids)
        return known
    wanted = frozenset(uids)
    index = index_of(session)
    known.summaries = cached_many(session.notes, folder, state.uid_validity, uids)
    known.flags = {
        uid: index.flags[seq] for seq, uid in index.uids.items() if uid in wanted and seq in index.flags
    }
    return known


def questions(session: Session, known: Known, uids: Sequence[int]) -> list[imap.Command[Any]]:
    """What to fetch of these."""
    new = [uid for uid in uids if uid not in known.summaries]
    flags = [uid for uid in uids if uid in known.summaries and uid not in known.flags]
    asked: list[imap.Command[Any]] = []
    if new:
        asked.append(imap.fetch(new, summary_items(session)))
    if flags:
        asked.append(imap.fetch(flags, (imap.UID, imap.FLAGS)))
    return asked


def learn(session: Session, known: Known, answers: Iterable[object]) -> None:
    """From the answers to the questions; refusals teach nothing."""
    told = [answer for answer in answers if not isinstance(answer, CommandError)]
    state = session.selected
    index_of(session, *told)
    for answer in told:
        if state is None or not isinstance(answer, list | tuple):
            continue
        fetched: Sequence[Fetched] = answer
        known.summaries |= keep(session.notes, known.folder, state.uid_validity, fetched)
        for data in fetched:
            if data.uid and data.flags is not None:
                known.flags[data.uid] = frozenset(flag.lower() for flag in data.flags)


def shown(session: Session, folder: str, uids: Sequence[int], known: Known | None = None) -> Known:
    """What is there of these UIDs. A message that the server chokes on costs only its own row."""
    known = known or known_of(session, folder, uids)
    if asked := questions(session, known, uids):
        answers = session.gather(*asked)
        learn(session, known, answers)
        if any(isinstance(answer, CommandError) for answer in answers):
            left = [uid for uid in uids if uid not in known.summaries]
            learn(session, known, _each(session, left, summary_items(session)))
            bare = [uid for uid in left if uid not in known.summaries]
            learn(session, known, _each(session, bare, (imap.UID, imap.FLAGS)))
    return known


def _each(session: Session, uids: Iterable[int], items: tuple[imap.Item, ...]) -> list[Any]:
    commands: list[imap.Command[Any]] = [imap.fetch([uid], items) for uid in uids]
    return session.gather(*commands) if commands else []
