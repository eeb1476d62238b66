"""The session of the admin is none of mail: a cookie of its own, valid below the admin's address alone.

Who has signed in stands in it under a key of ours. Where one session's id is put into the other's cookie, nobody is
signed in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from webmail.accounts.models import Person
from webmail.signins import sessions
from webmail.signins.models import Kind
from webmail.signins.store import SessionStore

MARK: Final = "administration"
# An hour without a click ends it; each minute of use is written down.
_TOUCH_SECONDS: Final = 60


class AdminSessionMiddleware:
    """Below the admin's address `request.session` and `request.user` are the admin's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_admin(request):
            return self.get_response(request)
        request.administers = True  # type: ignore[attr-defined]  # for error pages, which are the admin's then
        mail, key = request.session, request.COOKIES.get(settings.ADMIN_COOKIE_NAME)
        request.session = SessionStore(key)
        try:
            response = self.get_response(request)
            _keep(request, response)
        finally:
            request.session = mail
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if is_admin(request):
            request.user = SimpleLazyObject(lambda: _signed_in(request))  # type: ignore[assignment]  # as Django's


def is_admin(request: HttpRequest) -> bool:
    return settings.ADMIN and request.path_info.startswith(f"/{settings.ADMIN_PATH}")


def start(request: HttpRequest, person: Person) -> None:
    """A fresh session for who has shown everything that was asked for."""
    request.session.flush()
    request.session[MARK] = [person.pk, person.get_session_auth_hash(), int(time.time())]
    request.session.set_expiry(settings.ADMIN_SESSION_SECONDS)
    sessions.begin(request, person=person, kind=Kind.ADMIN)
    request.user = person


def renew(request: HttpRequest, person: Person) -> None:
    """The person has another password: this session goes on, their others end."""
    request.session.cycle_key()
    request.session[MARK] = [person.pk, person.get_session_auth_hash(), int(time.time())]


def _signed_in(request: HttpRequest) -> Person | AnonymousUser:
    try:
        pk, fingerprint, touched = request.session[MARK]
    except (KeyError, ValueError, TypeError):
        return AnonymousUser()
    person = Person.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    if person is None or not constant_time_compare(fingerprint, person.get_session_auth_hash()):
        request.session.flush()
        return AnonymousUser()
    if time.time() - touched > _TOUCH_SECONDS:
        request.session[MARK] = [pk, fingerprint, int(time.time())]
    return person


def _keep(request: HttpRequest, response: HttpResponse) -> None:
    session, path = request.session, f"/{settings.ADMIN_PATH}"
    gone = session.is_empty()
    if not gone and session.modified and response.status_code < 500:
        try:
            session.save()
        except UpdateError:  # It was ended while this request ran.
            gone = True
        else:
            response.set_cookie(
                settings.ADMIN_COOKIE_NAME,
                session.session_key or "",
                max_age=session.get_expiry_age(),
                path=path,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Strict",
            )
    if gone and settings.ADMIN_COOKIE_NAME in request.COOKIES:
        response.delete_cookie(settings.ADMIN_COOKIE_NAME, path=path, samesite="Strict")
