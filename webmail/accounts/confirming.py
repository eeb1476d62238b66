"""That it is still the person who signed in: asked again before their second factor is changed."""

from __future__ import annotations

import time
from hmac import compare_digest
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from webmail.factors import passkeys
from webmail.factors.proving import accepts, has_factor
from webmail.imap.server import Password

from .access import Access
from .models import Person

PROVED_AT: Final = "proved_at"
SET_UP_FIRST: Final = "set_up_first"
FRESH_SECONDS: Final = 15 * 60


def freshen(request: HttpRequest) -> None:
    request.session[PROVED_AT] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Proved a quarter of an hour ago or less, by signing in or anew."""
    proved_at: int = request.session.get(PROVED_AT, 0)
    return 0 <= time.time() - proved_at < FRESH_SECONDS


def confirm(request: HttpRequest, access: Access, *, proof: str = "", passkey: str = "") -> bool:
    """`proof` is a code of the app, a recovery code, or the mail password of this sign-in; wrong ones are limited
    as codes are."""
    person, known = access.person, access.holder.credentials

    def is_password() -> bool:
        return isinstance(known, Password) and compare_digest(known.password.encode(), proof.encode())

    if passkeys.proves(request, person, passkey) if passkey else accepts(person, proof, or_else=is_password):
        freshen(request)
        return True
    return False


def remember_factor(request: HttpRequest, person: Person) -> None:
    """Whether one has to be set up before anything else; in the session, so that no page has to ask the database."""
    if settings.SECOND_FACTOR == "required" and not has_factor(person):
        request.session[SET_UP_FIRST] = True
    else:
        request.session.pop(SET_UP_FIRST, None)


def must_set_up(request: HttpRequest) -> bool:
    """This service requires a second factor, and the person signed in here has none."""
    return settings.SECOND_FACTOR == "required" and SET_UP_FIRST in request.session
