"""Who works on a row: one at a time, whichever machine it is on, and nobody for long after a crash.

A lease is taken and every step is committed by compare-and-set. It is short and kept alive by a heartbeat, so what a
process left lying is taken up as soon as its last lease has ended, however slow mail servers may be.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from .models import Outgoing

State = Outgoing.State
_log = logging.getLogger(__name__)


class LeaseLostError(Exception):
    """Somebody else has the row now: stop, and change nothing."""


def free(now: datetime) -> Q:
    """Nobody works on it."""
    return Q(lease_until=None) | Q(lease_until__lt=now)


def due(now: datetime) -> Q:
    return Q(next_try__lte=now) & free(now)


class Job:
    """A leased row. `row` is as it was last committed; `fresh`: it was accepted just now, under this lease."""

    def __init__(self, row: Outgoing) -> None:
        self.row = row
        self.fresh = False

    def commit(self, *, by: Q | None = None, **changes: Any) -> None:
        """One step, for good. LeaseLostError where the lease was lost (or what else `by` says does not hold)."""
        held = Q(pk=self.row.pk, lease=self.row.lease)
        if not Outgoing.objects.filter(held, by or Q(lease_until__gt=timezone.now())).update(**changes):
            raise LeaseLostError
        for name, value in changes.items():
            setattr(self.row, name, value)


@contextmanager
def leased(pk: int, condition: Q) -> Iterator[Job | None]:
    """A lease on this row while the block runs; None where the row is not free or not in this condition."""
    token = secrets.token_hex(16)
    now = timezone.now()
    taken = Outgoing.objects.filter(free(now), condition, pk=pk).update(lease=token, lease_until=_end(now))
    if not taken:
        yield None
        return
    ended = threading.Event()
    beat = threading.Thread(target=_keep_alive, args=(pk, token, ended), name="outbox lease", daemon=True)
    beat.start()
    try:
        yield Job(Outgoing.objects.select_related("person").get(pk=pk))
    finally:
        ended.set()
        Outgoing.objects.filter(pk=pk, lease=token).update(lease_until=None)


def _keep_alive(pk: int, token: str, ended: threading.Event) -> None:
    beaten = False
    while not ended.wait(settings.OUTBOX_LEASE_SECONDS / 3):
        now = timezone.now()
        held = Outgoing.objects.filter(pk=pk, lease=token, lease_until__gt=now)
        beaten = True
        try:
            if not held.update(lease_until=_end(now)):
                break
        except DatabaseError as error:
            _log.warning("The outbox can't keep its lease: %s", type(error).__name__)
    if beaten:
        connection.close()


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
