"""A folder's messages: as they came, or searched, filtered and sorted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.mailbox import finding, reading
from webmail.mailbox.pages import Folder, ListPage
from webmail.mailbox.query import QueryError
from webmail.mailbox.view import View

from .. import searching
from ..addresses import folder_address, marking_address, view_address
from ..narrowing import narrowing
from ..presentation import count_label, folder_label, page_steps
from ..queries import is_on, number, page_number
from ..request import Request
from ..rows import render_rows
from ..tree import render_folders

# htmx asks for a part of the page by the element that it goes into.
FRAGMENTS = {
    "messages": "list/fragment.html",
    "list": "list/beside.html",
    "list-count": "list/counts.html",
}


@require_safe
def folder(request: Request, folder: str) -> HttpResponse:
    access = access_of(request)
    if is_on(request, "build"):
        query = View(folder).to_query(
            q=searching.built(request.GET), sort=request.GET.get("sort"), **{"in": request.GET.get("in")}
        )
        return redirect(folder_address(folder) + (f"?{query}" if query else ""))
    page = page_number(request.GET.get("page"))
    try:
        view = View.from_query(folder, request.META["QUERY_STRING"])
    except QueryError as error:
        return _refused(request, access, folder, error)
    # While a search goes on, the boxes that are ticked go along.
    ticked = frozenset(map(number, request.GET.getlist("uid")[:200])) if request.htmx else ()
    return show_list(request, access, folder, page, ticked, view=view)


def show_list(
    request: Request,
    access: Access,
    folder: str,
    number: int,
    selected: Collection[int] = (),
    *,
    view: View | None = None,
) -> HttpResponse:
    view = view or View(folder)
    page = finding.list_view(access=access, view=view, page=number, size=access.person.page_size)
    target = request.htmx.target if request.htmx else ""
    context = list_context(page, view, selected)
    if context["going_on"] and is_on(request, "stop"):
        context["going_on"] = False
    return render(request, FRAGMENTS.get(target or "", "list/page.html"), context)


def list_context(page: ListPage, view: View, selected: Collection[int] = ()) -> dict[str, Any]:
    address = partial(view_address, view)
    place = folder_label(page.folder)
    found = page.found
    more = found is not None and not found.done
    context = {
        "page": page,
        "label": place if view.scope == "folder" else searching.scope_words(view, place),
        "here": address(page.number),
        "marking": marking_address(page.folder.name),
        "view_query": view.to_query(),
        "rows": render_rows(page, selected=selected, view=view),
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
        "narrowing": narrowing(view),
        "found": found,
        "going_on": False,
    }
    if not view.plain:
        context |= _search_context(page, view, place)
        full = len(page.rows) >= page.last - page.first + 1 and page.number < page.pages
        context["going_on"] = more and not full
        if more and not context["older"]:
            context["older"] = address(page.number + 1) if full else ""
    return context


def _search_context(page: ListPage, view: View, place: str) -> dict[str, Any]:
    found = page.found
    return {
        "search": searching.box_of(view, place),
        "chips": searching.chips_of(view),
        "narrowed": view.narrows,
        "lines": searching.found_lines(found) if found else (),
        "progress": searching.progress_words(page),
        "stop": f"{view_address(view, page.number)}&stop=1",
        "wider": view_address(replace(view, scope="all")) if view.scope in {"folder", "subtree"} else "",
        "widest": view_address(replace(view, scope="everywhere")) if view.scope == "all" else "",
        "all_of_folder": folder_address(view.folder),
        "searched": view.text,
        "place": searching.scope_words(view, place),
    }


def _refused(request: Request, access: Access, folder: str, error: QueryError) -> HttpResponse:
    """What is wrong with the search, with the search as it was typed."""
    folders = reading.list_folders(access=access)
    current = next((one for one in folders if one.name == folder), None)
    shown = current or Folder(folder, folder)
    typed = "" if error.excessive else request.GET.get("q", "")
    context = {
        "label": folder_label(shown),
        "folders": render_folders(folders, current),
        "search": searching.Box(action=folder_address(folder), text=typed, place=folder_label(shown)),
        "error": searching.error_words(error),
        "typed": typed,
        "here": folder_address(folder),
    }
    return render(request, "list/refused.html", context, status=400)
