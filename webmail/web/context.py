"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from webmail.accounts.models import Person
from webmail.domains.domain import Brand
from webmail.domains.registry import domain_at, domain_of
from webmail.mail.address import Mailbox

from . import done, outgoing
from .presentation import hue_class
from .searching import Box, saved_links

# The search box of a page that shows no list.
ANYWHERE = Box()


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    face = Mailbox("", person.username) if person else None
    return {
        "person": person,
        "brand": _brand(request, person),
        "person_initials": face.initials if face else "",
        "person_hue": hue_class(face) if face else "",
        # Called only by a template that shows it.
        "outgoing_count": lambda: outgoing.count(request, person) if person else 0,
        "outgoing_notice": lambda: outgoing.notice(request, person) if person else None,
        "search": ANYWHERE,
        "saved_searches": lambda: saved_links(person, request.get_full_path()) if person else (),
        "done_notice": lambda: done.notice(request) if person else None,
        "second_step": settings.SECOND_FACTOR != "off",
        "preferences": getattr(request, "preferences", None),
        "language": get_language() or "en",
        "languages": settings.LANGUAGES,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def _brand(request: HttpRequest, person: Person | None) -> Brand:
    """Also for a page that says what is wrong: then it may not be known."""
    try:
        return (domain_of(person) if person else domain_at(request.get_host())).brand
    except (DisallowedHost, DatabaseError):
        return Brand()
