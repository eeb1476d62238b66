"""What may stand behind the `?` of an address. Anything else is a bad request, never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from webmail.imap.errors import LimitError, ProtocolError
from webmail.imap.sets import parse_set
from webmail.mailbox.view import View

from .converters import SectionConverter, decode_folder

_SECTION = re.compile(SectionConverter.regex)
_LARGEST = 0xFFFFFFFF
# A page holds at most 200 rows; more at once is nobody's click.
_MOST_FIELDS = 1000


def page_number(text: str | None) -> int:
    """A page of a list; what lies outside is brought in by the use case."""
    return 1 if not text else max(1, number(text))


def number(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit():
        raise BadRequest("not a number")
    return _LARGEST if len(text) > 10 else min(int(text), _LARGEST)


def uids(values: Sequence[str], most: int) -> list[int]:
    """Of form fields: each is a UID, or the set of a thread's ("1:3,7"). Together they may name so many messages."""
    if len(values) > _MOST_FIELDS:
        raise BadRequest("too many messages")
    try:
        found = dict.fromkeys(uid for value in values for uid in parse_set(value, most))
    except (ProtocolError, LimitError):
        raise BadRequest("not messages") from None
    if len(found) > most:
        raise BadRequest("too many messages")
    return list(found)


def view_of(folder: str, text: str, *, threaded: bool = False) -> View:
    """`text` is what stands behind the `?` of a list; of a list of several folders' messages with its own folder as
    `list`, where that is another than this message's."""
    try:
        view = View.from_query(folder, text, threaded=threaded)
        home = dict(parse_qsl(text)).get("list", "") if view.wide else ""
        return replace(view, folder=decode_folder(home)) if home else view
    except ValueError:
        raise BadRequest("not a view") from None


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
