"""The second step at sign-in, in the settings: set up, changed, taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webmail.accounts import confirming
from webmail.accounts.access import Access, access_of
from webmail.domains.registry import domain_of
from webmail.factors import passkeys, proving, recovery, totp
from webmail.factors.models import NAME
from webmail.factors.passkeys import PasskeyError
from webmail.factors.tries import seconds_to_wait

from ..door import safe_next, wait_words
from ..request import Request

# Of ten recovery codes: time for new ones.
FEW = 3


def _page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view who asks; there are no such pages where the second step is off, and nobody keeps one."""

    @wraps(view)
    def shown(request: Request, **parts: Any) -> HttpResponse:
        if settings.SECOND_FACTOR == "off":
            raise Http404
        response = view(request, access_of(request), **parts)
        response.headers["Cache-Control"] = "no-store"
        return response

    return shown


def _posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address of a form's answer leads to the page of the form."""

    @wraps(view)
    def shown(request: Request, access: Access, **parts: Any) -> HttpResponse:
        return view(request, access, **parts) if request.method == "POST" else redirect("factors")

    return shown


def _fresh(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only shortly after the person proved who they are; otherwise they do that first."""

    @wraps(view)
    def shown(request: Request, access: Access, **parts: Any) -> HttpResponse:
        if confirming.is_fresh(request):
            return view(request, access, **parts)
        here = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("factors")
        return redirect(f"{reverse('factors-confirm')}?{urlencode({'next': here})}")

    return shown


@require_safe
@_page
def overview(request: Request, access: Access) -> HttpResponse:
    return _overview(request, access)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@_page
@_fresh
@sensitive_variables("secret", "address")
def app(request: Request, access: Access) -> HttpResponse:
    """A POST's `code` is the app's first."""
    person, wrong = access.person, ""
    if request.method == "POST":
        if proving.confirm_authenticator(person, request.POST.get("code", "")):
            return _gained(request, access, _("Your authenticator app is set up."))
        wrong = _not_right(access)
    if not (secret := totp.begin(person)):
        return redirect("factors")
    address = totp.address(secret, account=person.username, issuer=_service(access))
    context = {
        "section": "factors",
        "picture": totp.picture(address),
        "address": address,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "wrong": wrong,
    }
    return render(request, "factors/app.html", context, status=422 if wrong else 200)


@_page
@_posted
@_fresh
def add_passkey(request: Request, access: Access) -> HttpResponse:
    """`passkey` is what the browser answered, `name` what the person calls it."""
    name = _name(request) or _("Passkey {number}").format(number=len(passkeys.passkeys_of(access.person)) + 1)
    try:
        passkeys.finish_making(request, access.person, answer=request.POST.get("passkey", ""), name=name)
    except PasskeyError as error:
        return _overview(request, access, wrong=_passkey_words(error.reason), typed=name, status=422)
    return _gained(request, access, _("The passkey {name} was added.").format(name=name))


@_page
@_posted
@_fresh
def rename_passkey(request: Request, access: Access, *, pk: int) -> HttpResponse:
    name = _name(request)
    if not name:
        return _overview(request, access, wrong=_("A passkey needs a name."), status=422)
    if not passkeys.rename(access.person, pk, name):
        raise Http404
    messages.success(request, _("Saved."))
    return redirect("factors")


@_page
@_posted
@_fresh
def new_codes(request: Request, access: Access) -> HttpResponse:
    if not proving.has_factor(access.person):
        return redirect("factors")
    return _codes(request, recovery.renew(access.person))


@sensitive_post_parameters()
@require_POST
@_page
@sensitive_variables("codes")
def save_codes(request: Request, access: Access) -> HttpResponse:
    """The codes that the page shows just now, as a file: they are kept nowhere else. Fields: `code`, many."""
    codes = recovery.of_person(access.person, tuple(request.POST.getlist("code")))
    if not codes:
        raise Http404
    lines = (_("Recovery codes for {name}. Each is good once.").format(name=access.person), "", *codes, "")
    return HttpResponse(
        "\r\n".join(lines),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )


@sensitive_post_parameters("proof", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
@_page
def confirm(request: Request, access: Access) -> HttpResponse:
    """That it is still the person: `proof` or `passkey`, and `next`."""
    here = safe_next(request, reverse("factors"))
    wrong = ""
    if request.method == "POST":
        if _proves(request, access):
            return redirect(here)
        wrong = _not_right(access)
    return _asks(request, access, "factors/confirm.html", wrong=wrong, next=here)


@sensitive_post_parameters("proof", "passkey")
@require_http_methods(["GET", "HEAD", "POST"])
@_page
def remove(request: Request, access: Access) -> HttpResponse:
    """`what` is "app", "all" or a passkey's number; `proof` or `passkey` always come along."""
    person = access.person
    what = request.POST.get("what") or request.GET.get("what") or ""
    keys = {str(key.pk): key for key in passkeys.passkeys_of(person)}
    if what not in {"app", "all", *keys}:
        raise Http404
    wrong = ""
    if request.method == "POST":
        if _proves(request, access):
            _forget(access, what)
            confirming.remember_factor(request, access.person)
            messages.success(request, _("Saved."))
            return redirect("factors")
        wrong = _not_right(access)
    return _asks(request, access, "factors/remove.html", wrong=wrong, what=what, key=keys.get(what))


def _forget(access: Access, what: str) -> None:
    match what:
        case "app":
            proving.forget_authenticator(access.person)
        case "all":
            proving.forget_all(access.person)
        case _:
            proving.forget_passkey(access.person, int(what))


def _proves(request: Request, access: Access) -> bool:
    return confirming.confirm(
        request, access, proof=request.POST.get("proof", ""), passkey=request.POST.get("passkey", "")
    )


def _gained(request: Request, access: Access, words: str) -> HttpResponse:
    """With the first factor come recovery codes."""
    confirming.remember_factor(request, access.person)
    messages.success(request, words)
    if recovery.left(access.person):
        return redirect("factors")
    return _codes(request, recovery.renew(access.person))


@sensitive_variables("codes")
def _codes(request: Request, codes: tuple[str, ...]) -> HttpResponse:
    return render(request, "factors/codes.html", {"section": "factors", "codes": codes})


def _asks(request: Request, access: Access, template: str, *, wrong: str, **more: object) -> HttpResponse:
    context = {
        "section": "factors",
        "wrong": wrong,
        "has": proving.factors_of(access.person),
        "passkey": passkeys.begin_proving(request, access.person),
        **more,
    }
    return render(request, template, context, status=422 if wrong else 200)


def _overview(
    request: Request, access: Access, *, wrong: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    person = access.person
    has, fresh = proving.factors_of(person), confirming.is_fresh(request)
    left = recovery.left(person)
    context = {
        "section": "factors",
        "has": has,
        "fresh": fresh,
        "required": settings.SECOND_FACTOR == "required",
        "keys": passkeys.passkeys_of(person),
        "left": ngettext("%(count)d code is left.", "%(count)d codes are left.", left) % {"count": left},
        "few": left <= FEW,
        "making": passkeys.begin_making(request, person, service=_service(access)) if fresh else None,
        "longest": NAME,
        "wrong": wrong,
        "typed": typed,
    }
    return render(request, "factors/overview.html", context, status=status)


def _service(access: Access) -> str:
    """As the app and the device show it."""
    return domain_of(access.person).brand.name or "Ekorn"


def _name(request: Request) -> str:
    return "".join(filter(str.isprintable, request.POST.get("name", "")))[:NAME].strip()


def _not_right(access: Access) -> str:
    seconds = seconds_to_wait(access.person)
    return wait_words(seconds) if seconds else _("That is not right, or was used already.")


def _passkey_words(reason: str) -> str:
    match reason:
        case "there":
            return _("This passkey is kept already.")
        case "many":
            return _("There is no room for more passkeys. Remove one that you don't use.")
    return _("The passkey was not added. Try it once more.")
