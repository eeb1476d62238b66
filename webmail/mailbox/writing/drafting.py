"""Drafts: saved by APPEND, the former one removed once the server has the new one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import AppendUid, SearchResult
from webmail.mail.header_block import parse_headers

from ..errors import FolderNotFoundError
from ..places import folder_for, likely_folder, made
from ..reading.folders import counts_changed
from ..reading.selecting import is_selected, select, with_selected
from ..reading.summary import Place
from . import draft_state
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
from .settling import settled_as_far_as_can_be

DRAFTS: Final = "drafts"


@dataclass(frozen=True, slots=True)
class Saved:
    """`composition` is what to go on with: it knows its draft, and its files are uploads now.

    `conflict`: somebody else, in another tab or on another device, had saved this message meanwhile; theirs was
    kept beside this one. `missing` are files that are not in the draft: they are gone, or too large.
    """

    composition: Composition
    at: datetime
    conflict: bool = False
    missing: tuple[Attached, ...] = ()


def save_draft(*, access: Access, composition: Composition, now: datetime) -> Saved:
    """Into the drafts folder, which is made where there is none.

    Raises QuotaError, MailServerError, SignInEndedError; then the former draft is where it was.
    """
    settled = settled_as_far_as_can_be(access, composition)
    composition = settled.composition
    with spooled() as message:
        written = build(access=access, composition=composition, target=message, for_="draft", now=now)
        with writing_to(access, likely_folder(access, DRAFTS)) as session:
            folder = folder_for(session, DRAFTS)
            draft, others = _appended(session, folder, composition, message, written.size)
            counts_changed(session.notes)
            # It is saved: what the server may say against removing the former one is no reason to tell otherwise.
            conflict = False
            with suppress(CommandError):
                conflict = _former_removed(access, session, composition, draft, others)
    # What is missing stays with the person, who decides what to do without it.
    composition = replace(composition, attachments=settled.files, draft=draft)
    return Saved(composition, now, conflict, settled.left_out)


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
    access: Access,
    session: Session,
    composition: Composition,
    draft: Place | None,
    others: tuple[int, ...],
) -> bool:
    """Whether there is a draft of this message that was not ours to replace."""
    former = composition.draft
    if draft is None:
        return False
    if former is not None:
        try:
            with_selected(session, former.folder)
        except FolderNotFoundError:
            return False
        state = session.selected
        if state is not None and state.uid_validity == former.uid_validity:
            known = former.folder == draft.folder and former.uid in others
            if known or is_ours(session, former, composition.message_id):
                removed(session, [former.uid])
                return False
    if not others:
        return False
    with_selected(session, draft.folder)
    same = _saying_the_same(access, session, composition, others)
    if same:
        removed(session, same)
    return not same.issuperset(others)


def _saying_the_same(
    access: Access, session: Session, composition: Composition, others: tuple[int, ...]
) -> set[int]:
    """A second click, or an attempt whose answer never came, is no other version."""
    (found,) = session.run(imap.fetch(others, (imap.UID, imap.header_fields(draft_state.FIELD))))
    ours = draft_state.said(composition)
    same: set[int] = set()
    for data in found:
        headers = parse_headers(b"".join(value or b"" for value in data.sections.values()))
        state = draft_state.read(access.person, composition.message_id, headers)
        if data.uid in others and state.get("said") == ours:
            same.add(data.uid)
    return same
