"""Deeds by sign-in: found, listed, forgotten."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from .errors import NoDeedError
from .models import Deed

SHOWN: Final = 100
SWEEP_SECONDS: Final = 3600
_swept = float("-inf")


def deed_of(*, person_id: int, sign_in: str, pk: int) -> Deed:
    """Raises NoDeedError for one of another person or sign-in."""
    found = _deeds(person_id, sign_in).filter(pk=pk).first()
    if found is None:
        raise NoDeedError
    return found


def recent(*, person_id: int, sign_in: str) -> list[Deed]:
    """The latest SHOWN, newest first."""
    return list(_deeds(person_id, sign_in).order_by("-created", "-pk")[:SHOWN])


def under_way(*, person_id: int) -> int:
    """How many are being worked on, in all this person's sign-ins."""
    working = (Deed.State.RUNNING, Deed.State.UNDOING)
    alive = timezone.now() - timedelta(seconds=LIFE_SECONDS)
    return Deed.objects.filter(person_id=person_id, state__in=working, touched__gt=alive).count()


# Without a sign of life for so long, whoever worked on it is no more.
LIFE_SECONDS: Final = 90


def is_alive(deed: Deed) -> bool:
    """Somebody works on it."""
    working = deed.state in (Deed.State.RUNNING, Deed.State.UNDOING)
    return working and timezone.now() - deed.touched < timedelta(seconds=LIFE_SECONDS)


def forget(*, person_id: int, sign_in: str) -> None:
    """The sign-in has ended. What is under way stops after its batch."""
    _deeds(person_id, sign_in).delete()


def sweep(*, force: bool = False) -> None:
    """Forgets the deeds of sign-ins that have run out; looks once an hour."""
    global _swept
    if not force and time.monotonic() - _swept < SWEEP_SECONDS:
        return
    _swept = time.monotonic()
    to_be_forgotten(timezone.now()).delete()


def to_be_forgotten(now: datetime) -> QuerySet[Deed]:
    """What sign-ins did that have run out."""
    return Deed.objects.filter(created__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE))


def _deeds(person_id: int, sign_in: str) -> QuerySet[Deed]:
    return Deed.objects.filter(person_id=person_id, sign_in=sign_in)
