"""How much is fetched at once: in all, and for one person."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from webmail.remote.errors import BusyError


class Gate:
    """At most `total` inside and `each` of one person; `queue` may wait for `patience` seconds."""

    def __init__(self, *, total: int = 32, each: int = 6, queue: int = 100, patience: float = 10.0) -> None:
        self._total, self._each, self._queue, self._patience = total, each, queue, patience
        self._inside: Counter[Hashable] = Counter()
        self._waiting = 0
        self._changed = threading.Condition()

    @contextmanager
    def enter(self, person: Hashable) -> Iterator[None]:
        """BusyError when no place came free in time, or too many wait already."""
        with self._changed:
            if not self._free(person):
                if self._waiting >= self._queue:
                    raise BusyError("Too many wait already.")
                self._waiting += 1
                try:
                    if not self._changed.wait_for(lambda: self._free(person), self._patience):
                        raise BusyError("No place came free in time.")
                finally:
                    self._waiting -= 1
            self._inside[person] += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[person] -= 1
                if not self._inside[person]:
                    del self._inside[person]
                self._changed.notify_all()

    def _free(self, person: Hashable) -> bool:
        return self._inside.total() < self._total and self._inside[person] < self._each
