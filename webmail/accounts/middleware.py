from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from webmail.signins.sessions import session_of

from .connections import hub
from .models import Person
from .signin import set_credential_cookie


class PersonMiddleware(AuthenticationMiddleware):
    """Who asks came with the session's row, in one query; whatever is unusual about it is Django's to judge."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]  # as Django's


def _person_of(request: HttpRequest) -> Person | AnonymousUser:
    session = session_of(request)
    claimed, row = session.get(SESSION_KEY), session.row
    person = row._state.fields_cache.get("person") if row is not None else None
    if (
        isinstance(person, Person)
        and person.is_active
        and str(person.pk) == claimed
        and constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    ):
        return person
    return get_user(request)


class CredentialCookieMiddleware:
    """The browser's half of the sealing key comes with a sign-in and goes with a sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        set_credential_cookie(request, response)
        return response


class PokeMiddleware:
    """What a person has just changed here shows on their other pages at once, where the server does not tell."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and isinstance(request.user, Person):
            hub().poke(str(request.user.pk))
        return response
