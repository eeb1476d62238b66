from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import known
from .address import client_address
from .sessions import session_of

# How exactly it is known when a session was last used.
TOUCHED_EVERY: Final = timedelta(minutes=5)


class SignInsMiddleware:
    """Keeps when and from where a session was last used, and makes a browser a known device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        known.set_cookie(request, response)
        session = session_of(request)
        row = session.row
        now = timezone.now()
        if row is not None and row.person_id and now - row.last_used > TOUCHED_EVERY:
            session.touch(address=client_address(request) or None, now=now)
        return response
