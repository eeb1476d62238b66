"""Can this process serve? The database, the cache and the mail servers, each asked apart and none for long."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.core.cache import cache
from django.db import connection

from webmail.domains.registry import domains
from webmail.imap.connection import Connection
from webmail.imap.server import Server, Timeouts

# Whoever asks more often than this gets the same answer again.
KEPT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 3.0
_MOST_SERVERS: Final = 5
_BRIEF: Final = Timeouts(connect=2, tls=2, read=2, total=2.5)


@dataclass(frozen=True, slots=True)
class Ready:
    """`mail`: whether all of the mail servers (of many the first few) were reached."""

    database: bool
    cache: bool
    mail: bool

    @property
    def ready(self) -> bool:
        return self.database and self.cache

    def words(self) -> dict[str, str]:
        """Without names of hosts, which are not for strangers."""
        parts = {"database": self.database, "cache": self.cache, "mail": self.mail}
        said = {name: "ok" if there else "away" for name, there in parts.items()}
        return {"status": "ready" if self.ready else "not ready", **said}


class Readiness:
    """One asks, the others take what was found last. A question that hangs is not asked again meanwhile."""

    def __init__(
        self,
        checks: Mapping[str, Callable[[], None]],
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._checks, self._clock, self._seconds = checks, clock, seconds
        self._asking = threading.Lock()
        self._asked: dict[str, threading.Thread] = {}
        self._found: Ready | None = None
        self._until = 0.0

    def now(self) -> Ready:
        found = self._found
        if found is not None and self._clock() < self._until:
            return found
        if not self._asking.acquire(blocking=found is None, timeout=-1 if found else 2 * self._seconds):
            return found or Ready(database=False, cache=False, mail=False)
        try:
            if self._found is None or self._clock() >= self._until:
                self._found = self._ask()
                self._until = self._clock() + KEPT_SECONDS
            return self._found
        finally:
            self._asking.release()

    def _ask(self) -> Ready:
        """All at once, each in a thread that nobody waits for beyond its time."""
        good: set[str] = set()
        end = time.monotonic() + self._seconds
        self._asked = {name: thread for name, thread in self._asked.items() if thread.is_alive()}
        for name, check in self._checks.items():
            if name not in self._asked:
                work = partial(_succeed, name, check, good)
                self._asked[name] = threading.Thread(target=work, name=f"ready-{name}", daemon=True)
                self._asked[name].start()
        for thread in self._asked.values():
            thread.join(max(0.0, end - time.monotonic()))
        return Ready(**{name: name in good for name in self._checks})


def _succeed(name: str, check: Callable[[], None], good: set[str]) -> None:
    try:
        check()
    except Exception:  # noqa: BLE001 - away is away, for whatever reason
        return
    good.add(name)


def _database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # The thread ends.


def _cache() -> None:
    said = secrets.token_hex(8)
    key = f"ready:{said}"
    cache.set(key, said, 10)
    if cache.get(key) != said:
        raise ConnectionError
    cache.delete(key)


def _mail() -> None:
    try:
        servers = list(dict.fromkeys(domain.imap_server() for domain in domains()))[:_MOST_SERVERS]
    finally:
        connection.close()
    reached: list[bool] = []
    threads = [threading.Thread(target=_reach, args=(each, reached), daemon=True) for each in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(reached) < len(servers):
        raise ConnectionError


def _reach(server: Server, reached: list[bool]) -> None:
    try:
        Connection.open(server, timeouts=_BRIEF).logout()
    except Exception:  # noqa: BLE001 - as above
        return
    reached.append(True)


CHECKS: Final[dict[str, Callable[[], None]]] = {"database": _database, "cache": _cache, "mail": _mail}
readiness: Final = Readiness(CHECKS)
