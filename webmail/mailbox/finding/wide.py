"""A page of a view of several folders: whatever is found by now, newest first."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.imap.operations import list_with_status
from webmail.imap.session import Session
from webmail.imap.types import Status

from ..pages import Found, ListPage
from ..reading import folders
from ..reading.marking import keeps_keywords
from ..reading.selecting import session_of
from ..view import View
from .asking import asker_of
from .gathering import gathered
from .hits import DONE, FAILED, WAITING, Area, Hits
from .reach import reach
from .survey import Survey, crew_of, keep, name_of, recall

_ASKED: Final = (*folders.COUNTS, "UIDNEXT", "UIDVALIDITY")


def list_wide(
    *, access: Access, view: View, page: int = 1, size: int = 50, going_on: bool = True
) -> ListPage:
    """Raises FolderNotFoundError, MailServerError and SignInEndedError. A page past the end is the last one. `going_on`
    False: what is found by now, and the search stops."""
    asker, notes = asker_of(access, view), pool().notes(access.holder)
    name = name_of(view, asker)
    survey = recall(notes, name)
    if survey is None or (survey.done and page <= 1):
        survey = survey or Survey(view, asker, notes, crew_of(notes))
        with session_of(access, view.folder) as session:
            look_again(session, survey)
    if going_on:
        survey.go_on(access.holder)
    else:
        survey.stop()
    keep(notes, name, survey)
    with session_of(access, view.folder) as session:
        found = page_of(session, survey, page, size)
    keep(notes, name, survey)
    return found


def look_again(session: Session, survey: Survey) -> None:
    """One round trip: which folders there are, and which of them changed since they were searched."""
    flags = survey.view.query.by_flags
    items = (*_ASKED, "HIGHESTMODSEQ") if flags and session.has("CONDSTORE") else _ASKED
    listed = list_with_status(session, items=items)
    tree = folders.keep_tree(session.notes, listed)
    within = reach(tree, survey.view)
    told = {mailbox.name: mailbox.status for mailbox in listed}
    former = {area.folder.name: area for area in survey.areas}
    areas: list[Area] = []
    for folder in within.folders:
        status, known = told.get(folder.name), former.get(folder.name)
        if known is not None and known.state == DONE and _is_same(status, known.told, flags=flags):
            areas.append(Area(folder, status, DONE, hits=known.hits))
        elif status is not None and status.messages == 0:
            areas.append(Area(folder, status, DONE))
        else:
            areas.append(Area(folder, status, WAITING, hits=known.hits if known else Hits()))
    with survey.lock:
        survey.areas, survey.unknown = tuple(areas), within.unknown


def _is_same(now: Status | None, then: Status | None, *, flags: bool) -> bool:
    if now is None or then is None or now.uid_next is None:
        return False
    if flags and now.highest_modseq is None:
        return False
    return (now.uid_validity, now.messages, now.uid_next) == (
        then.uid_validity,
        then.messages,
        then.uid_next,
    ) and (not flags or now.highest_modseq == then.highest_modseq)


@dataclass(frozen=True, slots=True)
class Window:
    """`places` of a page, in its order: an area each, and a UID in it."""

    number: int
    pages: int
    places: Sequence[tuple[Area, int]]


def window_of(survey: Survey, page: int, size: int) -> Window:
    with survey.lock:
        listed = sum(len(area.hits.uids) for area in survey.areas)
        pages = max(1, -(-listed // size))
        number = min(max(1, page), pages)
        newest = heapq.nlargest(number * size, survey.entries())[(number - 1) * size :]
        return Window(number, pages, [(survey.areas[-index], uid) for _, index, uid in newest])


def page_of(session: Session, survey: Survey, page: int, size: int) -> ListPage:
    """In one write, with a SELECT for each folder that the page shows messages of."""
    window = window_of(survey, page, size)
    rows = gathered(session, survey, window.places)
    if len(rows) < len(window.places):
        window = window_of(survey, page, size)
        rows |= gathered(session, survey, window.places)
    tree = folders.cached_tree(session.notes) or folders.keep_listed(session, session.notes, None)
    folder = folders.folder_named(tree, survey.view.folder)
    places = [(area.folder.name, uid) for area, uid in window.places]
    with survey.lock:
        areas = survey.areas
        total = sum(area.hits.count for area in areas)
        listed = sum(len(area.hits.uids) for area in areas)
        found = Found(
            done=survey.done,
            share=sum(area.state in (DONE, FAILED) for area in areas) / max(1, len(areas)),
            folders=(sum(area.state in (DONE, FAILED) for area in areas), len(areas)),
            left_out=tuple(area.folder for area in areas if area.state == FAILED),
            unknown=survey.unknown,
            listed=listed if listed < total else None,
        )
    first = (window.number - 1) * size + 1 if window.places else 0
    return ListPage(
        folder=folder,
        folders=tree.folders,
        uid_validity=0,
        rows=tuple(rows[place] for place in places if place in rows),
        number=window.number,
        pages=window.pages,
        total=total,
        unseen=folder.unseen,
        first=first,
        last=first + len(window.places) - 1 if window.places else 0,
        alerts=tuple(session.take_alerts()),
        found=found,
        keywords=session.selected is not None and keeps_keywords(session.selected),
    )
