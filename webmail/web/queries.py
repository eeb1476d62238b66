"""What may stand behind the `?` of an address. Anything else is a bad request, never a guess."""

from __future__ import annotations

import re

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from .converters import SectionConverter

_SECTION = re.compile(SectionConverter.regex)
_LARGEST = 0xFFFFFFFF


def page_number(text: str | None) -> int:
    """A page of a list; what lies outside is brought in by the use case."""
    return 1 if not text else max(1, number(text))


def number(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit():
        raise BadRequest("not a number")
    return _LARGEST if len(text) > 10 else min(int(text), _LARGEST)


def section(request: HttpRequest) -> str:
    """The message inside the message that is meant, "" for the message itself."""
    text = request.GET.get("section", "")
    if text and not _SECTION.fullmatch(text):
        raise BadRequest("not a part's number")
    return text


def view(request: HttpRequest) -> str:
    text = request.GET.get("view", "")
    if text not in {"", "html", "text"}:
        raise BadRequest("not a way to show a message")
    return text


def is_on(request: HttpRequest, name: str) -> bool:
    return request.GET.get(name) == "1"


def remote(request: HttpRequest) -> bool:
    """Pictures from elsewhere, asked for by the person: a link on somebody else's page can't ask (Fetch Metadata)."""
    return is_on(request, "remote") and request.headers.get("Sec-Fetch-Site") not in {
        "cross-site",
        "same-site",
    }
