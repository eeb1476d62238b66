"""Taking a row as far as it goes."""

from __future__ import annotations

import logging
import threading

from django.db.models import Q
from django.utils import timezone

from webmail.accounts.access import Access

from . import sealing
from .following import follow
from .lease import LeaseLostError, due, leased
from .models import Outgoing
from .submitting import hand_in, stop

State = Outgoing.State
_log = logging.getLogger(__name__)
awake = threading.Event()
"""Set when a row came that a worker in this process may have to wake up for."""


def wake() -> None:
    awake.set()


def work(pk: int, *, access: Access | None = None, condition: Q | None = None) -> None:
    """With the person's live `access` where they are here, else with what the row holds for itself. Nothing happens
    where somebody else has it, or where it is not in this condition (by default: due)."""
    try:
        with leased(pk, condition or due(timezone.now())) as job:
            if job is None:
                return
            row = job.row
            if access is None:
                access = sealing.open_access(row, row.person, timezone.now())
            if row.state in (State.QUEUED, State.SUBMITTING):
                hand_in(job, access)
            elif row.state == State.HANDED_OVER:
                # Whoever handed it over is no more, and nobody knows the answer.
                stop(job, "lost", state=State.UNKNOWN)
            follow(job, access)
    except LeaseLostError:
        _log.warning("The outbox lost its lease on a message; whoever took it goes on.")
