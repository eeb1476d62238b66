"""The message before and the one after, where a view shows messages of several folders."""

from __future__ import annotations

from dataclasses import dataclass

from webmail.accounts.access import Access
from webmail.accounts.connections import pool

from ..reading.summary import Place
from ..view import View
from .asking import asker_of
from .survey import Survey, name_of, recall


@dataclass(frozen=True, slots=True)
class Around:
    """Where the rows above and below a message lead, None at the ends; `page` as in Beside."""

    above: Place | None = None
    below: Place | None = None
    page: int = 0


def around(*, access: Access, view: View, place: Place, size: int = 50) -> Around:
    """As the view was last on the screen; nothing is asked, and nothing is known of one that was long ago."""
    survey = recall(pool().notes(access.holder), name_of(view, asker_of(access, view)))
    return _in(survey, place, size) if survey else Around()


def _in(survey: Survey, place: Place, size: int) -> Around:
    with survey.lock:
        areas, entries = survey.areas, tuple(survey.entries())
    named = {area.folder.name: -index for index, area in enumerate(areas)}
    here = (named.get(place.folder, 1), place.uid)
    own = next((entry for entry in entries if entry[1:] == here), None)
    if own is None:
        return Around()
    newer = [entry for entry in entries if entry > own]
    older = [entry for entry in entries if entry < own]

    def at(entry: tuple[int, int, int] | None) -> Place | None:
        if entry is None:
            return None
        area = areas[-entry[1]]
        return Place(area.folder.name, area.hits.uid_validity, entry[2])

    return Around(at(min(newer, default=None)), at(max(older, default=None)), len(newer) // size + 1)
