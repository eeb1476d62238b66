"""After a message was shown: it is marked as seen, and its neighbours are fetched while the person reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.session import Session

from ..errors import FolderNotFoundError
from . import folders
from .content import cached_content, content_command, content_from
from .index import index_of
from .marking import SEEN, store_command
from .plan import plan_of
from .selecting import is_selected, select, session_of
from .summary import Place, cached

# What is fetched without anybody having asked for it is small, in octets.
LARGEST = 256 * 1024


def after_open(
    *, access: Access, folder: str, uid_validity: int, uid: int, near: Sequence[int] | None = None
) -> None:
    """One write, after the response has gone out. `near`: the neighbours, where they are not those by arrival. Says
    nothing when the folder is not what it was."""
    folder = folders.canonical(folder)
    with session_of(access, folder) as session:
        if not is_selected(session, folder):
            session.run(select(session, folder))
        state = session.selected
        if state is None or state.uid_validity != uid_validity:
            raise FolderNotFoundError
        index = index_of(session)
        seq = index.seq_of(uid)
        seen = seq is not None and SEEN.lower() in index.flags.get(seq, frozenset())
        commands: list[imap.Command[Any]] = []
        if not seen and not state.read_only:
            commands.append(store_command([uid], SEEN, on=True))
        if near is None:
            near = [index.uids.get(seq + step, 0) for step in (-1, 1)] if seq is not None else ()
        ahead = _ahead(session, folder, uid_validity, near, access.person.prefer)
        commands += (content_command(session, place, wanted) for place, wanted in ahead)
        if not commands:
            return
        counted = not seen and session.has("LIST-STATUS")
        if counted:
            commands.insert(1, folders.list_command(session))
        answers = session.gather(*commands)
        if isinstance(answers[0], imap.Stored):
            index_of(session, answers[0].fetched)
            folders.counts_changed(session.notes)
            if counted and isinstance(answers[1], tuple):
                folders.keep_listed(session, session.notes, answers[1])
        for (place, wanted), answer in zip(ahead, answers[len(answers) - len(ahead) :], strict=True):
            if isinstance(answer, tuple):
                content_from(session, place, answer, wanted)


def _ahead(
    session: Session, folder: str, uid_validity: int, near: Sequence[int], prefer: str
) -> list[tuple[Place, dict[str, int] | None]]:
    """The neighbours that are worth fetching, each with the sections to fetch (None where nothing is known yet)."""
    found: list[tuple[Place, dict[str, int] | None]] = []
    for uid in near:
        place = Place(folder, uid_validity, uid)
        if not place.uid or cached_content(session, place) is not None:
            continue
        summary = cached(session.notes, place)
        if summary is None or summary.root is None:
            found.append((place, None))
            continue
        plan = plan_of(summary.root, prefer)
        if sum(part.size for part in plan.leaves) <= LARGEST:
            found.append((place, plan.sections))
    return found
