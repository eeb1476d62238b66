"""Sign-ins to mail that were ended, told to all processes: whatever they keep open for the person ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone

from .models import Ending

ended = Signal()
"""Sent in the process that ends them, with `person_id`."""

# The clocks of two hosts may differ by so much, and a transaction take so long.
_OVERLAP: Final = timedelta(seconds=60)


def tell(*, person_id: int, sessions: Iterable[str] = ("",)) -> None:
    """These sessions of theirs have ended; "" for all."""
    Ending.objects.bulk_create([Ending(person_id=person_id, session=session) for session in sessions])
    ended.send(Ending, person_id=person_id)


def was_ended(*, person_id: int, session: str) -> bool:
    return Ending.objects.filter(person_id=person_id, session__in=("", session)).exists()


def to_be_forgotten(now: datetime) -> QuerySet[Ending]:
    """What was said of sessions that have all run out by now."""
    return Ending.objects.filter(at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE))


class Follower:
    """Whose sign-ins were ended since it last looked, wherever that was. For one thread."""

    def __init__(self) -> None:
        self._seen: set[int] = {key for key, _ in self._latest()}

    def news(self) -> set[int]:
        """Keys of people; one query."""
        latest = self._latest()
        found = {person_id for key, person_id in latest if key not in self._seen}
        self._seen = {key for key, _ in latest}
        return found

    @staticmethod
    def _latest() -> list[tuple[int, int]]:
        recent = Ending.objects.filter(at__gt=timezone.now() - _OVERLAP)
        return list(recent.values_list("pk", "person_id"))
