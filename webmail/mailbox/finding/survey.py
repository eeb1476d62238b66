"""A search through several folders: worked on by a few threads, for as long as somebody waits for it.

It is kept with the person's connections. Each request for a page of it waits a moment, shows what is there by then, and
lets the threads go on for a few seconds more: whoever asks again finds more, and when nobody does, they stop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from webmail.accounts.connections import borrowed
from webmail.imap.cache import PersonCache
from webmail.imap.holder import Holder

from ..errors import MailServerError
from ..query.meaning import Asker
from ..view import View
from .exploring import AT_ONCE, explore
from .hits import DONE, FAILED, TAKEN, WAITING, Area, Hits
from .trail import FIRST_SPAN, identity

KIND: Final = "survey"
# How long a request waits: with something new to show, and with nothing. Then how long the threads go on.
SOON: Final = 0.4
LATEST: Final = 2.0
LINGER: Final = 3.0
# Of a person's requests for pages of searches, so many may wait at once.
_MOST_WAITING: Final = 3
# Folders asked in one write where that is quick, and the messages in them together: Dovecot looks through so many
# subjects in less than a second, and another write costs two round trips.
_FOLDERS_AT_ONCE: Final = 8
_QUICKLY: Final = 200_000
# Of one folder so many are listed, the newest; of many folders fewer each, so that all of them stay in bounds.
MOST_LISTED: Final = 1000
_LISTED_IN_ALL: Final = 20_000


@dataclass(eq=False, slots=True)
class Crew:
    """A person's threads. One search at a time goes on: the one that was asked for last."""

    lock: threading.Condition = field(default_factory=threading.Condition)
    current: Survey | None = None
    ordinary: int = 0
    waiting: int = 0


class Survey:
    """Everything that changes is guarded by `lock`, which is the crew's, and tells it when it changes."""

    def __init__(self, view: View, asker: Asker, notes: PersonCache, crew: Crew) -> None:
        self.view, self.asker = view, asker
        self.notes, self.crew = notes, crew
        self.key = view.key(asker)
        self.lock = crew.lock
        self.areas: tuple[Area, ...] = ()
        self.unknown: tuple[str, ...] = ()
        self.until = 0.0
        self.workers = 0
        self.news = 0
        self.helped = False
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return all(area.state in (DONE, FAILED) for area in self.areas)

    @property
    def most_listed(self) -> int:
        return min(MOST_LISTED, max(50, _LISTED_IN_ALL // max(1, len(self.areas))))

    def go_on(self, holder: Holder) -> None:
        """Waits until there is something new to show, or nothing for too long. Raises what ended the search."""
        with self.lock:
            if self.done or self.crew.waiting >= _MOST_WAITING:
                return
            self.error, self.helped = None, False
            self.crew.current = self
            self.crew.waiting += 1
            try:
                self._wait(holder)
            finally:
                self.crew.waiting -= 1
            if self.error is not None:
                raise self.error

    def stop(self) -> None:
        """The threads end after the step that they are at."""
        with self.lock:
            self.until = 0.0

    def entries(self) -> Iterator[tuple[int, int, int]]:
        """(moment, minus the area's index, UID) of everything that can be listed: a larger one is newer."""
        for index, area in enumerate(self.areas):
            for uid, moment in zip(area.hits.uids, area.hits.moments, strict=True):
                yield moment, -index, uid

    def note(self, area: Area, hits: Hits, *, state: str = TAKEN) -> bool:
        """Found so far. False where nobody waits for more."""
        with self.lock:
            self.news += hits.count != area.hits.count
            area.hits, area.state = hits, state
            going_on = self._wanted
            if state == TAKEN and not going_on:
                area.state = WAITING
            self.lock.notify_all()
            return going_on

    def _wait(self, holder: Holder) -> None:
        began, before = time.monotonic(), self.news
        # Until the threads have ended: then the page has their connections.
        while self.error is None and not (self.done and self.workers == 0):
            end = began + (SOON if self.news > before else LATEST)
            if (left := end - time.monotonic()) <= 0:
                return
            self.until = began + LATEST + LINGER
            if self.crew.current is self and not self.done:
                self._staff(holder)
            self.lock.wait(left)

    @property
    def _wanted(self) -> bool:
        return self.crew.current is self and time.monotonic() < self.until and not self.notes.ended

    def _staff(self, holder: Holder) -> None:
        """One thread, and others where there is much to do: on connections that the person's pages can spare."""
        if self.workers == 0:
            self._start(holder, lasting=True)
        spare = holder.room.connections - 1
        left = [area for area in self.areas if area.state == WAITING]
        much = sum(area.messages for area in left) > (FIRST_SPAN if self.view.query.slow else _QUICKLY)
        if self.workers == 1 and not self.helped and self.crew.ordinary < min(1, spare) and left[1:] and much:
            self.helped = True
            self._start(holder, lasting=False)

    def _start(self, holder: Holder, *, lasting: bool) -> None:
        self.workers += 1
        self.crew.ordinary += not lasting
        threading.Thread(
            target=partial(self._work, holder, lasting=lasting), name="imap-search", daemon=True
        ).start()

    def _work(self, holder: Holder, *, lasting: bool) -> None:
        batch: tuple[Area, ...] = ()
        try:
            with borrowed(holder, lasting=lasting, patience=None if lasting else 0.0) as session:
                while batch := self._take():
                    explore(session, self, batch)
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            self._lost(batch, error, needed=lasting)
        finally:
            with self.lock:
                self.workers -= 1
                self.crew.ordinary -= not lasting
                self.lock.notify_all()

    def _take(self) -> tuple[Area, ...]:
        """What to search next: several at once where that is one quick write."""
        with self.lock:
            batch: list[Area] = []
            messages = 0
            for area in self.areas if self._wanted else ():
                if area.state != WAITING:
                    continue
                messages += area.messages
                if batch and (area.alone or not self.quick(area) or messages > _QUICKLY):
                    break
                batch.append(area)
                if area.alone or not self.quick(area) or len(batch) == _FOLDERS_AT_ONCE:
                    break
            for area in batch:
                area.state = TAKEN
            return tuple(batch)

    def quick(self, area: Area) -> bool:
        """One command finds all that match in it, soon."""
        query = self.view.query
        return not query.looked_up and (not query.slow or area.messages <= AT_ONCE)

    def _lost(self, batch: tuple[Area, ...], error: Exception, *, needed: bool) -> None:
        """What was being searched is tried once more, by itself; what then fails again is left out."""
        with self.lock:
            known = isinstance(error, MailServerError)
            for area in batch:
                if area.state == TAKEN:
                    area.state = FAILED if area.alone and known else WAITING
                    area.alone = True
            if known and not batch and any(area.state == DONE for area in self.areas):
                for area in self.areas:
                    area.state = FAILED if area.state == WAITING and needed else area.state
            elif not known or (not batch and needed):
                self.error = error


def crew_of(notes: PersonCache) -> Crew:
    found = notes.get(KIND, "crew")
    crew = found if isinstance(found, Crew) else Crew()
    notes.put(KIND, "crew", crew, 500)
    return crew


def name_of(view: View, asker: Asker) -> Hashable:
    return view.scope, identity(view, asker)


def recall(notes: PersonCache, name: Hashable) -> Survey | None:
    found = notes.get(KIND, name)
    return found if isinstance(found, Survey) else None


def keep(notes: PersonCache, name: Hashable, survey: Survey) -> Survey:
    listed = sum(len(area.hits.uids) for area in survey.areas)
    notes.put(KIND, name, survey, 12 * listed + 1000 * (len(survey.areas) + 1))
    return survey
