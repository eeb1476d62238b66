"""Who sends what is due: a thread of this program, or `manage.py outbox`, on as many machines as one likes."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from datetime import timedelta
from typing import Final

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from webmail.domains.registry import domain_of, domains

from .lease import due
from .models import Outgoing
from .sweeping import sweep
from .working import awake, work

AT_ONCE: Final = 8
# Where there are several domains: a slow server leaves some to the people of others.
OF_ONE_DOMAIN: Final = 5
MOST_LOOKED_AT: Final = 200
SWEEP_SECONDS: Final = 3600
# A program that ends has about ten seconds.
FAREWELL_SECONDS: Final = 8
_SHORTEST: Final = 0.2
_log = logging.getLogger(__name__)


class Worker:
    """`poll`: so often, in seconds, it looks for what others have put there. What this process puts there itself
    wakes it."""

    def __init__(self, *, poll: float) -> None:
        self._poll = poll
        self._ending = False
        self._busy: dict[int, tuple[threading.Thread, int]] = {}
        self._held_back = False
        self._lock = threading.Lock()
        self._swept = time.monotonic()

    def run(self) -> None:
        """Until `end`; what it has begun is finished first."""
        while not self._ending:
            awake.clear()
            pause = self._poll
            try:
                close_old_connections()
                self._start_what_is_due()
                self._sweep_now_and_then()
                pause = self._until_next()
            except DatabaseError as error:
                _log.warning("The outbox can't read the database: %s", type(error).__name__)
            if pause > 1:
                connection.close()
            awake.wait(pause)
        self.wait()

    def end(self) -> None:
        self._ending = True
        awake.set()

    def wait(self, seconds: float | None = None) -> None:
        """For what was begun."""
        end = time.monotonic() + seconds if seconds is not None else None
        for thread, _ in list(self._busy.values()):
            thread.join(max(0.0, end - time.monotonic()) if end is not None else None)

    def _start_what_is_due(self) -> None:
        rows = Outgoing.objects.filter(due(timezone.now())).order_by("next_try")
        each = AT_ONCE if len(domains()) == 1 else OF_ONE_DOMAIN
        self._held_back = False
        for pk, username in rows.values_list("pk", "person__username")[:MOST_LOOKED_AT]:
            domain = domain_of(username).key
            with self._lock:
                if self._ending or len(self._busy) >= AT_ONCE:
                    return
                if pk in self._busy:
                    continue
                if sum(of == domain for _, of in self._busy.values()) >= each:
                    self._held_back = True
                    continue
                thread = threading.Thread(target=self._work, args=(pk,), name="outbox", daemon=True)
                self._busy[pk] = thread, domain
            thread.start()

    def _work(self, pk: int) -> None:
        try:
            work(pk)
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise it to
            # What it was doing is taken up when its lease ends. The message itself must not reach the log.
            _log.error("The outbox failed with a message: %s", type(error).__name__)
        finally:
            connection.close()
            with self._lock:
                del self._busy[pk]
            awake.set()

    def _until_next(self) -> float:
        """Seconds to wait: until the next is due, or its lease ends."""
        now = timezone.now()
        soon = Outgoing.objects.filter(next_try__lt=now + timedelta(seconds=self._poll))
        found = soon.values_list("next_try", "lease_until")
        whens = [max(when, lease or when) for when, lease in found if when is not None]
        if not whens or len(self._busy) >= AT_ONCE:
            return self._poll
        if self._held_back:
            return min(self._poll, 1.0)
        return min(self._poll, max(_SHORTEST, (min(whens) - now).total_seconds()))

    def _sweep_now_and_then(self) -> None:
        if time.monotonic() - self._swept >= SWEEP_SECONDS:
            self._swept = time.monotonic()
            sweep(timezone.now())


def take_due() -> int:
    """Everything that is due now, one after the other; how many that was."""
    pks = list(Outgoing.objects.filter(due(timezone.now())).order_by("next_try").values_list("pk", flat=True))
    for pk in pks:
        work(pk)
    return len(pks)


def start_inside() -> Worker:
    """A thread of this process, which ends with it in order."""
    worker = Worker(poll=30)
    threading.Thread(target=worker.run, name="outbox worker", daemon=True).start()
    atexit.register(_farewell, worker)
    return worker


def _farewell(worker: Worker) -> None:
    worker.end()
    worker.wait(FAREWELL_SECONDS)
