"""Each instance writes now and then how it is, so that the admin, in whichever instance, sees them all."""

from __future__ import annotations

import atexit
import logging
import os
import socket
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from webmail.accounts import connections
from webmail.accounts.models import Person
from webmail.metrics import snapshot

from .models import Holding, Instance, Sample

EVERY_SECONDS: Final = 15
FAREWELL_SECONDS: Final = 2
STALE_AFTER: Final = timedelta(seconds=60)
FORGOTTEN_AFTER: Final = timedelta(minutes=15)
SAMPLES_KEPT: Final = timedelta(hours=48)
_SAMPLED: Final = ("pool_connections:", "pool_people", "streams", "imap_command_seconds_bucket:")
MOST_HOLDINGS: Final = 2000
_log = logging.getLogger(__name__)


class Reporter:
    """Of this process. `run` until `end`; what the database refuses is tried again the next time."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.started = timezone.now()
        self._ended = threading.Event()

    def run(self) -> None:
        while True:
            try:
                self.report()
            except DatabaseError as error:
                _log.warning("The admin's figures can't be written: %s", type(error).__name__)
            finally:
                connection.close()
            if self._ended.wait(EVERY_SECONDS):
                self._leave()
                return

    def end(self) -> None:
        self._ended.set()

    def _leave(self) -> None:
        """It ends in order, so nobody has to wonder about its silence."""
        with suppress(DatabaseError):
            Instance.objects.filter(name=self.name).delete()
        connection.close()

    def report(self) -> None:
        now = timezone.now()
        with transaction.atomic():
            instance = self._instance()
            self._holdings(instance)
        minute = now.replace(second=0, microsecond=0)
        _sample, is_new = Sample.objects.get_or_create(
            at=minute, instance=self.name, defaults={"values": figures()}
        )
        if is_new:
            forget_old()

    def _instance(self) -> Instance:
        pool, hub = connections.pool().stats(), connections.hub().stats()
        said = {
            "seen": timezone.now(),
            "people": pool.people,
            "connections": pool.connections,
            "borrowed": pool.borrowed,
            "waiting": pool.waiting,
            "streams": hub.streams,
        }
        instance, _made = Instance.objects.update_or_create(
            name=self.name, defaults=said, create_defaults=said | {"started": self.started}
        )
        return instance

    def _holdings(self, instance: Instance) -> None:
        Holding.objects.filter(instance=instance).delete()
        held = {stats.key: stats for stats in connections.pool().holders()[:MOST_HOLDINGS]}
        there = Person.objects.filter(pk__in=held).values_list("pk", flat=True) if held else ()
        Holding.objects.bulk_create(
            Holding(
                instance=instance,
                person_id=pk,
                connections=stats.connections,
                borrowed=stats.borrowed,
                waiting=stats.waiting,
                idle_seconds=None if stats.idle_seconds is None else max(0, int(stats.idle_seconds)),
            )
            for pk in there
            for stats in (held[str(pk)],)
        )


def figures() -> dict[str, float]:
    """What a sample keeps of `webmail.metrics.snapshot`."""
    return {name: value for name, value in snapshot().items() if name.startswith(_SAMPLED)}


def to_be_forgotten(now: datetime) -> QuerySet[Sample]:
    return Sample.objects.filter(at__lt=now - SAMPLES_KEPT)


def forget_old() -> None:
    now = timezone.now()
    to_be_forgotten(now).delete()
    Instance.objects.filter(seen__lt=now - FORGOTTEN_AFTER).delete()


def start() -> None:
    """In a thread of its own. The end of the process waits for it a moment only, whatever the database does."""
    reporter = Reporter()
    thread = threading.Thread(target=reporter.run, name="admin figures", daemon=True)
    thread.start()
    atexit.register(_farewell, reporter, thread)


def _farewell(reporter: Reporter, thread: threading.Thread) -> None:
    reporter.end()
    thread.join(FAREWELL_SECONDS)
