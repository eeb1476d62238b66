"""A folder's messages."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.connections import hub
from webmail.mailbox import reading
from webmail.mailbox.pages import ListPage

from ..addresses import folder_address, marking_address
from ..presentation import count_label, folder_label, page_steps
from ..queries import page_number
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
    return show_list(request, access_of(request), folder, page_number(request.GET.get("page")))


def show_list(
    request: Request, access: Access, folder: str, number: int, selected: Collection[int] = ()
) -> HttpResponse:
    # Before the list is asked for: what changes while it is on its way is told again.
    mark = hub().mark(access.holder)
    page = reading.list_messages(access=access, folder=folder, page=number, size=access.person.page_size)
    target = request.htmx.target if request.htmx else ""
    context = {**list_context(page, selected), "mark": mark}
    return render(request, FRAGMENTS.get(target or "", "list/page.html"), context)


def list_context(page: ListPage, selected: Collection[int] = ()) -> dict[str, Any]:
    name = page.folder.name
    return {
        "page": page,
        "label": folder_label(page.folder),
        "here": folder_address(name, page.number),
        "marking": marking_address(name),
        "rows": render_rows(page, selected=selected),
        "folders": render_folders(page.folders, page.folder),
        "unseen": page.unseen or 0,
        "unseen_label": count_label(page.unseen or 0),
        "total_label": count_label(page.total),
        "first_label": count_label(page.first),
        "last_label": count_label(page.last),
        "newer": folder_address(name, page.number - 1) if page.number > 1 else "",
        "older": folder_address(name, page.number + 1) if page.number < page.pages else "",
        "steps": page_steps(partial(folder_address, name), page.number, page.pages) if page.pages > 1 else (),
        "alerts": page.alerts,
        "reading_pane": True,
    }
