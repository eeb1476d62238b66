"""Signing in to the admin: a password of its own and a second factor, which open no mail."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.models import update_last_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from webmail.accounts.attempts import counted
from webmail.accounts.errors import TooManyAttemptsError, WrongCredentialsError
from webmail.accounts.models import Person
from webmail.signins.models import Kind

from . import second_step, session

NEXT = "next"


def sign_in(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    if isinstance(request.user, Person):
        return redirect(_next(request))
    form, status, error = AdminAuthenticationForm(request), 200, ""
    if request.method == "POST":
        form = AdminAuthenticationForm(request, request.POST)
        try:
            person = _welcomed(request, form)
        except WrongCredentialsError:
            status = 422
        except TooManyAttemptsError:
            # A form that was not looked at: an answer would say whether the password was right.
            form, status = AdminAuthenticationForm(request), 429
            error = _("There were too many tries in a short time. Wait a little, then try again.")
        else:
            if second_step.is_asked():
                return second_step.begin(request, person, then=_next(request))
            _start(request, person)
            return redirect(_next(request))
    said = {"title": _("Sign in"), "form": form, "error": error, NEXT: _next(request)}
    return TemplateResponse(request, "admin/login.html", context | said, status=status)


def second(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    person = second_step.who_waits(request)
    if person is None:
        request.session.flush()
        return redirect("admin:login")
    if request.method != "POST":
        return second_step.page(request, person, context=context, wrong=False)
    is_new = second_step.set_up(person) is not None
    code, passkey = request.POST.get("code", ""), request.POST.get("passkey", "")
    if not second_step.prove(request, person, code=code, passkey=passkey):
        return second_step.page(request, person, context=context, wrong=True)
    onwards = second_step.then(request)
    _start(request, person)
    if is_new:
        return second_step.codes_page(request, person, context=context, onwards=onwards)
    return redirect(onwards)


def sign_out(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("admin:index")
    request.session.flush()
    response = redirect("admin:login")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def change_password(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """One's own; every other session of the same person in the admin ends."""
    assert isinstance(request.user, Person)
    form = AdminPasswordChangeForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        session.renew(request, form.save())
        return redirect("admin:password_change_done")
    said = {"title": _("Change your password"), "form": form}
    return TemplateResponse(request, "registration/password_change_form.html", context | said)


def _start(request: HttpRequest, person: Person) -> None:
    session.start(request, person)
    update_last_login(Person, person)


def _welcomed(request: HttpRequest, form: AdminAuthenticationForm) -> Person:
    """Raises WrongCredentialsError, the same for every kind of no, and TooManyAttemptsError."""
    name = str(form.data.get("username", ""))[:254].lower()
    with counted(request, name, kind=Kind.ADMIN):
        person = form.get_user() if form.is_valid() else None
        if not isinstance(person, Person):
            raise WrongCredentialsError
    return person


def _next(request: HttpRequest) -> str:
    home = reverse("admin:index")
    target = request.POST.get(NEXT) or request.GET.get(NEXT) or home
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith(home)
    return target if safe else home
