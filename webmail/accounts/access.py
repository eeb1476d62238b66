"""Who asks, and with which mail credentials: opened from the session and the cookie for one request."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from webmail.domains.domain import Domain
from webmail.domains.registry import domain_of
from webmail.imap.holder import Holder, Room
from webmail.imap.server import Password
from webmail.sealed import UnsealError, is_current, new_half, seal, unseal

from .connections import server_of
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

    @property
    def domain(self) -> Domain:
        return domain_of(self.person)


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
    """Raises MailServerError where the person's domain has no usable server."""
    domain = domain_of(person)
    room = Room(domain.connections, domain.streams, domain.threads)
    return Holder(
        key=str(person.pk), server=server_of(domain), credentials=Password(login, password), room=room
    )


def keep_credentials(request: HttpRequest, person: Person, *, login: str, password: str) -> str:
    """Seals them into the session; returns the half that goes into the browser's cookie."""
    half, sign_in = new_half(), secrets.token_urlsafe(16)
    sealed = seal(json.dumps([login, password]), half=half, owner=_owner(person, sign_in))
    request.session[SESSION_KEY] = [sign_in, sealed]
    return half


def _owner(person: Person, sign_in: str) -> str:
    """Bound to the servers of the person's domain as well: what was sealed for others opens nothing."""
    return "\0".join(filter(None, (str(person.pk), sign_in, domain_of(person).seal)))
