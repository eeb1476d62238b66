"""Searches that a person keeps: their screen, and the buttons that add and change them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from webmail.accounts import searches as keeping
from webmail.accounts.access import access_of
from webmail.accounts.models import Person
from webmail.accounts.searches import Saved, SearchError
from webmail.mailbox import reading

from ..addresses import view_address
from ..queries import view_of
from ..request import Request
from ..searching import suggested_name
from ..tree import render_folders

# In the session: what was removed last, and where it stood.
REMOVED = "search-removed"
STEPS = {"up": -1, "down": 1}


@require_http_methods(["GET", "HEAD", "POST"])
def searches(request: Request) -> HttpResponse:
    """Fields of POST: `do`: "add" with `folder`, `view` and `name` (or nothing, and it gets one); "rename" with `name`,
    "remove", "up" and "down" of the `key`; "restore"."""
    access = access_of(request)
    person, wrong, status = access.person, "", 200
    if request.method == "POST":
        try:
            return redirect(_act(request, person))
        except SearchError as error:
            wrong, status = _words(error.reason), 422
    context = {
        "searches": [
            (one, view_of(one.folder, one.query).text) for one in keeping.searches_of(person=person)
        ],
        "folders": render_folders(reading.list_folders(access=access), None),
        "removed": _removed(request),
        "wrong": wrong,
        "longest": keeping.LONGEST_NAME,
    }
    return render(request, "searches/page.html", context, status=status)


def _act(request: Request, person: Person) -> str:
    """Where to go then."""
    data, do = request.POST, request.POST.get("do", "")
    key, name = data.get("key", ""), data.get("name", "")
    if do == "add":
        view = view_of(data.get("folder", ""), data.get("view", ""))
        if not view.folder or view.plain:
            raise BadRequest("not a search")
        saved = keeping.save_search(
            person=person,
            name=name or suggested_name(view)[: keeping.LONGEST_NAME],
            folder=view.folder,
            query=view.to_query(),
        )
        messages.success(request, _("Saved as “{name}” beside the folders.").format(name=saved.name))
        return view_address(view)
    if do == "rename":
        keeping.rename_search(person=person, key=key, name=name)
        messages.success(request, _("Saved."))
    elif do == "remove":
        saved, at = keeping.remove_search(person=person, key=key)
        request.session[REMOVED] = [saved.key, saved.name, saved.folder, saved.query, at]
    elif do == "restore":
        if REMOVED in request.session:
            *fields, at = request.session.pop(REMOVED)
            keeping.restore_search(person=person, saved=Saved(*fields), at=at)
    elif do in STEPS:
        keeping.move_search(person=person, key=key, by=STEPS[do])
    else:
        raise BadRequest("not something to do")
    return "/searches/"


def _removed(request: Request) -> str:
    removed = request.session.get(REMOVED)
    return str(removed[1]) if removed else ""


def _words(reason: str) -> str:
    match reason:
        case "many":
            return _("There are too many saved searches. Remove one first.")
        case "long":
            return _("The search is too long to be kept.")
        case "gone":
            return _("That search was removed meanwhile.")
    return _("Give it a name of at most {count} characters.").format(count=keeping.LONGEST_NAME)
