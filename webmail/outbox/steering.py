"""What whoever administers may do with a message in the outbox without seeing it."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from . import working
from .errors import TooLateError
from .lease import free, leased
from .models import Outgoing
from .submitting import stop

State = Outgoing.State


def retry_now(*, pk: int) -> None:
    """What was tried in vain, and would be tried by itself later. Raises TooLateError where there is nothing to try:
    it went its way, waits for the time that it was written for, or for the person."""
    now = timezone.now()
    again = Q(state=State.QUEUED, attempts__gt=0) | Q(state__in=(State.ACCEPTED, State.FILED)) & ~Q(steps="")
    found = Outgoing.objects.filter(again, free(now), pk=pk, next_try__gt=now)
    if not found.update(next_try=now):
        raise TooLateError
    working.wake()


def cancel(*, pk: int) -> None:
    """Stopped for good before it goes out; its text is put back in the person's drafts. Raises TooLateError where it
    is on its way or gone."""
    with leased(pk, Q(state=State.QUEUED)) as job:
        if job is None:
            raise TooLateError
        stop(job, "stopped")
    working.wake()
