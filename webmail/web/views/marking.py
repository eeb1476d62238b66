"""Stars, read and unread: the buttons of a list and of a message."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from webmail.accounts.access import access_of
from webmail.accounts.threaded import is_threaded
from webmail.mailbox import reading
from webmail.mailbox.view import View

from ..addresses import message_address, view_address, with_query
from ..queries import number, page_number, uids, view_of
from ..request import Request
from .listing import show_list

# Of 200 rows, each of which may be a thread.
MOST = 10_000
ACTIONS = {
    "seen": (reading.set_seen, True),
    "unseen": (reading.set_seen, False),
    "star": (reading.set_starred, True),
    "unstar": (reading.set_starred, False),
}


@require_POST
def mark(request: Request, folder: str) -> HttpResponse:
    """Fields: `uid_validity`, `uid` (any number), `do` ("seen", "unseen", "star", "unstar", "forward"), or one row's
    own button `star` or `unstar` with its UID; `view` and `page` to come back to, or `open=1` to come back to the
    message."""
    access = access_of(request)
    data = request.POST
    uid_validity = number(data.get("uid_validity"))
    threaded = is_threaded(person=access.person, folder=folder)
    view, page = view_of(folder, data.get("view", ""), threaded=threaded), page_number(data.get("page"))
    action, chosen = _action(request)
    if action == "forward":
        return _to_forward(request, folder, uid_validity, chosen)
    if action not in ACTIONS:
        raise BadRequest("not something to do")
    use_case, on = ACTIONS[action]
    use_case(access=access, folder=folder, uid_validity=uid_validity, uids=chosen, on=on)
    if data.get("open") and chosen:
        return _after_message(request, view, page, uid_validity, chosen[0], action)
    if request.htmx:
        keep = chosen if data.get("do") else ()
        return show_list(request, access, view, page, frozenset(keep))
    return redirect(view_address(view, page))


def _to_forward(request: Request, folder: str, uid_validity: int, chosen: list[int]) -> HttpResponse:
    """Nothing is changed: the messages become files of a new one, on a page of its own."""
    query = urlencode({"uid_validity": uid_validity, "uid": chosen}, doseq=True)
    address = f"{reverse('forward-many', kwargs={'folder': folder})}?{query}"
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def _action(request: Request) -> tuple[str, list[int]]:
    for action in ("star", "unstar"):
        if action in request.POST:
            return action, uids([request.POST[action]], MOST)
    return request.POST.get("do", ""), uids(request.POST.getlist("uid"), MOST)


def _after_message(
    request: Request, view: View, page: int, uid_validity: int, uid: int, action: str
) -> HttpResponse:
    """A star is seen on the message; a message marked as unread must be left, or it would be read again."""
    if action == "unseen":
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Trigger": "ekorn:unread"})
        return redirect(view_address(view, page))
    query = view.to_query(page=page if page > 1 else 0)
    return redirect(with_query(message_address(view.folder, uid_validity, uid), query))
