"""A message with what it answers and what answers it, wherever in the mailbox that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import Fetched, Selected
from webmail.mail.reply.references import message_ids

from ..pages import Folder, Row
from ..reading import folders
from ..reading.index import index_of, lower
from ..reading.listing import row_of
from ..reading.selecting import expect_uid_validity, select, session_of
from ..reading.summary import Place, Summary, cached, keep, summary_items
from . import index
from .relatives import (
    MOST,
    Found,
    States,
    folders_at_hand,
    joined,
    names_of,
    search,
    standing_of,
    state_of,
    unheard,
)

KIND: Final = "conversation"
_NAMES: Final = "names"
# A message may refer to nothing but the one before it, so that the beginning is only known from that one.
_ROUNDS: Final = 3
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """Another message of the conversation. `row.people` wrote it, also where it is kept in Sent."""

    folder: Folder
    uid_validity: int
    row: Row


@dataclass(frozen=True, slots=True)
class Conversation:
    """What comes before and after the opened message, oldest first. `more`: there are others, older, left out;
    `partial`: there may be others, since not every message of these folders was looked at."""

    before: tuple[Member, ...] = ()
    after: tuple[Member, ...] = ()
    more: bool = False
    partial: bool = False

    @property
    def count(self) -> int:
        """With the opened message."""
        return len(self.before) + len(self.after) + 1


@dataclass(frozen=True, slots=True)
class _Relative:
    """A message that was found: `message_id` and `answered` with "<>", or ""."""

    place: Place
    folder: Folder
    row: Row
    message_id: str
    answered: str


def conversation(
    *, access: Access, folder: str, uid_validity: int, uid: int, whole: bool = False
) -> Conversation:
    """Of a message that was opened before: one write where it stands alone or is remembered, else two. The folder is
    selected afterwards. With `whole` every message of the folders at hand is looked at, which may take long.

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError.
    """
    here = Place(folders.canonical(folder), uid_validity, uid)
    with session_of(access, here.folder) as session:
        tree = folders.cached_tree(session.notes) or folders.keep_listed(session, session.notes, None)
        where = folders_at_hand(tree, here.folder)
        found = session.notes.get(KIND, here)
        if isinstance(found, Found) and not (whole and found.partial):
            relatives, states = _read(session, here, where, found.places)
            if states == found.states:
                return _arranged(relatives, here, found)
        found, relatives = _looked_up(session, here, where, whole=whole)
        session.notes.put(KIND, here, found, found.cost)
        return _arranged(relatives, here, found)


def _looked_up(
    session: Session, here: Place, where: Sequence[Folder], *, whole: bool
) -> tuple[Found, list[_Relative]]:
    names = names_of(session, here)
    asked: set[str] = set()
    found = Found((here, *_threaded(session, here)), {})
    relatives: list[_Relative] = []
    for _ in range(_ROUNDS):
        if names:
            found = joined(found, search(session, here, where, names, whole=whole))
        if len(found.places) == 1:
            break
        holding = {place.folder for place in found.places}
        relatives, _states = _read(session, here, [one for one in where if one.name in holding], found.places)
        asked.update(names, (one.message_id for one in relatives))
        names = unheard((one.answered for one in relatives if one.answered), asked)
        if not names:
            break
    return found, relatives


def _threaded(session: Session, here: Place) -> list[Place]:
    """Those that the folder's list shows as one thread, where it does."""
    known = index.recall(session, here.folder)
    if known is None or known.uid_validity != here.uid_validity:
        return []
    return [replace(here, uid=uid) for uid in known.threads.holding(here.uid)[-MOST:] if uid != here.uid]


