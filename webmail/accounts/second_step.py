"""Between the mail server's yes and the session: somebody with a second factor proves that as well.

Until then a session of nobody's holds the password, sealed as ever with half of the key in the browser's cookie, for
five minutes and five tries. Nothing of the mailbox is reached by it.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from webmail.domains.registry import domain_of
from webmail.factors import passkeys
from webmail.factors.proving import accepts, has_factor
from webmail.factors.tries import seconds_to_wait
from webmail.sealed import UnsealError, new_half, seal, unseal
from webmail.signins import events
from webmail.signins.models import SignInEvent

from .errors import SecondStepOverError, TooManyAttemptsError, WrongCodeError
from .models import Person

KEY: Final = "second_step"
SECONDS: Final = 5 * 60
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    person: Person
    login: str
    password: str = field(repr=False)


def is_asked(person: Person) -> bool:
    return settings.SECOND_FACTOR != "off" and has_factor(person)


def begin(request: HttpRequest, person: Person, *, login: str, password: str) -> str:
    """Ends the session that there was; returns the half of the key for the browser's cookie."""
    request.session.flush()
    half, until = new_half(), int(time.time()) + SECONDS
    sealed = seal(json.dumps([login, password]), half=half, owner=_owner(person, until))
    request.session.set_expiry(SECONDS)
    request.session[KEY] = {"person": person.pk, "until": until, "left": TRIES, "sealed": sealed}
    return half


def waiting(request: HttpRequest) -> Waiting:
    """Raises SecondStepOverError."""
    kept = request.session.get(KEY)
    if kept is None:
        raise SecondStepOverError
    try:
        if kept["until"] < time.time() or kept["left"] < 1:
            raise SecondStepOverError
        half = request.COOKIES[settings.CREDENTIAL_COOKIE_NAME]
        person = Person.objects.get(pk=kept["person"], is_active=True)
        login, password = json.loads(unseal(kept["sealed"], half=half, owner=_owner(person, kept["until"])))
        return Waiting(person, login, password)
    except (KeyError, UnsealError, Person.DoesNotExist) as error:
        raise SecondStepOverError from error


def prove(request: HttpRequest, *, code: str = "", passkey: str = "") -> Waiting:
    """One try, with a code of the app, a recovery code, or what the browser answered for a passkey.

    Raises WrongCodeError, SecondStepOverError when there is no further try, and TooManyAttemptsError where somebody
    has to wait before the next code.
    """
    one = waiting(request)
    if not passkey and seconds_to_wait(one.person):
        raise TooManyAttemptsError
    if passkeys.proves(request, one.person, passkey) if passkey else accepts(one.person, code):
        return one
    account = one.person.username
    events.record(request, outcome=SignInEvent.Outcome.FACTOR, account=account, person=one.person)
    kept = request.session[KEY]
    request.session[KEY] = kept | {"left": kept["left"] - 1}
    if kept["left"] <= 1:
        give_up(request)
        raise SecondStepOverError
    raise WrongCodeError


def give_up(request: HttpRequest) -> None:
    request.session.flush()


def _owner(person: Person, until: int) -> str:
    """Bound to the servers of the person's domain, as what follows is."""
    return "\0".join(filter(None, ("second step", str(person.pk), str(until), domain_of(person).seal)))
