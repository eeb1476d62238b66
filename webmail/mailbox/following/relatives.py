"""Where the messages of a conversation are: the folders at hand, searched by Message-ID. Nothing is mirrored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

from webmail.imap import commands as imap
from webmail.imap.commands import Key, criteria
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import SearchResult, Selected
from webmail.mail.header_block import first, parse_headers
from webmail.mail.reply.references import message_ids

from ..errors import MessageNotFoundError
from ..pages import Folder
from ..reading import folders
from ..reading.content import cached_content
from ..reading.index import index_of
from ..reading.selecting import expect_uid_validity, is_selected, select, with_selected
from ..reading.summary import Place

# So many messages of each folder, the newest; and of the list on the screen so many numbers are kept in mind.
MOST: Final = 200
# Looking for a header in a hundred thousand messages takes a server seconds. Unless a person asks for more, so many are
# looked through in a folder: those that stand near the opened message, and in other folders the newest.
WINDOW: Final = 2000
_MOST_FOLDERS: Final = 8
# Of what a message refers to: the beginning of the thread, and so many of the nearest.
_MOST_NAMED: Final = 8
_JOINED: Final = ("inbox", "sent", "archive", "drafts")
_FIELDS: Final = imap.header_fields("MESSAGE-ID", "IN-REPLY-TO", "REFERENCES")

# UIDVALIDITY and UIDNEXT (or, where a server doesn't tell it, how many there are) of each folder looked into, by name.
States = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """`places` with the opened message among them; `more`: a folder holds others, older; `partial`: not every message
    was looked at. `states` are those of the moment: where they are the same, nothing can have come since."""

    places: tuple[Place, ...]
    states: States
    more: bool = False
    partial: bool = False

    @property
    def cost(self) -> int:
        return 300 + 150 * len(self.places) + 100 * len(self.states)


def names_of(session: Session, here: Place) -> tuple[str, ...]:
    """What the message is called, what began its thread, and the nearest that it refers to: no question where the
    message was opened before. Raises MessageNotFoundError."""
    content = cached_content(session, here)
    header = content.header if content is not None else _fetched_header(session, here)
    headers = parse_headers(header)
    references = message_ids(first(headers, "references")) or message_ids(first(headers, "in-reply-to"))[:1]
    own = message_ids(first(headers, "message-id"))[:1]
    return tuple(dict.fromkeys((*own, *references[:1], *references[:-_MOST_NAMED:-1])))


def _fetched_header(session: Session, here: Place) -> bytes:
    (fetched,) = with_selected(session, here.folder, imap.fetch([here.uid], (imap.UID, _FIELDS)))
    expect_uid_validity(session, here.uid_validity)
    data = next((data for data in fetched if data.uid == here.uid), None)
    if data is None:
        raise MessageNotFoundError
    return next(iter(data.sections.values()), None) or b""


def folders_at_hand(tree: folders.Tree, here: str) -> list[Folder]:
    """The folder of the message last. A folder of all mail stands for the others; below Archive the last ones count,
    which are the newest where they are named by year."""
    opened = [folder for folder in tree.folders if folder.name == here]
    everything = [folder for folder in tree.folders if folder.role == "all"]
    joined = everything or [folder for folder in tree.folders if folder.role in _JOINED]
    room = _MOST_FOLDERS - len(joined)
    others = [*joined, *([] if everything else _below_archive(tree.folders)[-room:])]
    return [*(folder for folder in others if folder.name != here), *(opened or [Folder(here, here)])]


def _below_archive(listed: Sequence[Folder]) -> list[Folder]:
    below: list[Folder] = []
    inside = False
    for folder in listed:
        inside = folder.role == "archive" or (inside and not folder.role and folder.depth > 0)
        if inside and folder.role != "archive" and folder.selectable:
            below.append(folder)
    return below


def key_of(names: Sequence[str]) -> Key:
    """Those that are named, and those that refer to the first two: the message and the beginning of its thread."""
    keys = [criteria.header("MESSAGE-ID", name) for name in names]
    for name in names[:2]:
        keys += (criteria.header("REFERENCES", name), criteria.header("IN-REPLY-TO", name))
    return reduce(or_, keys)


def window_of(folder: Folder, here: Place) -> Key:
    """What of a folder is looked through."""
    if folder.name == here.folder:
        return criteria.uids(f"{max(1, here.uid - WINDOW)}:{min(here.uid + WINDOW, 2**32 - 1)}")
    total = folder.total or 0
    return criteria.numbers(f"{total - WINDOW}:*") if total > WINDOW else criteria.ALL


def search(
    session: Session, here: Place, where: Sequence[Folder], names: Sequence[str], *, whole: bool
) -> Found:
    """One write, at whose end the folder of the message is selected; with `whole` in every message of the folders. One
    that can't be searched is left out. Raises FolderRenumberedError.
    """
    key, standing = key_of(names), standing_of(session, here.folder)
    commands: list[imap.Command[Any]] = []
    for folder in where:
        near = key if whole else window_of(folder, here) & key
        commands += (select(session, folder.name), imap.search(near))
    answers = session.gather(*commands, *standing)
    index_of(
        session, *(answer for answer in answers[len(commands) :] if not isinstance(answer, CommandError))
    )
    expect_uid_validity(session, here.uid_validity)
    places: dict[Place, None] = {here: None}
    states: States = {}
    more = partial = False
    for folder, opened, answer in zip(where, answers[::2], answers[1::2], strict=False):
        if isinstance(opened, Selected):
            states[folder.name] = state_of(opened)
            partial = partial or (opened.exists > WINDOW and not whole)
            if isinstance(answer, SearchResult):
                uids = sorted(answer.numbers)
                more = more or len(uids) > MOST
                places |= dict.fromkeys(Place(folder.name, opened.uid_validity, uid) for uid in uids[-MOST:])
    return Found(tuple(places), states, more, partial)


def state_of(opened: Selected) -> tuple[int, int]:
    return opened.uid_validity, opened.uid_next or opened.exists


def standing_of(session: Session, folder: str) -> list[imap.Command[Any]]:
    """What to ask again once this folder was left and is selected anew: the list on the screen stays known."""
    if not is_selected(session, folder):
        return []
    numbers = sorted(index_of(session).flags)[-MOST:]
    return [imap.fetch(numbers, (imap.UID, imap.FLAGS), uid=False)] if numbers else []


def joined(one: Found, other: Found) -> Found:
    places = tuple(dict.fromkeys((*one.places, *other.places)))
    return Found(places, other.states, one.more or other.more, other.partial)


def unheard(named: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Of the names that messages of a conversation refer to those that nobody has asked for yet."""
    return tuple(dict.fromkeys(name for name in named if name not in frozenset(known)))[:_MOST_NAMED]
