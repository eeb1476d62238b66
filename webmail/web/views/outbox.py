"""The outbox: what waits to be sent, what could not be, and what was sent lately."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.client import client_address
from webmail.mailbox import reading
from webmail.mailbox.errors import MailServerError, WritingError
from webmail.mailbox.pages import Folder
from webmail.mailbox.writing import Composition
from webmail.outbox import changing, listing
from webmail.outbox.entry import Entry
from webmail.outbox.errors import NoEntryError, TooLateError

from .. import outgoing
from ..compose import Page, Said, show
from ..door import safe_next
from ..outbox_words import shown
from ..queries import is_on, number
from ..request import Request
from ..tree import render_folders


@require_safe
def outbox(request: Request) -> HttpResponse:
    access = access_of(request)
    changing.resume(access=access)
    folders = _folders(access)
    found = [shown(entry, folders) for entry in listing.entries(person=access.person)]
    waiting = [one for one in found if one.entry.phase in ("held", "scheduled", "waiting", "going")]
    to_see = [one for one in found if one.bad or one.entry.copy_missing]
    context = {
        "waiting": waiting,
        "to_see": to_see,
        "sent": [one for one in found if one not in waiting and one not in to_see],
        "folders": render_folders(folders, None),
    }
    outgoing.count_again(request, access.person)
    return render(request, "outbox/page.html", context)


@require_safe
def status(request: Request, pk: int) -> HttpResponse:
    """One entry; for htmx only its card, which looks again after a while: `looks` counts, `listed` is among others."""
    access = access_of(request)
    changing.resume(access=access)
    entry = _found(access, pk)
    if request.htmx:
        looks = number(request.GET.get("looks", "0")) + 1
        one = shown(entry, _folders(access), looks=looks)
        context = {"one": one, "looks": looks, "listed": is_on(request, "listed")}
        return render(request, "outbox/entry.html", context)
    folders = _folders(access)
    context = {"one": shown(entry, folders), "folders": render_folders(folders, None), "looks": 0}
    return render(request, "outbox/status.html", context)


@require_safe
def notice(request: Request, pk: int) -> HttpResponse:
    """What became of what was sent last, for the bottom of whatever page the person is on."""
    access = access_of(request)
    changing.resume(access=access)
    looks = number(request.GET.get("looks", "0")) + 1
    one = shown(_found(access, pk), looks=looks)
    if one.entry.phase not in ("held", "going"):
        outgoing.was_told(request)
    here = request.htmx.current_url_abs_path or ""
    return render(request, "outbox/notice.html", {"one": one, "looks": looks, "here": here})


@require_POST
def act(request: Request, pk: int, do: str) -> HttpResponse:
    """`do`: one of ACTIONS. Field of "later": `at`."""
    access = access_of(request)
    action = ACTIONS.get(do)
    if action is None:
        raise Http404
    try:
        return action(request, access, pk)
    except NoEntryError:
        raise Http404 from None
    except TooLateError:
        messages.warning(request, _("It was too late for that. Here is what became of it."))
        return redirect("outgoing", pk)
    except WritingError:
        messages.error(request, _("That could not be done: it is as it was."))
        return redirect("outgoing", pk)


def _undo(request: Request, access: Access, pk: int) -> HttpResponse:
    made = _found(access, pk).made
    composition = changing.undo(access=access, pk=pk)
    outgoing.was_told(request)
    if made:
        messages.success(request, _("It was not sent."))
        return redirect(safe_next(request, "outbox"))
    return _to_be_edited(request, access, composition, _("It was not sent. Here it is, as you wrote it."))


def _again(request: Request, access: Access, pk: int) -> HttpResponse:
    composition = changing.again(access=access, pk=pk)
    return _to_be_edited(request, access, composition, _("The same text, for those who were refused."))


def _to_be_edited(request: Request, access: Access, composition: Composition, words: str) -> HttpResponse:
    page = Page(back=safe_next(request), said=(Said(words),), focus="text")
    return show(request, access.person, composition, page)


def _cancel(request: Request, access: Access, pk: int) -> HttpResponse:
    if _found(access, pk).made:
        return _undo(request, access, pk)
    changing.cancel(access=access, pk=pk)
    messages.success(request, _("It will not be sent. The text is in Drafts."))
    return redirect("outbox")


def _now(request: Request, access: Access, pk: int) -> HttpResponse:
    del request
    changing.retry(access=access, pk=pk)
    return redirect("outgoing", pk)


def _later(request: Request, access: Access, pk: int) -> HttpResponse:
    at = outgoing.moment_typed(request.POST.get("at", ""))
    if at is None:
        raise BadRequest("not a time")
    if at <= timezone.now():
        messages.error(request, _("That time has passed: it is as it was."))
    else:
        changing.reschedule(access=access, pk=pk, at=at, client_address=client_address(request))
    return redirect("outgoing", pk)


def _dismiss(request: Request, access: Access, pk: int) -> HttpResponse:
    changing.dismiss(person=access.person, pk=pk)
    outgoing.was_told(request)
    return redirect("outbox")


ACTIONS: dict[str, Callable[[Request, Access, int], HttpResponse]] = {
    "undo": _undo,
    "again": _again,
    "cancel": _cancel,
    "now": _now,
    "later": _later,
    "dismiss": _dismiss,
}


def _found(access: Access, pk: int) -> Entry:
    try:
        return listing.entry(person=access.person, pk=pk)
    except NoEntryError:
        raise Http404 from None


def _folders(access: Access) -> tuple[Folder, ...]:
    """None where the mail server does not answer: what waits for it can be seen all the same."""
    try:
        return reading.list_folders(access=access)
    except MailServerError:
        return ()
