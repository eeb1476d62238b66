"""The pages of signing in, and where they lead: back to where the person was, or to the message being written."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.accounts import signin
from webmail.accounts.models import Person
from webmail.domains.registry import domain_at
from webmail.factors import passkeys
from webmail.factors.proving import factors_of
from webmail.factors.tries import seconds_to_wait
from webmail.mail.idn import unicode_domain

from . import preferences
from .compose import resumed
from .request import Request

# The fields of these pages' own forms. All others are of a message that was being written when the sign-in had ended.
OWN = frozenset(("code", "csrfmiddlewaretoken", "do", "next", "passkey", "password", "recovery", "username"))
WRITING = "message_id"


def safe_next(request: Request, default: str = "/folder/INBOX/") -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    return target if allowed and not target.startswith(("//", "/sign-")) else default


def is_writing(request: Request) -> bool:
    """A message came along."""
    return WRITING in request.POST


def kept_fields(request: Request) -> list[tuple[str, str]]:
    """As the form of writing brought them, or as these pages held them already."""
    if not is_writing(request):
        return []
    return [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values]


def door_page(
    request: Request,
    *,
    status: int = 200,
    error: object = "",
    ended: bool = False,
    lost: Collection[str] = (),
) -> HttpResponse:
    context = {
        "error": error,
        "ended": ended,
        "out": "out" in request.GET,
        "username": request.POST.get("username", "")[: signin.LONGEST],
        "lost": ", ".join(lost),
        "at": _at(request),
    }
    return _shown(request, "sign_in.html", context, status=status)


def _at(request: Request) -> str:
    """What a name alone is completed with here, "" for nothing."""
    domain = domain_at(request.get_host())
    return "@" + unicode_domain(domain.name) if domain.key else ""


def second_step_page(
    request: Request, person: Person, *, status: int = 200, error: object = ""
) -> HttpResponse:
    if seconds := seconds_to_wait(person):
        error = wait_words(seconds)
    context = {
        "error": error,
        "name": person.username,
        "has_codes": factors_of(person).authenticator,
        "passkey": passkeys.begin_proving(request, person),
    }
    return _shown(request, "second_step.html", context, status=status)


def second_step_address(request: Request) -> str:
    here = safe_next(request, "")
    return reverse("second-step") + (f"?{urlencode({'next': here})}" if here else "")


def arrived(request: Request, person: Person) -> HttpResponse:
    """Signed in."""
    here = safe_next(request)
    response = resumed(request, person, here) if is_writing(request) else redirect(here)
    preferences.remember_in_browser(
        response, language=person.language, theme=person.theme if person.theme != "auto" else ""
    )
    return response


def _shown(request: Request, template: str, context: dict[str, object], *, status: int) -> HttpResponse:
    context |= {"next": safe_next(request, ""), "kept": kept_fields(request)}
    response = render(request, template, context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def too_many_words(until: datetime | None) -> str:
    minutes = math.ceil((until - timezone.now()).total_seconds() / 60) if until else 0
    if minutes < 1:
        return _("There were too many tries in a short time. Wait a little, then try again.")
    if minutes < 120:
        words = ngettext(
            "There were too many tries. Wait %(count)d minute, then try again.",
            "There were too many tries. Wait %(count)d minutes, then try again.",
            minutes,
        )
        return words % {"count": minutes}
    hours = math.ceil(minutes / 60)
    words = ngettext(
        "There were too many tries. Wait %(count)d hour, then try again.",
        "There were too many tries. Wait %(count)d hours, then try again.",
        hours,
    )
    return words % {"count": hours}


def wait_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    words = ngettext(
        "There were too many wrong codes. Wait %(count)d minute, then try again.",
        "There were too many wrong codes. Wait %(count)d minutes, then try again.",
        minutes,
    )
    return words % {"count": minutes}
