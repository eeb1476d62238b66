"""Every page that says "this did not work": what happened, and what to do now."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from webmail.metrics import request_id

RETRY_SECONDS = 10
# What a database that is away, starting or ending raises.
DATABASE_AWAY: Final = (OperationalError, InterfaceError)
# What must not be on a page, not even on the page of whoever typed it.
_SECRET: Final = ("password", "code", "recovery", "passkey")
_MOST_KEPT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """`words` are those of the mail server. `retry`: the same request may work in a moment."""

    status: int
    title: str
    text: str
    icon: str = "circle-question-mark"
    words: str = ""
    retry: bool = False


def error_page(
    request: HttpRequest,
    status: int,
    *,
    reason: str = "",
    words: str = "",
    kept: Collection[tuple[str, str]] = (),
) -> HttpResponse:
    """`kept`: fields of the form that was sent, to be sent once more."""
    fault = _fault(status, reason, words)
    can_retry = fault.retry and request.method in {"GET", "HEAD"}
    context: dict[str, Any] = {"fault": fault, "can_retry": can_retry, "kept": kept}
    if status >= 500:
        context["number"] = request_id.current()
    htmx = getattr(request, "htmx", None)
    template = "error/fragment.html" if htmx else "error/page.html"
    if getattr(request, "administers", False):
        template = "admin/error.html"
    response = render(request, template, context, status=status)
    if htmx and request.method == "POST":
        # A button that failed says so at the bottom; what was on the screen stays there.
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, **_said: Any) -> HttpResponse:
    return error_page(request, 403, reason="form")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exc_info()[1], DATABASE_AWAY):
        return database_away(request)
    return error_page(request, 500)


def database_away(request: HttpRequest) -> HttpResponse:
    """Made without asking the database, not even who this is. What was typed is on it, to be sent once more."""
    request.user = AnonymousUser()
    return error_page(request, 503, reason="database", kept=_typed(request))


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that a browser sent. Files are not read for it: they would lie about on the disk."""
    if request.method != "POST" or int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_KEPT:
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (OSError, ValueError):
        return []
    return [] if any(secret in name for name, _ in fields for secret in _SECRET) else fields


def _fault(status: int, reason: str, words: str) -> Fault:
    match status, reason:
        case 404, "folder":
            text = _("It may have been renamed or deleted, perhaps from another program.")
            return Fault(404, _("There is no such folder"), text, icon="folder-x")
        case 404, "message":
            text = _("It was moved or deleted, perhaps from another program.")
            return Fault(404, _("The message is not here any more"), text, icon="mail-x")
        case 404, "part":
            return Fault(
                404, _("The message has no such part"), _("Open the message and try from there."), "file-x"
            )
        case 404, "contact":
            text = _("It was deleted, perhaps in another window.")
            return Fault(404, _("There is no such contact or group"), text, icon="user-x")
        case 404, _any:
            text = _("The address leads nowhere. Your mail is where it was.")
            return Fault(404, _("There is nothing here"), text, icon="map-pin-off")
        case 403, "form":
            text = _(
                "The form was too old, or cookies are blocked for this site. Go back, reload and try once more."
            )
            return Fault(403, _("That form can't be used any more"), text, icon="shield-x")
        case 403, "factor":
            text = _(
                "This service asks everybody for a second step at sign-in. Go back to keep what you wrote, set the "
                "step up in another window, then try again."
            )
            return Fault(403, _("Set up your second step first"), text, icon="shield-x")
        case 403, _any:
            return Fault(
                403, _("This is not yours to open"), _("You are not allowed to do this."), "shield-x"
            )
        case 413, _any:
            return Fault(413, _("That was too much at once"), _("Send less, or in several turns."), "weight")
        case 429, _any:
            text = _("There were too many tries in a short time. Wait a little, then try again.")
            return Fault(429, _("One moment, please"), text, icon="hourglass", retry=True)
        case 503, "database":
            text = _(
                "It usually passes within a minute. You are still signed in, and your mail is where it was."
            )
            return Fault(503, _("A part of this service is not answering"), text, "server-off", retry=True)
        case 503, _any:
            title, text = _mail_server(reason)
            return Fault(503, title, text, icon="server-off", words=words, retry=True)
        case 500, _any:
            text = _("The fault is ours and has been noted. Nothing in your mailbox was lost.")
            return Fault(500, _("Something broke here"), text, icon="bug", retry=True)
    return Fault(status, _("That can't be understood"), _("The address or the form was not complete."))


def _mail_server(reason: str) -> tuple[str, str]:
    stay = _("You are still signed in.")
    match reason:
        case "timeout":
            return _("The mail server takes too long"), _("It did not answer in time.") + " " + stay
        case "tls":
            text = _(
                "The secure connection to the mail server could not be made. Tell whoever runs this service."
            )
            return _("No secure connection to the mail server"), text
        case "busy":
            text = _(
                "It has too much to do, or too many connections from you. It usually passes within a minute."
            )
            return _("The mail server is busy"), text + " " + stay
        case "refused":
            return _("The mail server refused"), _("It understood, but would not do it.") + " " + stay
    return _("The mail server is not answering"), _("It can't be reached just now.") + " " + stay
