"""Answers to what a message asks: an invitation, a receipt, a list to leave. Each is one press of a button."""

from __future__ import annotations

import io
import re
from typing import TypedDict

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webmail.accounts.access import Access, access_of
from webmail.mail.html.links import web_address
from webmail.mailbox import responding
from webmail.mailbox.errors import MessageNotFoundError
from webmail.mailbox.writing import Composition
from webmail.outbox.entry import Entry
from webmail.outbox.errors import NotSendableError, TooManyMessagesError
from webmail.outbox.sending import hand_in, send

from .. import outgoing
from ..addresses import message_address
from ..asked import ANSWER, LEFT, RECEIPT
from ..marks import remember
from ..request import Request

LONGEST_COMMENT = 2_000
_ONCE = re.compile(r"[0-9a-f]{32}")
_MESSAGE_ID = re.compile(r"[0-9a-f]{32}@[A-Za-z0-9._-]{1,253}")


class Where(TypedDict):
    access: Access
    folder: str
    uid_validity: int
    uid: int


@require_POST
def invitation(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """Fields: `event` (its UID), `state` ("accepted", "tentative", "declined"), `comment`, and `once`, which is the
    same when the same button is pressed twice."""
    where = _where(request, folder, uid_validity, uid)
    state, once = request.POST.get("state", ""), request.POST.get("once", "")
    comment = request.POST.get("comment", "").replace("\r\n", "\n")
    if state not in responding.ANSWERS or not _ONCE.fullmatch(once) or len(comment) > LONGEST_COMMENT:
        raise BadRequest("not an answer")
    try:
        made = responding.answer_invitation(
            **where,
            event=request.POST.get("event", ""),
            state=state,
            comment=comment,
            once=once,
            now=timezone.localtime(),
        )
        entry = _hand_in(request, where["access"], made, filed=True)
    except responding.NothingToAnswerError:
        messages.error(
            request, _("This invitation can't be answered: it says nowhere where an answer could go.")
        )
    except TooManyMessagesError:
        messages.error(request, _too_many())
    else:
        remember(request, ANSWER, folder, uid_validity, uid, state, entry.pk)
    return redirect(message_address(folder, uid_validity, uid))


@require_POST
def receipt(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """Field `do`: "send" or "refuse". Either way it is not asked again."""
    where = _where(request, folder, uid_validity, uid)
    do = request.POST.get("do", "")
    if do not in ("send", "refuse"):
        raise BadRequest("not an answer")
    sent = None
    try:
        if do == "refuse":
            responding.refuse_receipt(**where)
        else:
            for made in responding.send_receipt(**where, now=timezone.localtime()):
                sent = _hand_in(request, where["access"], made, filed=False).pk
    except responding.NothingToAnswerError:
        messages.error(request, _("This message does not ask for a receipt, or one was sent already."))
    except TooManyMessagesError:
        messages.error(request, _too_many())
    else:
        remember(request, RECEIPT, folder, uid_validity, uid, do, sent)
    return redirect(message_address(folder, uid_validity, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """The ways to leave a list. Field `do` of a POST: "click" (one click, RFC 8058), or "letter" with `message_id`."""
    where = _where(request, folder, uid_validity, uid)
    try:
        match request.POST.get("do", "") if request.method == "POST" else None:
            case None:
                return _ways(request, where)
            case "click":
                return _clicked(request, where)
            case "letter":
                return _written(request, where)
    except responding.NothingToAnswerError:
        messages.error(request, _("This message does not say how to leave a list."))
        return redirect(message_address(folder, uid_validity, uid))
    raise BadRequest("not a way to leave a list")


def _ways(request: Request, where: Where) -> HttpResponse:
    offered = responding.ways_to_leave(**where)
    context = {
        "message": message_address(where["folder"], where["uid_validity"], where["uid"]),
        "offered": offered,
        "letter": responding.letter_to_leave(**where) if offered.mailto else None,
        "click_host": _host(offered.one_click_url),
        "link": web_address(offered.link_url) or "",
        "link_host": _host(offered.link_url),
    }
    return render(request, "message/unsubscribe.html", context)


def _clicked(request: Request, where: Where) -> HttpResponse:
    host = _host(responding.ways_to_leave(**where).one_click_url)
    message = message_address(where["folder"], where["uid_validity"], where["uid"])
    try:
        status = responding.leave_at_once(**where)
    except responding.NoAnswerError:
        words = _("{host} could not be asked to take you off the list: it does not answer.")
        messages.error(request, words.format(host=host))
        return redirect(f"{message}unsubscribe/")
    if not 200 <= status < 300:
        words = _("{host} did not take you off the list: it answered “{status}”. There may be another way.")
        messages.error(request, words.format(host=host, status=status))
        return redirect(f"{message}unsubscribe/")
    remember(request, LEFT, where["folder"], where["uid_validity"], where["uid"], "1")
    words = _("{host} was told that you leave, and took it. A last message may still be on its way.")
    messages.success(request, words.format(host=host))
    return redirect(message)


def _written(request: Request, where: Where) -> HttpResponse:
    message_id = request.POST.get("message_id", "")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise BadRequest("not a message's id")
    letter = responding.letter_to_leave(**where, message_id=message_id)
    message = message_address(where["folder"], where["uid_validity"], where["uid"])
    try:
        entry = _send(where["access"], letter)
    except TooManyMessagesError:
        messages.error(request, _too_many())
    except NotSendableError:
        messages.error(request, _("The list's address can't be written to."))
    else:
        outgoing.tell(request, entry)
        remember(request, LEFT, where["folder"], where["uid_validity"], where["uid"], "1", entry.pk)
        return redirect(message)
    return redirect(f"{message}unsubscribe/")


def _send(access: Access, letter: Composition) -> Entry:
    """The person has read it, so that hints at what may be wrong with it come too late."""
    try:
        return send(access=access, composition=letter, now=timezone.now())
    except NotSendableError as error:
        if error.check.problems:
            raise
        return send(access=access, composition=letter, now=timezone.now(), accepted=error.check.hints)


@require_safe
def original(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """To the message in Sent that a report is about."""
    try:
        place = responding.find_sent(**_where(request, folder, uid_validity, uid))
    except MessageNotFoundError:
        messages.info(request, _("That message is not in Sent. It may have been moved or deleted."))
        return redirect(message_address(folder, uid_validity, uid))
    return redirect(message_address(place.folder, place.uid_validity, place.uid))


def _where(request: Request, folder: str, uid_validity: int, uid: int) -> Where:
    return Where(access=access_of(request), folder=folder, uid_validity=uid_validity, uid=uid)


def _hand_in(request: Request, access: Access, made: responding.Response, *, filed: bool) -> Entry:
    entry = hand_in(
        access=access,
        composition=made.composition,
        envelope=made.envelope,
        message=io.BytesIO(made.octets),
        filed=filed,
        now=timezone.now(),
    )
    outgoing.tell(request, entry)
    return entry


def _too_many() -> str:
    return _("You have sent as many messages as is allowed in an hour. Nothing was sent; try again later.")


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0].partition("?")[0].partition(":")[0]
