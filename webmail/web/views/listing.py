"""A folder's messages: as they came, or searched, filtered and sorted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.connections import hub
from webmail.accounts.labels import Label, labels_of
from webmail.accounts.threaded import is_threaded
from webmail.mailbox import finding, following, reading
from webmail.mailbox.pages import Folder, Found, ListPage
from webmail.mailbox.query import QueryError
from webmail.mailbox.view import View

from .. import searching
from ..addresses import (
    folder_address,
    marking_address,
    settings_address,
    threads_address,
    view_address,
    with_query,
)
from ..narrowing import narrowing
from ..presentation import count_label, folder_label, page_steps
from ..queries import is_on, page_number, uids
from ..request import Request
from ..rows import render_rows
from ..thread_rows import UNFOLD, folded_away
from ..tree import render_folders

# htmx asks for a part of the page by the element that it goes into.
FRAGMENTS = {
    "messages": "list/fragment.html",
    "list": "list/beside.html",
    "list-count": "list/counts.html",
}
_ROW: Final = re.compile(r"m(\d{1,10})")
MOST_TICKED: Final = 10_000
BINS: Final = frozenset({"junk", "trash"})


@require_safe
def folder(request: Request, folder: str) -> HttpResponse:
    access = access_of(request)
    if is_on(request, "build"):
        return _built(request, folder)
    page = page_number(request.GET.get("page"))
    threaded = is_threaded(person=access.person, folder=folder)
    try:
        view = View.from_query(folder, request.META["QUERY_STRING"], threaded=threaded)
    except QueryError as error:
        return _refused(request, access, folder, error)
    # A row that is unfolded and a search that goes on come anew, with their boxes as they were.
    boxes = request.GET.getlist("uid") if request.htmx else []
    ticked = boxes if view.wide else uids(boxes, MOST_TICKED)
    return show_list(request, access, view, page, ticked)


def show_list(
    request: Request, access: Access, view: View, number: int, selected: Collection[int | str] = ()
) -> HttpResponse:
    # Before the list is asked for: what changes while it is on its way is told again.
    mark = hub().mark(access.holder)
    size, stopped = access.person.page_size, is_on(request, "stop")
    if view.follows:
        opened = _unfolded(request)
        page = following.list_threads(access=access, view=view, page=number, size=size, opened=opened)
    else:
        page = finding.list_view(access=access, view=view, page=number, size=size, going_on=not stopped)
    view = replace(view, folder=page.folder.name)
    target = (request.htmx.target if request.htmx else "") or ""
    labels = labels_of(person=access.person)
    if row := _ROW.fullmatch(target):
        return _one_row(page, view, selected, labels, int(row[1]))
    refresh = 60 * access.person.refresh_minutes if page.number == 1 and _live(view) else 0
    context = {**list_context(page, view, selected, labels), "mark": mark, "refresh_seconds": refresh}
    if stopped:
        context["going_on"] = False
    return render(request, FRAGMENTS.get(target, "list/page.html"), context)


def _unfolded(request: Request) -> list[int]:
    fields = request.POST if request.method == "POST" else request.GET
    return uids(fields.getlist(UNFOLD), MOST_TICKED)


def _one_row(
    page: ListPage, view: View, selected: Collection[int | str], labels: Sequence[Label], uid: int
) -> HttpResponse:
    """A thread folded or unfolded in its place: its row, with those inside, which else are taken away."""
    row = next((row for row in page.rows if uid in (row.members or (row.uid,))), None)
    if row is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    rows = render_rows(replace(page, rows=(row,)), selected=selected, view=view, labels=labels)
    return HttpResponse(rows + ("" if row.inner else folded_away(row)))


def list_context(
    page: ListPage, view: View, selected: Collection[int | str] = (), labels: Sequence[Label] = ()
) -> dict[str, Any]:
    address = partial(view_address, view)
    label = folder_label(page.folder)
    return {
        "page": page,
        "label": searching.scope_label(view, label) if view.wide else label,
        "wide": view.wide,
        "tools_for": "" if view.wide else page.folder.role,
        "here": address(page.number),
        "marking": marking_address(page.folder.name),
        "view_query": view.to_query(),
        "choosing": threads_address(page.folder.name),
        "choosing_view": replace(view, threaded=False).to_query(),
        "threaded": view.threaded,
        "live": _live(view),
        "newest_label": count_label(page.newest or 0),
        "folder_settings": settings_address(page.folder.name),
        "rows": render_rows(page, selected=selected, view=view, labels=labels),
        "folders": render_folders(page.folders, page.folder),
        "unseen": page.unseen or 0,
        "unseen_label": count_label(page.unseen or 0),
        "total_label": count_label(page.total),
        "first_label": count_label(page.first),
        "last_label": count_label(page.last),
        "newer": address(page.number - 1) if page.number > 1 else "",
        "older": address(page.number + 1) if page.number < page.pages else "",
        "steps": page_steps(address, page.number, page.pages) if page.pages > 1 else (),
        "alerts": page.alerts,
        "reading_pane": True,
        "search": searching.box_of(view, label),
        "narrowing": narrowing(view, labels),
        "going_on": False,
    } | ({} if view.plain else _search_context(page, view))


def _live(view: View) -> str:
    """How the rows follow what happens: "all", "kept" where what matches no more stays until it is looked for anew,
    or "" where that would be a search each time."""
    if view.text or view.wide:
        return ""
    return "kept" if view.narrows else "all"


def _search_context(page: ListPage, view: View) -> dict[str, Any]:
    found = page.found or Found()
    # A page that is full waits for the next to be asked for; another order, and another folder, have to know all.
    unfinished = not found.done and (found.unsorted or view.wide or page.number >= page.pages)
    return {
        "found": page.found,
        "narrowed": view.narrows,
        "searched": view.text,
        "terms": searching.terms_of(view),
        "scopes": searching.scopes_of(view, folder_label(page.folder), subtree=_has_folders(page)),
        "wider": "" if view.wide else view_address(replace(view, scope="all")),
        "bins_too": view_address(replace(view, scope="everywhere")) if _leaves_bins(page, view) else "",
        "lines": searching.found_lines(found),
        "progress": searching.progress_words(found) if unfinished else "",
        "going_on": unfinished,
        "stop": f"{view_address(view, page.number)}&stop=1",
        "unfiltered": view_address(replace(view, only=())) if view.text and view.only else "",
        "all_of_folder": folder_address(view.folder),
    }


def _has_folders(page: ListPage) -> bool:
    """Are there folders in this one? They follow it in the tree, further in."""
    at = next((at for at, folder in enumerate(page.folders) if folder.name == page.folder.name), -1)
    following = page.folders[at + 1 : at + 2]
    return any(one.name.startswith(page.folder.name) and one.depth > page.folder.depth for one in following)


def _leaves_bins(page: ListPage, view: View) -> bool:
    """Nobody asked for junk and trash, and there are some."""
    asked = view.query.places or view.scope != "all"
    return not asked and any(folder.role in BINS and folder.total for folder in page.folders)


def _built(request: Request, folder: str) -> HttpResponse:
    """The form's fields become the search that they say; what is wrong in it shows there."""
    query = urlencode(
        [
            (name, value)
            for name, value in (
                ("q", searching.built(request.GET)),
                ("in", request.GET.get("in", "")),
                ("sort", request.GET.get("sort", "")),
            )
            if value
        ]
    )
    return redirect(with_query(folder_address(folder), query))


def _refused(request: Request, access: Access, folder: str, error: QueryError) -> HttpResponse:
    """What is wrong with the search, with the search as it was typed."""
    folders = reading.list_folders(access=access)
    current = next((one for one in folders if one.name == folder), None)
    label = folder_label(current or Folder(folder, folder))
    typed = "" if error.excessive else request.GET.get("q", "")
    context = {
        "label": label,
        "folders": render_folders(folders, current),
        "search": searching.Box(action=folder_address(folder), text=typed, place=label),
        "error": searching.error_words(error),
        "typed": typed,
        "here": folder_address(folder),
    }
    return render(request, "list/refused.html", context, status=400)
