"""Where messages go: by the folder's role, by their year, or where the person said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session

from ..errors import FolderNotFoundError, SameFolderError, TargetGoneError
from ..places import folder_for
from ..reading.folders import Tree, cached_tree, canonical, folder_named, keep_listed
from ..reading.summary import cached_many
from .order import BY_YEAR, ROLES, Order


def targets_of(session: Session, order: Order, uids: Iterable[int]) -> list[tuple[str, list[int]]]:
    """(folder, UIDs of the selected folder that belong there), folders made where they have to be.

    Raises TargetGoneError, and SameFolderError where there is nothing to do.
    """
    here = session.selected.name if session.selected else ""
    if order.kind == "archive" and order.target == BY_YEAR:
        archive = folder_for(session, "archive")
        found = [
            (_year_folder(session, archive, year), of_year)
            for year, of_year in sorted(_by_year(session, uids).items())
        ]
    elif role := ROLES.get(order.kind):
        found = [("INBOX" if role == "inbox" else folder_for(session, role), list(uids))]
    else:
        found = [(_chosen(session, order.target), list(uids))]
    if order.kind != "copy":
        found = [(folder, some) for folder, some in found if canonical(folder) != canonical(here)]
    if not found:
        raise SameFolderError
    return found


def is_there(session: Session, folder: str) -> bool:
    """By what the server says now."""
    try:
        folder_named(keep_listed(session, session.notes, None), folder)
    except FolderNotFoundError:
        return False
    return True


def _chosen(session: Session, folder: str) -> str:
    tree = cached_tree(session.notes)
    if (tree is None or tree.find(folder) is None) and not is_there(session, folder):
        raise TargetGoneError
    return folder


def _by_year(session: Session, uids: Iterable[int]) -> dict[int, list[int]]:
    """By the date that the list shows; where that is not known here, by arrival."""
    uids, state = list(uids), session.selected
    assert state is not None
    known = cached_many(session.notes, state.name, state.uid_validity, uids)
    dates: dict[int, datetime | None] = {uid: summary.head.date for uid, summary in known.items()}
    if unknown := [uid for uid in uids if dates.get(uid) is None]:
        (answers,) = session.run(imap.fetch(unknown, (imap.UID, imap.INTERNAL_DATE)))
        dates |= {data.uid: data.internal_date for data in answers if data.uid}
    years: dict[int, list[int]] = {}
    for uid in uids:
        if (date := dates.get(uid)) is not None:
            years.setdefault(date.year, []).append(uid)
    return years


def _year_folder(session: Session, archive: str, year: int) -> str:
    tree = cached_tree(session.notes) or keep_listed(session, session.notes, None)
    name = f"{archive}{tree.delimiter or '-'}{year}"
    if tree.find(name) is None and not _is_listed(tree := keep_listed(session, session.notes, None), name):
        try:
            session.run(imap.create(name))
        except CommandError as error:
            if error.code != "ALREADYEXISTS":
                raise
        session.gather(imap.subscribe(name))
        keep_listed(session, session.notes, None)
    return name


def _is_listed(tree: Tree, name: str) -> bool:
    return name in tree.wire
