"""How many threads may wait for one server, so that a slow one does not take those of all others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from webmail.wire.server import Server


class FullError(Exception):
    """As many as may already wait for this server."""


class Gate:
    """Nobody queues: whoever would be one too many is told at once. Safe in any thread."""

    def __init__(self) -> None:
        self._inside: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def enter(self, server: Server, most: int) -> Iterator[None]:
        """Inside for the length of the block; FullError where `most` are already, 0 for any number."""
        place = (server.host, server.port)
        with self._lock:
            if most and self._inside[place] >= most:
                raise FullError
            self._inside[place] += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside[place] -= 1
                if not self._inside[place]:
                    del self._inside[place]

    def inside(self, server: Server) -> int:
        """How many are, now."""
        return self._inside[server.host, server.port]
