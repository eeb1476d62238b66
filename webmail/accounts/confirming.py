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
HAS_FACTOR: Final = "has_factor"
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


def has_factor_now(request: HttpRequest) -> None:
    """Remembered in the session, so that no page has to ask the database."""
    request.session[HAS_FACTOR] = True


def must_set_up(request: HttpRequest) -> bool:
    """This service requires a second factor, and the person signed in here has none."""
    if settings.SECOND_FACTOR != "required" or not isinstance(request.user, Person):
        return False
    if request.session.get(HAS_FACTOR):
        return False
    if has_factor(request.user):
        has_factor_now(request)
        return False
    return True