def _read(
    session: Session, here: Place, where: Sequence[Folder], places: Sequence[Place]
) -> tuple[list[_Relative], States]:
    """One write; the folder of the message comes last, so that it is selected when the session is given back."""
    by_folder: dict[str, list[Place]] = {folder.name: [] for folder in where}
    for place in places:
        by_folder.setdefault(place.folder, []).append(place)
    standing = standing_of(session, here.folder)
    groups: list[tuple[Folder, int]] = []
    commands: list[imap.Command[Any]] = []
    for folder in where:
        fetches = _questions(session, by_folder[folder.name])
        groups.append((folder, len(fetches)))
        commands += (select(session, folder.name), *fetches)
    answers = session.gather(*commands, *standing)
    # Answers to two questions about one message come together, so what the last folder told is taken as a whole.
    index_of(session, *_told(answers[len(answers) - groups[-1][1] - len(standing) :]))
    expect_uid_validity(session, here.uid_validity)
    relatives: list[_Relative] = []
    states: States = {}
    for folder, count in groups:
        opened, *told = answers[: count + 1]
        answers = answers[count + 1 :]
        if isinstance(opened, Selected):
            states[folder.name] = state_of(opened)
            here_now = [one for one in by_folder[folder.name] if one.uid_validity == opened.uid_validity]
            asked = {place.uid: place for place in here_now}
            relatives += _relatives(session, folder, asked, [data for one in _told(told) for data in one])
    return relatives, states


def _questions(session: Session, places: Sequence[Place]) -> list[imap.Command[Any]]:
    """An envelope holds what a message is called and what it answers."""
    new = [place.uid for place in places if cached(session.notes, place) is None]
    known = [place for place in places if place.uid not in new]
    unnamed = [place.uid for place in known if session.notes.get(_NAMES, place) is None]
    named = [place.uid for place in known if place.uid not in unnamed]
    asked: list[imap.Command[Any]] = []
    for uids, items in (
        (new, summary_items(session)),
        (unnamed, (imap.UID, imap.FLAGS, imap.ENVELOPE)),
        (named, (imap.UID, imap.FLAGS)),
    ):
        if uids:
            asked.append(imap.fetch(uids, items))
    return asked


def _told(answers: Iterable[object]) -> list[Sequence[Fetched]]:
    return [
        answer
        for answer in answers
        if not isinstance(answer, CommandError) and isinstance(answer, list | tuple)
    ]


def _relatives(
    session: Session, folder: Folder, asked: dict[int, Place], fetched: Sequence[Fetched]
) -> list[_Relative]:
    notes, found = session.notes, dict[Place, _Relative]()
    for data in fetched:
        place = asked.get(data.uid or 0)
        if place is None or data.flags is None:
            continue
        if data.structure is not None or data.broken:
            keep(notes, place.folder, place.uid_validity, [data])
        if data.envelope is not None:
            own = next(iter(message_ids(data.envelope.message_id)), "")
            notes.put(_NAMES, place, (own, next(iter(message_ids(data.envelope.in_reply_to)), "")), 300)
        message_id, answered = notes.get(_NAMES, place) or ("", "")
        summary = cached(notes, place) or Summary(uid=place.uid)
        row = replace(row_of(summary, place.uid, lower(data.flags), folder.role), people=summary.head.from_)
        found[place] = _Relative(place, folder, row, message_id, answered)
    return list(found.values())


def _arranged(relatives: Iterable[_Relative], here: Place, found: Found) -> Conversation:
    ordered = _each_once(relatives, here)
    at = next((at for at, one in enumerate(ordered) if one.place == here), len(ordered))
    others = [one for one in ordered if one.place != here]
    left_out = max(0, len(others) - (MOST - 1))
    members = [Member(one.folder, one.place.uid_validity, one.row) for one in others]
    return Conversation(
        tuple(members[min(left_out, at) : at]),
        tuple(members[at + max(0, left_out - at) :]),
        more=found.more or left_out > 0,
        partial=found.partial,
    )


def _each_once(relatives: Iterable[_Relative], here: Place) -> list[_Relative]:
    """Oldest first. Copies in several folders are one message; of these the one in the folder of the opened message is
    kept. That somebody gave a message another's Message-ID doesn't hide that other one: sender and date are compared.
    """
    chosen: dict[object, _Relative] = {}
    for one in relatives:
        writers = frozenset(person.address.casefold() for person in one.row.people)
        copy = (one.message_id, writers, one.row.date) if one.message_id else one.place
        former = chosen.get(copy)
        if former is None or one.place == here or (former.place != here and one.place.folder == here.folder):
            chosen[copy] = one
    return sorted(chosen.values(), key=lambda one: (_moment(one.row.date), one.place.uid))


def _moment(date: datetime | None) -> datetime:
    if date is None:
        return _LONG_AGO
    return date if date.tzinfo else date.replace(tzinfo=UTC)
