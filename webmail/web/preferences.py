"""How somebody wants it: a signed-in person's own choices, a visitor's from cookies."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from webmail.accounts.models import Person

THEME_COOKIE = "theme"
COOKIE_SECONDS = 365 * 24 * 3600
LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)
PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Preferences:
    theme: str = "auto"
    density: str = "comfortable"
    keys: bool = True


def of_visitor(request: HttpRequest) -> Preferences:
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return Preferences(theme=theme if theme in Person.Theme.values else "auto")


def of_person(person: Person) -> Preferences:
    return Preferences(theme=person.theme, density=person.density, keys=person.keys)


def activate_for_visitor(request: HttpRequest) -> None:
    translation.activate(translation.get_language_from_request(request))
    timezone.deactivate()


def activate_for_person(person: Person) -> None:
    if person.language in LANGUAGES:
        translation.activate(person.language)
    if person.time_zone:
        try:
            timezone.activate(zoneinfo.ZoneInfo(person.time_zone))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            # A zone that this machine's database no longer has.
            timezone.deactivate()


def remember_in_browser(response: HttpResponse, *, language: str = "", theme: str = "") -> None:
    """So that the sign-in page and error pages speak the same language, before anybody is known."""
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), (THEME_COOKIE, theme)):
        if value:
            response.set_cookie(
                name,
                value,
                max_age=COOKIE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
