"""Whether a folder's messages are shown as threads."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from webmail.accounts.access import access_of
from webmail.accounts.threaded import set_threaded
from webmail.mailbox import reading

from ..addresses import view_address
from ..queries import view_of
from ..request import Request


@require_POST
def choose(request: Request, folder: str) -> HttpResponse:
    """Fields: `threads` ("1" or "0") and `view`, what stood behind the `?` of the list. Kept for the folder."""
    access = access_of(request)
    wanted = request.POST.get("threads")
    if wanted not in {"0", "1"}:
        raise BadRequest("not a choice")
    view = view_of(folder, request.POST.get("view", ""))
    known = {one.name for one in reading.list_folders(access=access)}
    if folder in known:
        set_threaded(person=access.person, folder=folder, on=wanted == "1")
    return redirect(view_address(view))
