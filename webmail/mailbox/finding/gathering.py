"""Rows of messages that are in several folders, in one write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from webmail.imap import commands as imap
from webmail.imap.session import Session
from webmail.imap.types import Fetched, Selected

from ..pages import Row
from ..reading.index import lower
from ..reading.selecting import select
from ..reading.summary import cached_many, keep, summary_items
from .hits import FAILED, WAITING, Area, Hits
from .rows import Known, shown
from .survey import Survey

Rows = dict[tuple[str, int], Row]


def gathered(session: Session, survey: Survey, places: Sequence[tuple[Area, int]]) -> Rows:
    """By folder and UID. What is gone is taken out of what the survey has found."""
    groups: dict[Area, list[int]] = {}
    for area, uid in places:
        groups.setdefault(area, []).append(uid)
    known = {area: _cached(session, area, uids) for area, uids in groups.items()}
    asked = {area: _questions(session, known[area], uids) for area, uids in groups.items()}
    answers = iter(session.gather(*(one for each in asked.values() for one in each)) if asked else ())
    answered = {area: [next(answers) for _ in commands] for area, commands in asked.items()}
    rows: Rows = {}
    for area, (opened, *told) in answered.items():
        if not isinstance(opened, Selected) or opened.uid_validity != area.hits.uid_validity:
            with survey.lock:
                area.hits, area.state = Hits(), WAITING if isinstance(opened, Selected) else FAILED
            continue
        uids = groups[area]
        there = _learnt(session, known[area], uids, opened.uid_validity, told)
        with survey.lock:
            area.hits = area.hits.without(set(uids).difference(there.flags))
        for row in there.rows(uids, area.folder.role):
            rows[there.folder, row.uid] = replace(row, folder=there.folder, uid_validity=opened.uid_validity)
    return rows


def _cached(session: Session, area: Area, uids: Sequence[int]) -> Known:
    name = area.folder.name
    return Known(name, cached_many(session.notes, name, area.hits.uid_validity, uids))


def _questions(session: Session, known: Known, uids: Sequence[int]) -> list[imap.Command[Any]]:
    """What is in the cache is asked for its flags only."""
    new = [uid for uid in uids if uid not in known.summaries]
    old = [uid for uid in uids if uid in known.summaries]
    asked: list[imap.Command[Any]] = [select(session, known.folder)]
    if new:
        asked.append(imap.fetch(new, summary_items(session)))
    if old:
        asked.append(imap.fetch(old, (imap.UID, imap.FLAGS)))
    return asked


def _learnt(
    session: Session, known: Known, uids: Sequence[int], uid_validity: int, told: Sequence[object]
) -> Known:
    """A message that the server chokes on costs only its own row."""
    if not all(isinstance(answer, tuple) for answer in told):
        session.run(select(session, known.folder))
        return shown(session, known.folder, uids, Known(known.folder, dict(known.summaries)))
    for answer in told:
        fetched: Sequence[Fetched] = answer if isinstance(answer, tuple) else ()
        known.summaries |= keep(session.notes, known.folder, uid_validity, fetched)
        known.flags |= {
            data.uid: lower(data.flags) for data in fetched if data.uid and data.flags is not None
        }
    return known
