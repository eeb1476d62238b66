"""Writing a message. Nothing that was typed is ever lost: every answer that does not lead away holds the whole form."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from webmail.accounts.access import access_of
from webmail.mail.mailto import parse_mailto
from webmail.mailbox import writing
from webmail.mailbox.errors import MailServerError, SignInEndedError, WritingError

from .. import compose_words as words
from ..compose import Page, Said, received, resumed, show
from ..door import safe_next
from ..request import Request
from ..uploading import IncomingFiles, incoming_files
from .compose_actions import ACTIONS
from .desk import Desk
from .signing import sign_in_first

FIELDS: Final = ("to", "cc", "bcc", "subject", "body", "in-reply-to")


class KeepingCsrf(CsrfViewMiddleware):
    """A form that was open while somebody signed in anew has the former token: it is shown once more, to be sent
    again by hand. What another site sends is shown as a `mailto:` link would be, without files and places."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        del reason
        return shown_once_more(request)  # type: ignore[arg-type]


def shown_once_more(request: Request) -> HttpResponse:
    composition = received(request).composition
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        composition = replace(composition, attachments=(), origins=(), draft=None)
    try:
        person = access_of(request).person
    except SignInEndedError:
        return sign_in_first(request, lost=incoming_files(request).strangers)
    said = Said(
        _("The page was too old: nothing was sent or saved yet. Press the button once more."), "error"
    )
    return show(request, person, composition, Page(back=safe_next(request), said=(said,)), status=403)


@csrf_exempt  # By hand below, once the files of the form have somewhere to go.
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: Request) -> HttpResponseBase:
    """GET: a new message, with what `mailto:` links may say in its fields. POST: `do` says what."""
    if request.method == "POST":
        request.upload_handlers = [IncomingFiles(request)]
    return _compose(request)


@decorator_from_middleware(KeepingCsrf)
def _compose(request: Request) -> HttpResponse:
    if request.method != "POST":
        return start(request)
    sent = received(request)
    try:
        access = access_of(request)
        if request.POST.get("writer") != str(access.person.pk):
            return resumed(request, access.person, safe_next(request))
        desk = Desk(
            request,
            access,
            sent,
            sent.composition,
            Page(back=safe_next(request), shown=request.POST.get("shown", "")[:64]),
        )
        return _do(desk, request.POST.get("do", ""))
    except SignInEndedError:
        return sign_in_first(request, lost=incoming_files(request).strangers)


def start(request: Request) -> HttpResponse:
    """Also what another site's link leads to: it fills fields that a person sees, and no more."""
    access = access_of(request)
    composition = writing.new(access=access, mailto=parse_mailto(link_asked(request)))
    return show(request, access.person, composition, Page(back=where_from(request)))


def link_asked(request: Request) -> str:
    """`mailto` as a whole, or its fields one by one."""
    given = request.GET.get("mailto", "")
    fields = {name: value for name in FIELDS if (value := request.GET.get(name, ""))}
    return given or f"mailto:?{urlencode(fields, quote_via=quote)}"


def where_from(request: Request) -> str:
    """Where writing ends: the page of ours that led here."""
    here = urlsplit(request.headers.get("Referer", ""))
    if here.netloc == request.get_host() and here.path.startswith(("/folder/", "/message/", "/contacts/")):
        return f"{here.path}?{here.query}" if here.query else here.path
    return safe_next(request)


def _do(desk: Desk, action: str) -> HttpResponse:
    name, _colon, token = action.partition(":")
    if desk.sent.broken:
        said = Said(
            _("Something in the form could not be understood, so nothing was sent or saved."), "error"
        )
        return desk.again(status=400, said=(said,))
    do = ACTIONS.get(name)
    if do is None:
        return desk.again(status=400, said=(Said(_("The form did not say what to do."), "error"),))
    desk.take_files()
    if desk.errors:
        return desk.again(status=413)
    try:
        return do(desk, token)
    except MailServerError as fault:
        line = Said(
            words.server_words(fault, sending=name.startswith("send")), "error", "server-off", retry=action
        )
        return desk.again(status=503, said=(line,))
    except WritingError as error:
        desk.wrong("files", words.writing_words(error))
        return desk.again(status=413)
