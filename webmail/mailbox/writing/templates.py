"""Texts to begin with, kept as messages in a folder named "Templates", where other programs find them too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.errors import CommandError

from ..places import TEMPLATES, existing_folder, folder_for, likely_folder, made
from ..reading.index import index_of
from ..reading.selecting import session_of, with_selected
from ..reading.summary import Place, keep, summary_items
from .appending import FLAGS, append_command, is_missing, spooled, writing_to
from .building import build
from .composition import Composition
from .editing import as_new
from .settling import settle
from .starting import fresh_id

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Template:
    """`name` is its subject, "" where it has none."""

    place: Place
    name: str


def save_template(*, access: Access, composition: Composition, now: datetime) -> None:
    """A copy of what is written, to no one's thread; the composition goes on as it is. Raises as `save_draft` does."""
    settled = settle(access=access, composition=composition)
    copy = replace(settled, message_id=fresh_id(access, settled), origins=(), in_reply_to="", references="")
    with spooled() as message:
        written = build(access=access, composition=copy, target=message, for_="draft", now=now)
        with writing_to(access, likely_folder(access, TEMPLATES)) as session:
            folder = folder_for(session, TEMPLATES)
            (answer,) = session.gather(append_command(session, folder, message, written.size, FLAGS))
            if is_missing(answer):
                folder = made(session, TEMPLATES)
                (answer,) = session.gather(append_command(session, folder, message, written.size, FLAGS))
            if isinstance(answer, CommandError):
                raise answer


def templates(*, access: Access) -> tuple[Template, ...]:
    """The newest 200, by name; none where the folder was never made."""
    with session_of(access, likely_folder(access, TEMPLATES)) as session:
        folder = existing_folder(session, TEMPLATES)
        if folder is None:
            return ()
        (found,) = with_selected(session, folder, imap.search(criteria.UNDELETED))
        state = session.selected
        uids = sorted(found.numbers)[-MOST:]
        if not uids or state is None:
            return ()
        (fetched,) = session.run(imap.fetch(uids, summary_items(session)))
        index_of(session, fetched)
        summaries = keep(session.notes, folder, state.uid_validity, fetched)
    listed = (
        Template(Place(folder, state.uid_validity, uid), summary.head.subject)
        for uid, summary in summaries.items()
    )
    return tuple(sorted(listed, key=lambda template: template.name.casefold()))


def template(*, access: Access, place: Place) -> Composition:
    """Its pieces, to be put into what is written: text, HTML, subject, files. Raises MessageNotFoundError, …"""
    return as_new(access=access, folder=place.folder, uid_validity=place.uid_validity, uid=place.uid)
