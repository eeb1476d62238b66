"""Preferences for reading and for writing, and whose pictures are always shown."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from webmail.accounts.access import access_of
from webmail.accounts.errors import SignInEndedError
from webmail.accounts.models import Person
from webmail.mailbox import reading

from ..door import safe_next
from ..preferences import PAGE_SIZES, remember_in_browser
from ..request import Request

# What is offered of the 0 to 60 seconds in which a sending can be undone.
WAITS = (0, 5, 10, 20, 30, 60)
# What is offered of the 0 to 60 minutes after which a list without script looks for new mail.
REFRESHES = (0, 1, 5, 15)


@cache
def zones() -> tuple[str, ...]:
    return tuple(sorted(name for name in zoneinfo.available_timezones() if "/" in name and name[:3] != "Etc"))


if TYPE_CHECKING:
    PersonForm = forms.ModelForm[Person]
else:
    PersonForm = forms.ModelForm


@cache
def languages() -> tuple[tuple[str, str], ...]:
    """Every language that Django knows the own name of, as (code, name)."""
    named = [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info]
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))


class SentForm(PersonForm):
    """Only what was sent is changed: a button that sets the theme says nothing about the language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.data):
            del self.fields[name]


class PreferencesForm(SentForm):
    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False)
    page_size = forms.TypedChoiceField(choices=[(size, size) for size in PAGE_SIZES], coerce=int)

    class Meta:
        model = Person
        fields = (
            "language",
            "time_zone",
            "theme",
            "density",
            "page_size",
            "prefer",
            "conversations",
            "keys",
            "after_filing",
            "archive_by",
            "refresh_minutes",
        )

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone and zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return zone


class WritingForm(SentForm):
    spell_language = forms.ChoiceField(choices=lambda: [("", ""), *languages()], required=False)

    class Meta:
        model = Person
        fields = (
            "compose",
            "spell_language",
            "quote",
            "quote_position",
            "signature_on_reply",
            "signature_above_quote",
            "undo_seconds",
            "save_sent",
            "collect_recipients",
            "request_receipts",
            "answer_receipts",
        )


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
        "section": "general",
        "chosen": person,
        "errors": form.errors if form else {},
        "zones": zones(),
        "default_zone": timezone.get_default_timezone_name(),
        "sizes": [(size, size) for size in PAGE_SIZES],
        "themes": Person.Theme.choices,
        "densities": Person.Density.choices,
        "ways": Person.Prefer.choices,
        "afterwards": Person.AfterFiling.choices,
        "archives": Person.ArchiveBy.choices,
        "refreshes": [(minutes, _minutes_label(minutes)) for minutes in REFRESHES],
        "trusted": person.trusted_senders.order_by("address"),
    }
    return render(request, "settings/general.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def writing(request: Request) -> HttpResponse:
    person = access_of(request).person
    status = 200
    if request.method == "POST":
        form = WritingForm(request.POST, instance=person)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("writing-preferences")
        person.refresh_from_db()
        status = 422
    context = {
        "section": "writing",
        "chosen": person,
        "formats": Person.Format.choices,
        "spell_languages": languages(),
        "positions": Person.QuotePosition.choices,
        "waits": [(wait, _wait_label(wait)) for wait in sorted({*WAITS, person.undo_seconds})],
        "answers": Person.AnswerReceipts.choices,
    }
    return render(request, "settings/writing.html", context, status=status)


def _minutes_label(minutes: int) -> str:
    return (
        ngettext("Every minute", "Every %(count)d minutes", minutes) % {"count": minutes}
        if minutes
        else _("Never")
    )


def _wait_label(seconds: int) -> str:
    return (
        ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
        if seconds
        else _("No time: it goes at once")
    )


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
