"""Whether somebody has a second proof, whether this is one, and an end to all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from . import recovery, totp
from .models import Authenticator, Passkey, RecoveryCode, WrongCodes
from .tries import one_try

# What is longer was never a code of ours.
LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has."""

    authenticator: bool
    passkeys: int

    def __bool__(self) -> bool:
        return self.authenticator or self.passkeys > 0


def factors_of(person: AbstractBaseUser) -> Factors:
    confirmed = Authenticator.objects.filter(person_id=person.pk).exclude(confirmed=None)
    return Factors(
        authenticator=confirmed.exists(), passkeys=Passkey.objects.filter(person_id=person.pk).count()
    )


def has_factor(person: AbstractBaseUser) -> bool:
    """An app or a passkey. Recovery codes stand in for these and are none by themselves."""
    return bool(factors_of(person))


def accepts(person: AbstractBaseUser, code: str, *, or_else: Callable[[], bool] = lambda: False) -> bool:
    """A code of the app or a recovery code, as typed; each is taken once, over all processes. After five wrong ones
    in a row False for everything until `tries.seconds_to_wait` are over. `or_else` is another proof, limited alike."""
    plain = recovery.bare(code[:LONGEST])
    return one_try(
        person, lambda: totp.is_right(person, plain) or recovery.is_right(person, plain) or or_else()
    )


def confirm_authenticator(person: AbstractBaseUser, code: str) -> bool:
    """The first right code of an app that `totp.begin` gave its secret to; limited as `accepts` is."""
    plain = recovery.bare(code[:LONGEST])
    return one_try(person, lambda: totp.confirm(person, plain))


def forget_authenticator(person: AbstractBaseUser) -> None:
    Authenticator.objects.filter(person_id=person.pk).delete()
    _tidy(person)


def forget_passkey(person: AbstractBaseUser, pk: int) -> bool:
    """False where it is not there (any more)."""
    found, _ = Passkey.objects.filter(person_id=person.pk, pk=pk).delete()
    _tidy(person)
    return bool(found)


def forget_all(person: AbstractBaseUser) -> None:
    """For somebody who has lost everything: the password alone signs in until a factor is set up anew."""
    with transaction.atomic():
        for model in (Authenticator, Passkey, RecoveryCode, WrongCodes):
            model._default_manager.filter(person_id=person.pk).delete()


def _tidy(person: AbstractBaseUser) -> None:
    """Recovery codes end with the last factor that they stand in for."""
    if not has_factor(person):
        RecoveryCode.objects.filter(person_id=person.pk).delete()
