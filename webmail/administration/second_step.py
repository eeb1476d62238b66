"""Between the password and the admin: a code or a passkey. Whoever has neither sets up an app here, and sees nothing
before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from webmail.accounts.models import Person
from webmail.factors import passkeys, recovery, totp
from webmail.factors.proving import accepts, confirm_authenticator, factors_of
from webmail.factors.tries import seconds_to_wait
from webmail.signins.events import Outcome, record
from webmail.signins.models import Kind

KEY: Final = "administration_second_step"
SECONDS: Final = 10 * 60
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class SetUp:
    """What somebody's app is told: `secret` in base32, `picture` the same as a QR code."""

    secret: str
    picture: SafeString


def is_asked() -> bool:
    return bool(settings.ADMIN_SECOND_FACTOR)


def begin(request: HttpRequest, person: Person, *, then: str) -> HttpResponse:
    request.session.flush()
    request.session[KEY] = {
        "person": person.pk,
        "fingerprint": person.get_session_auth_hash(),
        "until": int(time.time()) + SECONDS,
        "left": TRIES,
        "then": then,
    }
    request.session.set_expiry(SECONDS)
    return redirect("admin:second-step")


def who_waits(request: HttpRequest) -> Person | None:
    """Whose password was right, a short while ago and still is."""
    kept = request.session.get(KEY)
    if not kept or kept["until"] < time.time() or kept["left"] < 1:
        return None
    person = Person.objects.filter(pk=kept["person"], is_active=True, is_staff=True).first()
    if person is None or not constant_time_compare(kept["fingerprint"], person.get_session_auth_hash()):
        return None
    return person


def then(request: HttpRequest) -> str:
    return str(request.session[KEY]["then"])


def set_up(person: Person) -> SetUp | None:
    """None where they have a factor, which is then asked for: nobody with the password alone may add another."""
    if factors_of(person):
        return None
    secret = totp.begin(person)
    text = totp.address(secret, account=person.username, issuer="Ekorn admin")
    return SetUp(
        " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), SafeString(totp.picture(text))
    )


def prove(request: HttpRequest, person: Person, *, code: str, passkey: str) -> bool:
    """One try of a few. The first code of an app that is being set up counts as well."""
    if passkey:
        right = passkeys.proves(request, person, passkey)
    else:
        right = (accepts if factors_of(person) else confirm_authenticator)(person, code)
    if not right:
        name = person.get_username()
        record(request, outcome=Outcome.FACTOR, account=name, person=person, kind=Kind.ADMIN)
        kept = request.session[KEY]
        request.session[KEY] = kept | {"left": kept["left"] - 1}
    return right


def page(request: HttpRequest, person: Person, *, context: dict[str, Any], wrong: bool) -> HttpResponse:
    error = ""
    if wrong:
        error = _("That code is not right, or was used already. Wait for the next one, then try again.")
        if seconds_to_wait(person):
            error = _("There were too many wrong codes. Wait a little, then try again.")
    said = {
        "title": _("Second step"),
        "set_up": set_up(person),
        "passkey": passkeys.begin_proving(request, person),
        "error": error,
    }
    status = 422 if wrong else 200
    return TemplateResponse(request, "admin/second_step.html", context | said, status=status)


def codes_page(
    request: HttpRequest, person: Person, *, context: dict[str, Any], onwards: str
) -> HttpResponse:
    """Shown once, after the app was set up."""
    said = {"title": _("Recovery codes"), "codes": recovery.renew(person), "onwards": onwards}
    return TemplateResponse(request, "admin/recovery_codes.html", context | said)
