"""Recovery codes: for whoever has lost the phone or the key. Ten at a time, each good once."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from .models import RecoveryCode

COUNT: Final = 10
# Without what is taken for something else: i, l, o, u, 0, 1. Sixteen of them are 78 bits: too many to guess from a
# digest, so that a quick one will do.
LETTERS: Final = "abcdefghjkmnpqrstvwxyz23456789"
LENGTH: Final = 16
GROUP: Final = 4


def renew(person: AbstractBaseUser) -> tuple[str, ...]:
    """Ten new ones, to be shown once. Those from before are good no more."""
    codes = tuple("".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(COUNT))
    with transaction.atomic():
        RecoveryCode.objects.filter(person_id=person.pk).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person_id=person.pk, digest=_digest(person, code)) for code in codes
        )
    return tuple(_grouped(code) for code in codes)


def left(person: AbstractBaseUser) -> int:
    return RecoveryCode.objects.filter(person_id=person.pk, used=None).count()


def is_right(person: AbstractBaseUser, code: str) -> bool:
    """Each is right once. `code` without spaces and dashes."""
    if len(code) != LENGTH:
        return False
    unused = RecoveryCode.objects.filter(person_id=person.pk, digest=_digest(person, code.lower()), used=None)
    return bool(unused.update(used=timezone.now()))


def of_person(person: AbstractBaseUser, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `codes` that are this person's unused ones: what a page that shows them may give as a file."""
    digests = {_digest(person, plain): _grouped(plain) for plain in map(bare, codes[:COUNT])}
    known = RecoveryCode.objects.filter(person_id=person.pk, digest__in=digests, used=None)
    kept = set(known.values_list("digest", flat=True))
    return tuple(code for digest, code in digests.items() if digest in kept)


def bare(code: str) -> str:
    """As it is looked up, however it was typed."""
    return "".join(code.split()).replace("-", "").lower()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _digest(person: AbstractBaseUser, code: str) -> str:
    return hashlib.sha256(f"{person.pk}\0{code}".encode()).hexdigest()
