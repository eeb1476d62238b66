"""Preferences, and whose pictures are always shown."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from webmail.accounts.access import access_of
from webmail.accounts.errors import SignInEndedError
from webmail.accounts.models import Person
from webmail.mailbox import reading

from ..preferences import PAGE_SIZES, remember_in_browser
from ..request import Request
from .signing import safe_next

FIELDS = ("language", "time_zone", "theme", "density", "page_size", "prefer", "keys")


@cache
def zones() -> tuple[str, ...]:
    return tuple(sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:3] != "Etc"))


if TYPE_CHECKING:
    PersonForm = forms.ModelForm[Person]
else:
    PersonForm = forms.ModelForm


class PreferencesForm(PersonForm):
    """Only what was sent is changed: a button that sets the theme says nothing about the language."""

    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)
    page_size = forms.TypedChoiceField(choices=[(size, size) for size in PAGE_SIZES], coerce=int)

    class Meta:
        model = Person
        fields = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.data):
            del self.fields[name]

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone and zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return zone


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _page(request, access_of(request).person)
    person = request.user if isinstance(request.user, Person) else Person()
    form = PreferencesForm(request.POST, instance=person)
    if not form.is_valid():
        return _refused(request, form)
    if person.pk:
        form.save()
        if person.language:
            translation.activate(person.language)
        if "density" in form.cleaned_data:
            messages.success(request, _("Saved."))
    response = redirect(safe_next(request, "/preferences/" if person.pk else "/sign-in/"))
    remember_in_browser(
        response,
        language=form.cleaned_data.get("language", ""),
        theme=form.cleaned_data.get("theme", ""),
    )
    return response


def _refused(request: Request, form: PreferencesForm) -> HttpResponse:
    try:
        person = access_of(request).person
    except SignInEndedError:
        raise BadRequest("not a preference") from None
    person.refresh_from_db()
    return _page(request, person, form=form, status=422)


def _page(
    request: Request, person: Person, *, form: PreferencesForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "chosen": person,
        "errors": form.errors if form else {},
        "zones": zones(),
        "default_zone": timezone.get_default_timezone_name(),
        "sizes": PAGE_SIZES,
        "themes": Person.Theme.choices,
        "densities": Person.Density.choices,
        "ways": Person.Prefer.choices,
        "trusted": person.trusted_senders.order_by("address"),
    }
    return render(request, "settings.html", context, status=status)


@require_POST
def trust(request: Request) -> HttpResponse:
    """Fields: `address`; `trust` "on" or "off"; `next`, where to go afterwards."""
    access = access_of(request)
    address = request.POST.get("address", "")
    if not address or len(address) > 320 or not address.isprintable():
        raise BadRequest("not an address")
    change = reading.distrust_sender if request.POST.get("trust") == "off" else reading.trust_sender
    change(access=access, address=address)
    return redirect(safe_next(request))
