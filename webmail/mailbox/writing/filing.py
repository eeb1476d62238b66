"""After a message was sent: the copy in Sent, the marks on what it answers, its draft gone. Each may be done again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import BinaryIO, Final

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session

from ..errors import FolderNotFoundError, FolderRenumberedError
from ..places import folder_for, folder_now, likely_folder, made
from ..reading.asking import ANSWERS, RECEIPT_SENT
from ..reading.folders import counts_changed
from ..reading.index import index_of
from ..reading.marking import keeps, store_command
from ..reading.selecting import expect_uid_validity, session_of, with_selected
from ..reading.summary import Place
from .appending import append_command, is_missing, is_ours, removed, those_with_id, writing_to
from .composition import Origin

SENT: Final = "sent"
FLAG_OF: Final = {"reply": "\\Answered", "forward": "$Forwarded", "receipt": RECEIPT_SENT, **ANSWERS}


def file_in_sent(
    *,
    access: Access,
    message: BinaryIO,
    size: int,
    message_id: str,
    folder: str = "",
    maybe_there: bool = False,
) -> None:
    """The copy, seen. `folder` is the identity's own, "" the server's; made where there is none.

    `maybe_there`: a former attempt ended without an answer, so it is looked for first. Raises QuotaError,
    MailServerError, SignInEndedError.
    """
    with writing_to(access, folder or likely_folder(access, SENT)) as session:
        folder = folder or folder_for(session, SENT)
        if maybe_there and _is_there(session, folder, message_id):
            return
        (answer,) = session.gather(append_command(session, folder, message, size, ("\\Seen",)))
        if is_missing(answer):
            # The identity's own, or the server's, was deleted meanwhile.
            folder = folder_for(session, SENT)
            (answer,) = session.gather(append_command(session, folder, message, size, ("\\Seen",)))
            if is_missing(answer):
                (answer,) = session.gather(
                    append_command(session, made(session, SENT), message, size, ("\\Seen",))
                )
        if isinstance(answer, CommandError):
            raise answer
        counts_changed(session.notes)


def mark_origins(*, access: Access, origins: Iterable[Origin]) -> None:
    """What was answered or forwarded says so, where the server keeps such flags. What is gone needs no mark."""
    for (folder, uid_validity), group in groupby(
        sorted(origins, key=attrgetter("folder", "uid_validity")), attrgetter("folder", "uid_validity")
    ):
        uids: dict[str, list[int]] = {}
        for origin in group:
            uids.setdefault(FLAG_OF.get(origin.kind, ""), []).append(origin.uid)
        uids.pop("", None)
        try:
            _mark(access, folder_now(access, folder), uid_validity, uids)
        except (FolderNotFoundError, FolderRenumberedError):
            continue


def remove_draft(*, access: Access, draft: Place | None, message_id: str) -> None:
    """Only the one that lies there and has this Message-ID. What is gone already is no error."""
    if draft is None:
        return
    draft = replace(draft, folder=folder_now(access, draft.folder))
    try:
        with session_of(access, draft.folder) as session:
            with_selected(session, draft.folder)
            expect_uid_validity(session, draft.uid_validity)
            if is_ours(session, draft, message_id):
                removed(session, [draft.uid])
    except (FolderNotFoundError, FolderRenumberedError):
        return


def _is_there(session: Session, folder: str, message_id: str) -> bool:
    try:
        return bool(those_with_id(session, folder, message_id))
    except FolderNotFoundError:
        return False


def _mark(access: Access, folder: str, uid_validity: int, uids: dict[str, list[int]]) -> None:
    with session_of(access, folder) as session:
        with_selected(session, folder)
        expect_uid_validity(session, uid_validity)
        wanted = [(found, flag, True) for flag, found in uids.items()]
        for answer in set(ANSWERS.values()) & uids.keys():
            # One may change one's mind.
            wanted += ((uids[answer], other, False) for other in ANSWERS.values() if other != answer)
        commands = [
            store_command(found, flag, on=on) for found, flag, on in wanted if keeps(session.selected, flag)
        ]
        for told in session.gather(*commands) if commands else ():
            if isinstance(told, imap.Stored):
                index_of(session, told.fetched)
