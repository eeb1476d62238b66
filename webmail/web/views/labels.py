"""The settings screen of labels: names and colours of keywords."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from webmail.accounts import labels as keeping
from webmail.accounts.access import access_of
from webmail.accounts.labels import COLOURS, LabelError
from webmail.accounts.models import Person

from ..request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def labels(request: Request) -> HttpResponse:
    """Fields of POST: `do` ("add", "change", "remove"), `keyword` of the latter two, `name` and `colour`."""
    person = access_of(request).person
    wrong, status = "", 200
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("do", ""))
        if action is None:
            raise BadRequest("not something to do")
        if any(character < " " for value in request.POST.dict().values() for character in str(value)):
            raise BadRequest("not a label")
        try:
            action(person, request.POST)
        except LabelError as error:
            wrong, status = _words(error.reason), 422
        else:
            messages.success(request, _("Saved."))
            return redirect("labels")
    context = {
        "section": "labels",
        "labels": keeping.labels_of(person=person),
        "colours": [(colour, _colour(colour)) for colour in COLOURS],
        "wrong": wrong,
        "typed": request.POST.get("name", "") if wrong and request.POST.get("do") == "add" else "",
        "longest": keeping.LONGEST,
    }
    return render(request, "settings/labels.html", context, status=status)


def _add(person: Person, data: QueryDict) -> None:
    keeping.add_label(person=person, name=data.get("name", ""), colour=data.get("colour", ""))


def _change(person: Person, data: QueryDict) -> None:
    keeping.change_label(
        person=person,
        keyword=data.get("keyword", ""),
        name=data.get("name", ""),
        colour=data.get("colour", ""),
    )


def _remove(person: Person, data: QueryDict) -> None:
    keeping.remove_label(person=person, keyword=data.get("keyword", ""))


ACTIONS: dict[str, Callable[[Person, QueryDict], None]] = {"add": _add, "change": _change, "remove": _remove}


def _words(reason: str) -> str:
    match reason:
        case "taken":
            return _("There is a label of that name already.")
        case "many":
            return _("There are too many labels. Remove one first.")
        case "gone":
            return _("That label was removed meanwhile.")
        case "colour":
            return _("Choose one of the colours.")
    return _("Give it a name of at most {count} characters.").format(count=keeping.LONGEST)


def _colour(colour: str) -> str:
    match colour:
        case "red":
            return _("Red")
        case "amber":
            return _("Amber")
        case "green":
            return _("Green")
        case "teal":
            return _("Teal")
        case "blue":
            return _("Blue")
        case "violet":
            return _("Violet")
        case "pink":
            return _("Pink")
    return _("Grey")
