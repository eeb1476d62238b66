"""A message with what it answers and what answers it, wherever in the mailbox that is kept."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.commands import Key, criteria
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import Fetched, SearchResult, Selected
from webmail.mail.header_block import first, parse_headers
from webmail.mail.reply.references import message_ids

from ..errors import MessageNotFoundError
from ..pages import Row
from ..reading import folders
from ..reading.index import index_of, lower
from ..reading.listing import row_of
from ..reading.selecting import expect_uid_validity, select, session_of, with_selected
from ..reading.summary import Place, Summary, cached, keep, summary_items
from . import index

KIND: Final = "conversation"
# The newest, and the message itself.
MOST: Final = 200
# How long what was found in other folders may be old, in seconds.
FRESH: Final = 120.0
# Of what a message refers to: the beginning of the thread, and so many of the nearest.
_MOST_NAMED: Final = 8
_JOINED: Final = ("sent", "archive", "inbox")
_FIELDS: Final = imap.header_fields("MESSAGE-ID", "IN-REPLY-TO", "REFERENCES")
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Relative:
    """A message of a conversation; the same `message_id` in two folders is one message."""

    place: Place
    row: Row
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Oldest first. `more`: there are others, older, that are left out."""

    relatives: tuple[Relative, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """UIDs by (folder, UIDVALIDITY), as of `made`, when the opened folder had `exists` messages."""

    made: float
    exists: int
    places: tuple[Place, ...]


def conversation(*, access: Access, folder: str, uid_validity: int, uid: int) -> Conversation:
    """Two writes, one while it is remembered; the folder is selected again afterwards.

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError.
    """
    here = Place(folders.canonical(folder), uid_validity, uid)
    with session_of(access, here.folder) as session:
        names = _names(session, here)
        expect_uid_validity(session, uid_validity)
        found = _recall(session, here) or _look_for(session, here, names)
        return _gather(session, here, found.places)


def _names(session: Session, here: Place) -> tuple[str, ...]:
    """What the message is called, what began its thread, and the nearest that it refers to."""
    (fetched,) = with_selected(session, here.folder, imap.fetch([here.uid], (imap.UID, _FIELDS)))
    expect_uid_validity(session, here.uid_validity)
    data = next((data for data in fetched if data.uid == here.uid), None)
    if data is None:
        raise MessageNotFoundError
    headers = parse_headers(next(iter(data.sections.values()), None) or b"")
    references = message_ids(first(headers, "references")) or message_ids(first(headers, "in-reply-to"))[:1]
    own = message_ids(first(headers, "message-id"))[:1]
    return tuple(dict.fromkeys((*own, *references[:1], *references[:-_MOST_NAMED:-1])))


def _key(names: Sequence[str]) -> Key:
    """Those that are named, and those that refer to the message itself or to the beginning of its thread."""
    keys = [criteria.header("MESSAGE-ID", name) for name in names]
    for name in names[:2]:
        keys += (criteria.header("REFERENCES", name), criteria.header("IN-REPLY-TO", name))
    joined = keys[0]
    for key in keys[1:]:
        joined = joined | key
    return joined


def _recall(session: Session, here: Place) -> _Found | None:
    found, state = session.notes.get(KIND, here), session.selected
    fresh = isinstance(found, _Found) and found.made > time.monotonic() - FRESH
    return found if fresh and state is not None and found.exists == state.exists else None


def _look_for(session: Session, here: Place, names: Sequence[str]) -> _Found:
    state = session.selected
    assert state is not None
    places = [here]
    known = index.recall(session, here.folder)
    if known is not None and known.uid_validity == here.uid_validity:
        places += (replace(here, uid=uid) for uid in known.threads.holding(here.uid)[-MOST:])
    if names:
        others = _others(session, here.folder)
        question = imap.search(_key(names))
        commands: list[imap.Command[Any]] = [question]
        for name in others:
            commands += (select(session, name), imap.search(_key(names)))
        exists = state.exists
        answers = session.gather(*commands)
        places += _places(here.folder, here.uid_validity, answers[0])
        for name, opened, answer in zip(others, answers[1::2], answers[2::2], strict=True):
            if isinstance(opened, Selected):
                places += _places(name, opened.uid_validity, answer)
    else:
        exists = state.exists
    found = _Found(time.monotonic(), exists, tuple(dict.fromkeys(places)))
    session.notes.put(KIND, here, found, 300 + 150 * len(found.places))
    return found


def _others(session: Session, folder: str) -> list[str]:
    tree = folders.cached_tree(session.notes) or folders.keep_listed(session, session.notes, None)
    return [one.name for one in tree.folders if one.role in _JOINED and one.name != folder]


def _places(folder: str, uid_validity: int, answer: object) -> Iterable[Place]:
    if not isinstance(answer, SearchResult):
        return ()
    return [Place(folder, uid_validity, uid) for uid in sorted(answer.numbers)[-MOST:]]


def _gather(session: Session, here: Place, places: Sequence[Place]) -> Conversation:
    """The folder of the message comes last, so that it is selected when the session is given back."""
    by_folder: dict[tuple[str, int], list[int]] = {}
    for place in places:
        by_folder.setdefault((place.folder, place.uid_validity), []).append(place.uid)
    order = sorted(by_folder, key=lambda key: key[0] == here.folder)
    commands: list[imap.Command[Any]] = []
    for name, validity in order:
        uids = by_folder[name, validity]
        new = [uid for uid in uids if cached(session.notes, Place(name, validity, uid)) is None]
        flags = [uid for uid in uids if uid not in new]
        commands.append(select(session, name))
        commands.append(
            imap.fetch(new or uids[:1], (*summary_items(session), _FIELDS) if new else (imap.UID,))
        )
        commands.append(imap.fetch(flags or uids[:1], (imap.UID, imap.FLAGS, _FIELDS)))
    answers = session.gather(*commands)
    tree = folders.cached_tree(session.notes)
    relatives: list[Relative] = []
    for at, (name, validity) in enumerate(order):
        opened, *told = answers[3 * at : 3 * at + 3]
        if not isinstance(opened, Selected) or opened.uid_validity != validity:
            continue
        role = (folder.role if tree and (folder := tree.find(name)) else "") or ""
        relatives += _relatives(session, name, validity, role, told)
    index_of(session)
    chosen = _each_once(relatives, here)
    kept = chosen[-MOST:]
    if not any(one.place == here for one in kept):
        kept = [one for one in chosen if one.place == here] + kept[1:]
    return Conversation(tuple(kept), more=len(chosen) > len(kept))


def _relatives(
    session: Session, folder: str, uid_validity: int, role: str, told: Sequence[object]
) -> list[Relative]:
    fetched = [data for answer in told if not isinstance(answer, CommandError) for data in _messages(answer)]
    keep(session.notes, folder, uid_validity, fetched)
    found: dict[int, Relative] = {}
    for data in fetched:
        if not data.uid or data.flags is None:
            continue
        place = Place(folder, uid_validity, data.uid)
        summary = cached(session.notes, place) or Summary(uid=data.uid)
        # Who wrote it is what a conversation shows, also of what one has sent oneself.
        row = replace(row_of(summary, data.uid, lower(data.flags), role), people=summary.head.from_)
        found[data.uid] = Relative(place, row, _message_id(data))
    return list(found.values())


def _messages(answer: object) -> Iterable[Fetched]:
    return answer if isinstance(answer, list | tuple) else ()


def _message_id(data: Fetched) -> str:
    raw = next((value for name, value in data.sections.items() if name.startswith("HEADER.FIELDS")), None)
    return next(iter(message_ids(first(parse_headers(raw or b""), "message-id"))), "")


def _each_once(relatives: Iterable[Relative], here: Place) -> list[Relative]:
    """Oldest first. Of copies in several folders the one in the folder of the message is kept."""
    chosen: dict[object, Relative] = {}
    for one in relatives:
        name = one.message_id or one.place
        former = chosen.get(name)
        if former is None or one.place == here or (former.place != here and one.place.folder == here.folder):
            chosen[name] = one
    return sorted(chosen.values(), key=lambda one: (_moment(one.row.date), one.place.uid))


def _moment(date: datetime | None) -> datetime:
    if date is None:
        return _LONG_AGO
    return date if date.tzinfo else date.replace(tzinfo=UTC)
