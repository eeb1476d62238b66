"""A message in its conversation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.mailbox import following, reading
from webmail.mailbox.errors import FolderNotFoundError, MessageNotFoundError
from webmail.mailbox.pages import Folder

from .. import queries
from ..conversation import Around, Line, around, nothing_else
from ..letter import message_context
from ..request import Request
from .message import Shown, open_page

# What script asks for when the message itself is on the screen already.
SLOT = "conversation"
# Unread messages that are shown unfolded on a page for browsers without script.
UNFOLDED = 5


@require_safe
def conversation(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """`all=1`: every message of the folders at hand is looked at."""
    access = access_of(request)
    if request.htmx and request.htmx.target == SLOT:
        found = _look_up(request, access, folder, uid_validity, uid)
        beside = around(found, Folder(folder, folder))
        nothing = nothing_else() if beside.alone and queries.is_on(request, "all") else ""
        context = {"around": beside, "nothing": nothing, "everywhere": _everywhere(request)}
        return render(request, "conversation/around.html", context)
    page = open_page(request, access, folder, uid_validity, uid, "")
    beside = around(_look_up(request, access, folder, uid_validity, uid), page.folder)
    view = queries.view_of(folder, request.META["QUERY_STRING"])
    number = queries.page_number(request.GET.get("page"))
    context = message_context(request, page, view, number) | {
        "around": _unfolded(request, access, beside),
        "nothing": nothing_else() if beside.alone else "",
        "everywhere": _everywhere(request),
        "conversation": request.get_full_path(),
    }
    template = "message/beside.html" if request.htmx else "message/page.html"
    response = Shown(render(request, template, context).content)
    response.then = lambda: reading.after_open(
        access=access, folder=folder, uid_validity=uid_validity, uid=uid
    )
    return response


def _everywhere(request: Request) -> str:
    query = request.GET.copy()
    query["all"] = "1"
    return f"{request.path}?{query.urlencode()}"


def _look_up(
    request: Request, access: Access, folder: str, uid_validity: int, uid: int
) -> following.Conversation:
    return following.conversation(
        access=access,
        folder=folder,
        uid_validity=uid_validity,
        uid=uid,
        whole=queries.is_on(request, "all"),
    )


def _unfolded(request: Request, access: Access, beside: Around) -> Around:
    """With what is unread, for it can't be fetched later without script. It stays unread: nobody knows how far
    somebody reads."""
    unread = [line for line in beside.lines if line.row.unread and not line.draft][:UNFOLDED]
    letters = {line.name: _letter(request, access, line) for line in unread}
    return beside.with_letters(letters)


def _letter(request: Request, access: Access, line: Line) -> str:
    try:
        page = open_page(request, access, line.folder, line.uid_validity, line.row.uid, "", beside=False)
    except (MessageNotFoundError, FolderNotFoundError):
        return ""
    context = message_context(request, page) | {"around_page": request.get_full_path()}
    return render_to_string("conversation/member.html", context, request)
