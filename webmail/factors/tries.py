"""Guessing codes is slow: after five wrong ones in a row a person waits, each time longer, over all processes.

Whoever gets here has given the right password already, so no stranger makes somebody else wait.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from .models import WrongCodes

FREE: Final = 5
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(days=1)


def one_try(person: AbstractBaseUser, is_right: Callable[[], bool]) -> bool:
    """False without asking while the person has to wait. One at a time for each person: what `is_right` writes
    holds when the next one asks."""
    with transaction.atomic():
        wrong, _ = WrongCodes.objects.get_or_create(person_id=person.pk, defaults={"last": timezone.now()})
        wrong = WrongCodes.objects.select_for_update().get(pk=wrong.pk)
        now = timezone.now()
        if _ends(wrong) > now:
            return False
        right = is_right()
        wrong.count = 0 if right else (wrong.count + 1 if now - wrong.last < FORGOTTEN_AFTER else 1)
        wrong.last = now
        wrong.save()
    return right


def seconds_to_wait(person: AbstractBaseUser) -> int:
    """0 where a code may be tried at once."""
    wrong = WrongCodes.objects.filter(person_id=person.pk).first()
    return max(0, math.ceil((_ends(wrong) - timezone.now()).total_seconds())) if wrong else 0


def _ends(wrong: WrongCodes) -> datetime:
    if wrong.count < FREE:
        return wrong.last
    doublings = min(wrong.count - FREE, 10)
    return wrong.last + min(SHORTEST * (1 << doublings), LONGEST)
