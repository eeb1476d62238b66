"""Drafts: saved by APPEND, the former one removed once the server has the new one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import AppendUid, SearchResult

from ..places import folder_for, likely_folder, made
from ..reading.folders import counts_changed
from ..reading.selecting import is_selected, select
from ..reading.summary import Place
from .appending import (
    FLAGS,
    append_command,
    is_missing,
    is_ours,
    look,
    removed,
    spooled,
    those_with_id,
    with_id,
    writing_to,
)
from .building import build
from .composition import Attached, Composition
from .settling import settled_and_gone

DRAFTS: Final = "drafts"


@dataclass(frozen=True, slots=True)
class Saved:
    """`composition` is what to go on with: it knows its draft, and its files are uploads now.

    `conflict`: somebody else, in another tab or on another device, had saved this message meanwhile; theirs was
    kept beside this one. `missing` are files that are no longer there, and so not in the draft.
    """

    composition: Composition
    at: datetime
    conflict: bool = False
    missing: tuple[Attached, ...] = ()


def save_draft(*, access: Access, composition: Composition, now: datetime) -> Saved:
    """Into the drafts folder, which is made where there is none.

    Raises QuotaError, TooLargeError, UploadQuotaError, MailServerError, SignInEndedError; then the former draft
    is where it was.
    """
    composition, missing = settled_and_gone(access, composition)
    with spooled() as message:
        written = build(access=access, composition=composition, target=message, for_="draft", now=now)
        with writing_to(access, likely_folder(access, DRAFTS)) as session:
            folder = folder_for(session, DRAFTS)
            draft, others = _appended(session, folder, composition, message, written.size)
            conflict = _former_removed(session, composition, draft, others)
            counts_changed(session.notes)
    # What is missing stays with the person, who may know another way to it.
    composition = replace(composition, attachments=(*composition.attachments, *missing), draft=draft)
    return Saved(composition, now, conflict, missing)


def _appended(
    session: Session, folder: str, composition: Composition, message: BinaryIO, size: int
) -> tuple[Place | None, tuple[int, ...]]:
    """(where the new draft is, the UIDs that had its Message-ID before), in one write."""
    selecting = look() if is_selected(session, folder) else select(session, folder)
    commands: tuple[imap.Command[Any], ...] = (
        selecting,
        with_id(composition.message_id),
        append_command(session, folder, message, size, FLAGS),
    )
    *_, found, appended = session.gather(*commands)
    if is_missing(appended) and not is_selected(session, folder):
        folder = made(session, DRAFTS)
        session.run(select(session, folder))
        found = SearchResult()
        (appended,) = session.gather(append_command(session, folder, message, size, FLAGS))
    if isinstance(appended, CommandError):
        raise appended
    others = found.numbers if isinstance(found, SearchResult) else ()
    return _place(session, folder, composition.message_id, appended, others), others


def _place(
    session: Session, folder: str, message_id: str, appended: AppendUid | None, others: tuple[int, ...]
) -> Place | None:
    """None where the server told neither where it put the message nor finds it again."""
    state = session.selected
    if state is None:
        return None
    if appended is not None and appended.uid_validity == state.uid_validity:
        return Place(folder, state.uid_validity, appended.uid)
    new = sorted(set(those_with_id(session, folder, message_id)) - set(others))
    return Place(folder, state.uid_validity, new[-1]) if new else None


def _former_removed(
    session: Session, composition: Composition, draft: Place | None, others: tuple[int, ...]
) -> bool:
    """Whether there is a draft of this message that was not ours to replace."""
    former = composition.draft
    if former is None or draft is None:
        return bool(others)
    if former.folder != draft.folder:
        session.run(select(session, former.folder))
    state = session.selected
    if state is None or state.uid_validity != former.uid_validity:
        return bool(others)
    if former.uid in others or is_ours(session, former, composition.message_id):
        removed(session, [former.uid])
        return False
    return bool(others)
