"""What holds for every screen: language, zone and theme; how a failing mail server looks; what may be kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from webmail.accounts.confirming import must_set_up
from webmail.accounts.folder_choices import FolderChoices
from webmail.accounts.models import Person
from webmail.contacts.errors import NotThereError
from webmail.mailbox import errors

from . import preferences
from .addresses import folder_address
from .request import Request
from .views.errors import DATABASE_AWAY, database_away, error_page
from .views.signing import to_sign_in

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Activates the visitor's language early, the person's and their zone once it is known who asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        preferences.activate_for_visitor(request)
        request.preferences = preferences.of_visitor(request)
        try:
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        finally:
            timezone.deactivate()
        # Kept by nobody but this browser, and asked about again each time: Back stays instant, and a list that was
        # left by signing out (another cookie) is not shown again.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Cookie", "Accept-Language", "HX-Request"))
        return response

    def process_view(self, request: Request, *_view: Any) -> None:
        if isinstance(request.user, Person):
            preferences.activate_for_person(request.user)
            request.preferences = preferences.of_person(request.user)


class SecondStepFirstMiddleware:
    """Where everybody needs a second step, whoever has none sets one up before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, *_view: Any) -> HttpResponse | None:
        if not must_set_up(request):
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith("factors") or name in {"sign-out", "alive", "brand-logo"}:
            return None
        if name == "live":
            return HttpResponse(status=204)
        if request.method not in {"GET", "HEAD"}:
            return None if name == "preferences" else error_page(request, 403, reason="factor")
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": reverse("factors")})
        return redirect("factors")


class MailFaultMiddleware:
    """Every way in which a use case can end otherwise, as a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponseBase | None:
        match exception:
            case errors.SignInEndedError():
                return to_sign_in(request)
            case errors.MailServerError():
                return error_page(request, 503, reason=exception.reason, words=exception.text)
            case errors.FolderNotFoundError():
                return self._renamed(request) or error_page(request, 404, reason="folder")
            case errors.MessageNotFoundError():
                return error_page(request, 404, reason="message")
            case errors.PartNotFoundError():
                return error_page(request, 404, reason="part")
            case NotThereError():
                return error_page(request, 404, reason="contact")
            case errors.PictureError():
                return HttpResponse(status=503 if exception.busy else 404)
            case errors.FolderRenumberedError():
                return self._renumbered(request)
        return database_away(request) if isinstance(exception, DATABASE_AWAY) else None

    def _renamed(self, request: Request) -> HttpResponseBase | None:
        """A link, a bookmark or a tab with the former name of a folder that the person renamed here."""
        match, person = request.resolver_match, request.user
        if request.method not in {"GET", "HEAD"} or match is None or not isinstance(person, Person):
            return None
        former = match.kwargs.get("folder", "")
        now = FolderChoices.of(person.folder_choices).now(former)
        if now == former:
            return None
        query = request.META.get("QUERY_STRING", "")
        address = reverse(match.view_name, kwargs=match.kwargs | {"folder": now})
        return redirect(f"{address}?{query}" if query else address)

    def _renumbered(self, request: Request) -> HttpResponseBase:
        messages.warning(
            request, _("This folder was renumbered by the mail server. Here is its list as it is now.")
        )
        match = request.resolver_match
        address = folder_address(match.kwargs.get("folder", "INBOX") if match else "INBOX")
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)
