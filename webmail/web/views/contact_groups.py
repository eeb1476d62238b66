"""Groups: the list of them, making, renaming and deleting one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from webmail.accounts.access import access_of
from webmail.accounts.models import Person
from webmail.contacts import groups, limits
from webmail.contacts.errors import FullError, RefusedError

from ..contact_pages import UNDO, offering_undo, undo
from ..request import Request
from .contact import FULL

WRONG = {
    "empty": gettext_lazy("Fill in a name."),
    "taken": gettext_lazy("There is a group of that name already."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def all_groups(request: Request) -> HttpResponse:
    """Field of a POST, which makes a group: `name`."""
    person = access_of(request).person
    if request.method != "POST":
        return _page(request, person)
    name = request.POST.get("name", "")
    try:
        made = groups.save_group(person=person, name=name)
    except RefusedError as error:
        return _page(request, person, name=name, wrong=str(WRONG[error.problems[0][1]]))
    except FullError:
        return _page(request, person, name=name, wrong=str(FULL))
    return redirect("contact-group", made)


@require_POST
def change_group(request: Request, group: int) -> HttpResponse:
    """Fields: `do` "rename" with `name`, or "delete"."""
    person = access_of(request).person
    match request.POST.get("do"):
        case "rename":
            try:
                groups.save_group(person=person, name=request.POST.get("name", ""), group=group)
            except RefusedError as error:
                messages.error(request, str(WRONG[error.problems[0][1]]))
            return redirect("contact-group", group)
        case "delete":
            name, members = groups.delete_group(person=person, group=group)
            request.session[UNDO] = {"do": "group", "name": name, "contacts": members}
            return redirect(offering_undo(reverse("contact-groups")))
    raise BadRequest("not something to do")


def _page(request: Request, person: Person, *, name: str = "", wrong: str = "") -> HttpResponse:
    context = {
        "section": "groups",
        "groups": groups.list_groups(person=person),
        "name": name,
        "wrong": wrong,
        "longest": limits.GROUP_NAME,
        "undo": undo(request),
    }
    return render(request, "contacts/groups.html", context, status=422 if wrong else 200)
