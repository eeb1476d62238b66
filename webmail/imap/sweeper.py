"""A thread that closes what the pool has kept too long, so that it happens even when nobody comes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Sweeper:
    """Calls `sweep` every so many seconds until stopped. Start it after forking."""

    def __init__(self, sweep: Callable[[], None], *, every: float = 30.0) -> None:
        self._sweep, self._every = sweep, every
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="imap-sweeper", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                self._sweep()
            except Exception:  # noqa: BLE001 - one bad round must not end the thread
                _log.error("The pool could not be swept.")
