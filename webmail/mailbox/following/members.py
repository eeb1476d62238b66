"""What a list shows of the messages in its threads: all of the newest, of the others who wrote and their flags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.mail.address import Mailbox

from ..finding import rows
from ..finding.rows import Known
from ..pages import Row
from ..reading.index import index_of, lower
from ..reading.listing import OUTGOING, row_of
from ..reading.summary import Place, summarise
from ..structure import People

MUTED: Final = "$Muted"
KIND: Final = "faces"
# Of a long thread: so many of the newest tell whether it is unread, so many of them are named.
MOST_FLAGS: Final = 200
MOST_FACES: Final = 6


@dataclass(frozen=True, slots=True)
class Face:
    """Who wrote a message, and whether there are files with it."""

    people: tuple[Mailbox, ...]
    attachment: bool


NO_FACE: Final = Face((), attachment=False)


@dataclass(slots=True)
class Members:
    """Of the threads on a page: `known` what is to be shown whole, `faces` of the others, by UID."""

    known: Known
    faces: dict[int, Face] = field(default_factory=dict)

    @classmethod
    def of(
        cls, session: Session, folder: str, uid_validity: int, threads: Sequence[Sequence[int]]
    ) -> Members:
        """Without asking the server."""
        uids = [uid for thread in threads for uid in thread[-MOST_FLAGS:]]
        known = rows.known_of(session, folder, uids, uid_validity)
        places = [Place(folder, uid_validity, uid) for thread in threads for uid in _named(thread)]
        faces = session.notes.get_many(KIND, places)
        return cls(known, {place.uid: face for place, face in faces.items()})

    def questions(
        self, session: Session, threads: Sequence[Sequence[int]], whole: Sequence[int] = ()
    ) -> tuple[list[imap.Command[Any]], int]:
        """What to fetch, and how many of these commands are for what is shown whole."""
        shown = list(dict.fromkeys((*(thread[-1] for thread in threads), *whole)))
        asked = rows.questions(session, self.known, shown)
        count, covered = len(asked), frozenset(shown)
        named = [uid for thread in threads for uid in _named(thread)]
        faces = {
            uid
            for uid in named
            if uid not in covered and uid not in self.faces and uid not in self.known.summaries
        }
        flags = {
            uid
            for thread in threads
            for uid in thread[-MOST_FLAGS:]
            if uid not in covered and uid not in faces and uid not in self.known.flags
        }
        if faces:
            asked.append(imap.fetch(sorted(faces), (imap.UID, imap.FLAGS, imap.ENVELOPE, imap.BODYSTRUCTURE)))
        if flags:
            asked.append(imap.fetch(sorted(flags), (imap.UID, imap.FLAGS)))
        return asked, count

    def learn(self, session: Session, answers: Sequence[object], count: int) -> None:
        """And what else the server told meanwhile."""
        rows.learn(session, self.known, answers[:count])
        people, state = People(), session.selected
        if state is None:
            return
        for answer in answers[count:]:
            if isinstance(answer, CommandError) or not isinstance(answer, list | tuple):
                continue
            index_of(session, answer)
            for data in answer:
                if data.uid and data.flags is not None:
                    self.known.flags[data.uid] = lower(data.flags)
                if data.uid and data.envelope is not None:
                    summary = summarise(data, people)
                    face = Face(summary.head.from_, summary.attachment)
                    self.faces[data.uid] = face
                    session.notes.put(KIND, Place(self.known.folder, state.uid_validity, data.uid), face, 100)
        self.known.flags |= rows.known_of(session, self.known.folder, list(self.known.flags)).flags

    def gone(self, threads: Sequence[Sequence[int]]) -> list[int]:
        return [uid for thread in threads for uid in thread[-MOST_FLAGS:] if uid not in self.known.flags]

    def row(self, thread: Sequence[int], role: str, *, opened: bool) -> Row:
        newest, flags = thread[-1], self.known.flags
        row = row_of(self.known.summaries.get(newest), newest, flags.get(newest, frozenset()), role)
        looked = thread[-MOST_FLAGS:]
        muted = any(MUTED.lower() in flags.get(uid, ()) for uid in looked)
        if len(thread) == 1:
            return replace(row, muted=muted)
        unread = any(uid in flags and "\\seen" not in flags[uid] for uid in looked)
        return replace(
            row,
            people=row.people if role in OUTGOING else self._people(thread),
            unread=unread and not muted,
            attachment=any(self._face(uid).attachment for uid in _named(thread)),
            starred=any("\\flagged" in flags.get(uid, ()) for uid in looked),
            members=tuple(thread),
            inner=self.known.rows(reversed(looked), role) if opened else (),
            muted=muted,
        )

    def _people(self, thread: Iterable[int]) -> tuple[Mailbox, ...]:
        """Each once, in the order of their first message."""
        people: dict[str, Mailbox] = {}
        for uid in _named(tuple(thread)):
            for one in self._face(uid).people:
                people.setdefault(one.address.casefold() or one.name, one)
        return tuple(people.values())

    def _face(self, uid: int) -> Face:
        summary = self.known.summaries.get(uid)
        return Face(summary.head.from_, summary.attachment) if summary else self.faces.get(uid, NO_FACE)


def _named(thread: Sequence[int]) -> Sequence[int]:
    return thread if len(thread) <= MOST_FACES + 1 else (thread[0], *thread[-MOST_FACES:])
