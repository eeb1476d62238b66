"""Signing in and out with the mail account."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode, urlsplit

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webmail.accounts import signin
from webmail.accounts.access import SESSION_KEY, access_of
from webmail.accounts.errors import (
    MailServerError,
    SecondStepNeededError,
    SecondStepOverError,
    SignInEndedError,
    TooManyAttemptsError,
    WrongCodeError,
    WrongCredentialsError,
)
from webmail.accounts.second_step import waiting
from webmail.journal import keeping

from ..door import (
    arrived,
    door_page,
    is_writing,
    safe_next,
    second_step_address,
    second_step_page,
    too_many_words,
)
from ..request import Request

# The same for every kind of no.
WRONG = _("The mail server does not know this name and password together.")
OVER = _("The second step took too long, or went wrong too often. Sign in once more.")


JSON = "application/json"


class SignInForm(forms.Form):
    username = forms.CharField(max_length=signin.LONGEST, strip=True)
    password = forms.CharField(max_length=signin.LONGEST, strip=False)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    if request.method != "POST":
        if _signed_in(request):
            return redirect(safe_next(request))
        return door_page(request, ended=bool(request.GET.get("next")))
    form = SignInForm(request.POST)
    if not form.is_valid():
        given = all(request.POST.get(name) for name in form.fields)
        return door_page(request, status=422, error=WRONG if given else _("Fill in both fields."))
    try:
        person = signin.sign_in(request, **form.cleaned_data)
    except WrongCredentialsError:
        return door_page(request, status=422, error=WRONG)
    except TooManyAttemptsError as error:
        return door_page(request, status=429, error=too_many_words(error.until))
    except MailServerError as fault:
        return door_page(request, status=503, error=_server_words(fault.reason))
    except SecondStepNeededError as needed:
        if is_writing(request):
            return second_step_page(request, needed.person)
        return redirect(second_step_address(request))
    return arrived(request, person)


@sensitive_post_parameters("code", "recovery", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: Request) -> HttpResponse:
    """Fields: `code`, `recovery` or `passkey`; `do` "again" to begin with the password anew."""
    if request.POST.get("do") == "again":
        signin.give_up(request)
        return door_page(request) if is_writing(request) else redirect("sign-in")
    try:
        person = waiting(request).person
        if request.method != "POST":
            return second_step_page(request, person)
        code = request.POST.get("code") or request.POST.get("recovery") or ""
        signin.finish(request, code=code, passkey=request.POST.get("passkey", ""))
    except WrongCodeError:
        return second_step_page(request, person, status=422, error=_wrong(request))
    except TooManyAttemptsError:
        return second_step_page(request, person, status=429)
    except SecondStepOverError:
        return door_page(request, status=422, error=OVER) if request.method == "POST" else redirect("sign-in")
    return arrived(request, person)


def _wrong(request: Request) -> object:
    if request.POST.get("passkey"):
        return _("This passkey was not accepted. Try it once more.")
    return _("This code is not right, or was used already. Try the next one.")


@require_POST
def sign_out(request: Request) -> HttpResponse:
    try:
        access = access_of(request)
    except SignInEndedError:
        pass
    else:
        keeping.forget(person_id=access.person.pk, sign_in=access.sign_in)
    signin.sign_out(request)
    response = redirect(f"{reverse('sign-in')}?out=1")
    # Pages that the browser kept for its Back button go as well, and copies of what was being written.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_safe
def alive(request: Request) -> HttpResponse:
    """Whether a page that the browser kept may be shown again: 204 for the same person, still signed in."""
    try:
        same = str(access_of(request).person.pk) == request.GET.get("person")
    except SignInEndedError:
        same = False
    return HttpResponse(status=204 if same else 401, headers={"Cache-Control": "no-store"})


def to_sign_in(request: Request) -> HttpResponse:
    """Signing in again leads back to where the person was. Credentials that the mail server no longer takes are
    forgotten, or the sign-in page would send them back at once."""
    request.session.pop(SESSION_KEY, None)
    if request.htmx:
        here = urlsplit(request.htmx.current_url_abs_path or "/")
        return HttpResponse(headers={"HX-Redirect": _address(here.path, here.query)})
    if request.method in {"GET", "HEAD"}:
        return redirect(_address(request.path, request.META.get("QUERY_STRING", "")))
    return redirect("sign-in")


def _address(path: str, query: str) -> str:
    here = f"{path}?{query}" if query else path
    return reverse("sign-in") + (f"?{urlencode({'next': here})}" if here != "/" else "")


def _signed_in(request: Request) -> bool:
    try:
        access_of(request)
    except SignInEndedError:
        return False
    return True


def sign_in_first(request: Request, *, lost: Collection[str] = ()) -> HttpResponse:
    """The sign-in page with what was being written in it; afterwards that is shown again, and nothing else done.
    `lost`: files that came just now and could not be kept for nobody."""
    request.session.pop(SESSION_KEY, None)
    if request.headers.get("Accept") == JSON:
        return JsonResponse({"words": _("You are signed out.")}, status=401)
    return door_page(request, status=401, ended=True, lost=lost)


def _server_words(reason: str) -> object:
    match reason:
        case "tls":
            return _(
                "The secure connection to the mail server could not be made. Your password was not sent."
            )
        case "busy":
            return _("The mail server has too much to do just now. Try again in a minute.")
    return _("The mail server is not answering. Your name and password may be right: try again in a moment.")
