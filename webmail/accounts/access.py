"""Who asks, and with which mail credentials: opened from the session and the cookie for one request."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from webmail.imap.holder import Holder
from webmail.imap.server import Password
from webmail.sealed import UnsealError, is_current, new_half, seal, unseal

from .connections import mail_server
from .errors import SignInEndedError
from .models import Person

SESSION_KEY = "credentials"


@dataclass(frozen=True, slots=True)
class Access:
    """A person and the right to their mail, for the length of a request. `sign_in` names the sign-in that it comes
    from, and is no secret; "" where there is none."""

    person: Person
    holder: Holder
    sign_in: str = ""


def access_of(request: HttpRequest) -> Access:
    """Raises SignInEndedError."""
    person = request.user
    if not isinstance(person, Person):
        raise SignInEndedError
    try:
        sign_in, sealed = request.session[SESSION_KEY]
        half = request.COOKIES[settings.CREDENTIAL_COOKIE_NAME]
        login, password = json.loads(unseal(sealed, half=half, owner=_owner(person, sign_in)))
    except (KeyError, ValueError, TypeError, UnsealError) as error:
        raise SignInEndedError from error
    if not is_current(sealed):
        fresh = seal(json.dumps([login, password]), half=half, owner=_owner(person, sign_in))
        request.session[SESSION_KEY] = [sign_in, fresh]
    return Access(person, holder_of(person, login=login, password=password), sign_in)


def holder_of(person: Person, *, login: str, password: str) -> Holder:
    return Holder(key=str(person.pk), server=mail_server(), credentials=Password(login, password))


def keep_credentials(request: HttpRequest, person: Person, *, login: str, password: str) -> str:
    """Seals them into the session; returns the half that goes into the browser's cookie."""
    half, sign_in = new_half(), secrets.token_urlsafe(16)
    sealed = seal(json.dumps([login, password]), half=half, owner=_owner(person, sign_in))
    request.session[SESSION_KEY] = [sign_in, sealed]
    return half


def _owner(person: Person, sign_in: str) -> str:
    return f"{person.pk}\0{sign_in}"
