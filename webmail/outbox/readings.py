"""What waits to be sent, of everybody in the database: the same figures from every instance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Min
from django.utils import timezone

from webmail.metrics import Reading

from .models import Outgoing

WAITING: Final = (Outgoing.State.QUEUED, Outgoing.State.SUBMITTING, Outgoing.State.HANDED_OVER)


def outbox_readings() -> Iterator[Reading]:
    """One query."""
    now = timezone.now()
    rows = Outgoing.objects.filter(state__in=WAITING, next_try__isnull=False).order_by()
    found = {
        state: (count, oldest)
        for state, count, oldest in rows.values_list("state").annotate(Count("pk"), Min("next_try"))
    }
    yield Reading(
        "ekorn_outbox_waiting",
        "Messages in the database that are not sent yet.",
        {state.value: found.get(state.value, (0, None))[0] for state in WAITING},
        label="state",
    )
    due = [(now - oldest).total_seconds() for _, oldest in found.values()]
    yield Reading("ekorn_outbox_overdue_seconds", "For how long the next of them is due.", max([0.0, *due]))
