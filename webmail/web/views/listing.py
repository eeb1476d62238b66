"""A folder's messages."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.threaded import is_threaded
from webmail.mailbox import finding, following
from webmail.mailbox.pages import ListPage
from webmail.mailbox.view import View

from ..addresses import marking_address, threads_address, view_address
from ..presentation import count_label, folder_label, page_steps
from ..queries import page_number, uids, view_of
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


@require_safe
def folder(request: Request, folder: str) -> HttpResponse:
    access = access_of(request)
    threaded = is_threaded(person=access.person, folder=folder)
    view = view_of(folder, request.META["QUERY_STRING"], threaded=threaded)
    # A row that is unfolded comes anew, with its box as it was.
    ticked = uids(request.GET.getlist("uid"), MOST_TICKED) if request.htmx else ()
    return show_list(request, access, folder, page_number(request.GET.get("page")), ticked, view=view)


def show_list(
    request: Request,
    access: Access,
    folder: str,
    number: int,
    selected: Collection[int] = (),
    *,
    view: View | None = None,
) -> HttpResponse:
    view = view or View(folder, threaded=is_threaded(person=access.person, folder=folder))
    size = access.person.page_size
    if view.follows:
        opened = _unfolded(request)
        page = following.list_threads(access=access, view=view, page=number, size=size, opened=opened)
    else:
        page = finding.list_view(access=access, view=view, page=number, size=size)
    target = (request.htmx.target if request.htmx else "") or ""
    if row := _ROW.fullmatch(target):
        return _one_row(page, view, selected, int(row[1]))
    context = list_context(page, selected, view)
    return render(request, FRAGMENTS.get(target, "list/page.html"), context)


def _unfolded(request: Request) -> list[int]:
    fields = request.POST if request.method == "POST" else request.GET
    return uids(fields.getlist(UNFOLD), MOST_TICKED)


def _one_row(page: ListPage, view: View, selected: Collection[int], uid: int) -> HttpResponse:
    """A thread folded or unfolded in its place: its row, with those inside, which else are taken away."""
    row = next((row for row in page.rows if uid in (row.members or (row.uid,))), None)
    if row is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    rows = render_rows(replace(page, rows=(row,)), selected=selected, view=view)
    return HttpResponse(rows + ("" if row.inner else folded_away(row)))


def list_context(page: ListPage, selected: Collection[int] = (), view: View | None = None) -> dict[str, Any]:
    name = page.folder.name
    view = view or View(name)
    address = partial(view_address, view)
    return {
        "view_query": view.to_query(),
        "choosing": threads_address(name),
        "choosing_view": replace(view, threaded=False).to_query(),
        "threaded": view.threaded,
        "newest_label": count_label(page.newest or 0),
        "page": page,
        "label": folder_label(page.folder),
        "here": address(page.number),
        "marking": marking_address(name),
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
    }
