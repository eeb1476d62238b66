from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .connections import hub
from .models import Person
from .signin import set_credential_cookie


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
