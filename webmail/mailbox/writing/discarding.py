"""A composition thrown away: it goes to the trash as it is now, so that this can be taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from webmail.accounts.access import Access
from webmail.imap.operations import move

from ..errors import (
    FolderNotFoundError,
    FolderRenumberedError,
    MessageNotFoundError,
    QuotaError,
    WritingError,
)
from ..places import folder_for
from ..reading.folders import counts_changed
from ..reading.selecting import expect_uid_validity, session_of, wire_name, with_selected
from ..reading.summary import Place
from .appending import is_ours, those_with_id
from .composition import Composition
from .drafting import DRAFTS, save_draft
from .editing import edit

TRASH = "trash"


def discard(*, access: Access, composition: Composition, now: datetime) -> Place | None:
    """Where in the trash it lies, for `take_back`; None where there was nothing to keep.

    A mailbox that is full takes no last version: then the draft as it was saved before goes.
    """
    draft = composition.draft
    if not composition.empty:
        with suppress(QuotaError, WritingError):
            draft = save_draft(access=access, composition=composition, now=now).composition.draft
    if draft is None:
        return None
    try:
        return _moved(access, draft, TRASH, composition.message_id)
    except (FolderNotFoundError, FolderRenumberedError, MessageNotFoundError):
        return None


def take_back(*, access: Access, place: Place, message_id: str) -> Composition:
    """What was thrown away is a draft again. Raises MessageNotFoundError and what `edit` raises."""
    draft = _moved(access, place, DRAFTS, message_id)
    if draft is None:
        raise MessageNotFoundError
    return edit(access=access, folder=draft.folder, uid_validity=draft.uid_validity, uid=draft.uid)


def _moved(access: Access, place: Place, role: str, message_id: str) -> Place | None:
    """Where it is afterwards, also where it was moved before; None where it is nowhere."""
    with session_of(access, place.folder) as session:
        folder = folder_for(session, role)
        with_selected(session, place.folder)
        expect_uid_validity(session, place.uid_validity)
        if is_ours(session, place, message_id):
            copied = move(session, [place.uid], wire_name(session, folder)).copied
            counts_changed(session.notes)
            if copied is not None and copied.target:
                return Place(folder, copied.uid_validity, copied.target[0])
        found = those_with_id(session, folder, message_id)
        state = session.selected
        return Place(folder, state.uid_validity, max(found)) if found and state else None
