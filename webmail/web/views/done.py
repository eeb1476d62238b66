"""What was done lately, and taking it back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.errors import SignInEndedError
from webmail.imap.errors import ImapError
from webmail.journal import keeping
from webmail.journal.errors import NoDeedError
from webmail.journal.models import Deed
from webmail.mailbox import filing, reading
from webmail.mailbox.errors import MailboxError, MailServerError, TooManyError

from .. import done
from ..door import safe_next
from ..filing_words import reason_words, shown
from ..request import Request
from ..tree import render_folders

# Seconds between looks at what is under way, for a browser without script.
LOOK = 2


@require_safe
def recent(request: Request) -> HttpResponse:
    access = access_of(request)
    folders = reading.list_folders(access=access)
    deeds = keeping.recent(person_id=access.person.pk, sign_in=access.sign_in)
    context = {
        "deeds": [shown(deed, folders) for deed in deeds],
        "folders": render_folders(folders, None),
    }
    return render(request, "filing/done.html", context)


@require_safe
def deed(request: Request, pk: int) -> HttpResponse:
    """How far it is."""
    access = access_of(request)
    folders = reading.list_folders(access=access)
    one = shown(_found(access, pk), folders)
    response = render(request, "filing/deed.html", {"one": one, "folders": render_folders(folders, None)})
    if one.percent is not None:
        response.headers["Refresh"] = str(LOOK)
    return response


@require_safe
def notice(request: Request, pk: int) -> HttpResponse:
    """The same for the bottom of whatever page the person is on; tells the page when it is done."""
    access = access_of(request)
    one = done.shown_of(access, _found(access, pk))
    response = render(request, "filing/notice.html", {"one": one})
    if one.percent is None:
        done.was_told(request)
        response.headers["HX-Trigger"] = "ekorn:changed"
    return response


@require_POST
def act(request: Request, pk: int, do: str) -> HttpResponse:
    """`do`: one of ACTIONS. Field: `next`, where to go afterwards."""
    access = access_of(request)
    action = ACTIONS.get(do)
    if action is None:
        raise Http404
    found = _found(access, pk)
    try:
        action(access, found)
    except SignInEndedError:
        raise
    except TooManyError:
        messages.error(request, _("Too much is under way already. Wait until it is done, then try again."))
    except (MailboxError, MailServerError, ImapError):
        messages.error(request, reason_words(found.reason) or _("It could not be done just now. Try again."))
    else:
        done.tell(request, found)
    if request.htmx:
        response = render(request, "parts/notices.html")
        response.headers["HX-Trigger"] = "ekorn:changed"
        return response
    return redirect(safe_next(request, "/done/"))


def _found(access: Access, pk: int) -> Deed:
    try:
        return keeping.deed_of(person_id=access.person.pk, sign_in=access.sign_in, pk=pk)
    except NoDeedError:
        raise Http404 from None


def _undo(access: Access, deed: Deed) -> None:
    filing.take_back(access=access, deed=deed)


def _resume(access: Access, deed: Deed) -> None:
    filing.resume(access=access, deed=deed)


def _stop(access: Access, deed: Deed) -> None:
    del access
    filing.stop(deed=deed)


ACTIONS: dict[str, Callable[[Access, Deed], None]] = {"undo": _undo, "resume": _resume, "stop": _stop}
