"""Searching folders of a survey on one connection: many in one write, or a large one step by step, newest first."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from webmail.imap import commands as imap
from webmail.imap.errors import CommandError, EncodeError
from webmail.imap.operations import search
from webmail.imap.session import Session
from webmail.imap.types import SearchResult, Selected

from ..reading.selecting import select
from . import trail
from .hits import DONE, FAILED, Area, Hits, date_command
from .trail import FIRST_SPAN

if TYPE_CHECKING:
    from .survey import Survey

# A folder of so many messages is searched at once whatever is asked of it.
AT_ONCE: Final = FIRST_SPAN


def explore(session: Session, survey: Survey, batch: Sequence[Area]) -> None:
    """Notes what is found with the survey; folders that the server refuses are noted as failed. Raises what ends the
    connection."""
    if survey.quick(batch[0]):
        _together(session, survey, batch)
        return
    (area,) = batch
    try:
        _step_by_step(session, survey, area)
    except (CommandError, EncodeError):
        survey.note(area, area.hits, state=FAILED)


def _together(session: Session, survey: Survey, batch: Sequence[Area]) -> None:
    """Two round trips: what matches in each, then when each of these came."""
    extended = session.has("ESEARCH")
    commands: list[imap.Command[Any]] = []
    for area in batch:
        asked = imap.search(survey.key, return_=("ALL",) if extended else None)
        commands += (select(session, area.folder.name), asked)
    answers = session.gather(*commands)
    found: list[tuple[Area, Selected, Sequence[int]]] = []
    for area, opened, answer in zip(batch, answers[::2], answers[1::2], strict=True):
        uids = _uids(session, survey, area, answer) if isinstance(opened, Selected) else None
        if uids is None or not isinstance(opened, Selected):
            survey.note(area, area.hits, state=FAILED)
        else:
            found.append((area, opened, uids))
    _date(session, survey, found)


def _uids(session: Session, survey: Survey, area: Area, answer: object) -> Sequence[int] | None:
    """Falling; None where the folder can't be searched."""
    if not isinstance(answer, SearchResult):
        try:
            session.run(select(session, area.folder.name))
            answer = search(session, survey.key)
        except (CommandError, EncodeError):
            return None
    return sorted(answer.numbers, reverse=True)


def _date(session: Session, survey: Survey, found: Sequence[tuple[Area, Selected, Sequence[int]]]) -> None:
    most = survey.most_listed
    asked: list[imap.Command[Any]] = []
    areas: list[Area] = []
    for area, opened, uids in found:
        if new := area.hits.undated(opened.uid_validity, uids[:most]):
            areas.append(area)
            asked += (select(session, area.folder.name), date_command(new))
    answers = session.gather(*asked) if asked else []
    dated = dict(zip(map(id, areas), answers[1::2], strict=True))
    for area, opened, uids in found:
        told = dated.get(id(area))
        hits = area.hits.renewed(opened.uid_validity, len(uids), uids[:most], told)
        survey.note(area, hits, state=DONE)


def _step_by_step(session: Session, survey: Survey, area: Area) -> None:
    """As far as somebody waits; the trail knows where to go on."""
    folder, view, asker = area.folder.name, survey.view, survey.asker
    session.run(select(session, folder))
    name = trail.identity(view, asker, folder)
    known = trail.recall(session.notes, name)
    state = session.selected
    assert state is not None
    if known is None or known.uid_validity != state.uid_validity or (known.done and view.query.by_flags):
        known = trail.begin(session)
    elif not trail.is_current(session, known):
        known = trail.renewed(session, view, asker, known)
    hits = _hits(session, area.hits, known.uid_validity, known.uids, survey.most_listed)
    while not known.done and survey.note(area, hits):
        known = trail.keep(session.notes, name, trail.follow(session, view, asker, known))
        hits = _hits(session, hits, known.uid_validity, known.uids, survey.most_listed)
    if known.done:
        survey.note(area, hits, state=DONE)


def _hits(session: Session, former: Hits, uid_validity: int, uids: array[int], most: int) -> Hits:
    new = former.undated(uid_validity, uids[:most])
    (told,) = session.gather(date_command(new)) if new else ((),)
    return former.renewed(uid_validity, len(uids), uids[:most], told)
