"""A message sent on to others just as it is, with a word in its header of who did."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from webmail.accounts.access import Access, access_of
from webmail.mail.compose import ComposeError, parse_recipients
from webmail.mail.compose.wire_address import wire_address
from webmail.mailbox import writing
from webmail.mailbox.errors import MailServerError
from webmail.mailbox.writing import Composition, Resending
from webmail.outbox.entry import Entry
from webmail.outbox.errors import TooManyMessagesError
from webmail.outbox.sending import hand_in
from webmail.smtp.envelope import Envelope

from .. import compose_words as words
from .. import outgoing
from ..addresses import message_address
from ..compose_form import is_message_id, typed_people
from ..request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """POST: `to`, and the `message_id` of the page, under which it is sent once."""
    access = access_of(request)
    place: dict[str, Any] = {"folder": folder, "uid_validity": uid_validity, "uid": uid}
    if request.method != "POST":
        fresh = writing.new(access=access).message_id
        return _page(request, place, message_id=fresh)
    to, message_id = typed_people(request.POST, "to"), request.POST.get("message_id", "")
    if not is_message_id(message_id):
        fresh = writing.new(access=access).message_id
        error = _("The page was not complete. Nothing was sent.")
        return _page(request, place, message_id=fresh, to=to, error=error, status=400)
    status, error = _refused(access, to)
    if not error:
        try:
            outgoing.tell(request, _handed_in(access, place, to, message_id))
        except ComposeError:
            status, error = 422, _("This message can't be sent on: its header is broken.")
        except TooManyMessagesError as found:
            status, error = 429, words.too_many_messages_words(found.limit, found.again_at)
        except MailServerError as fault:
            status, error = 503, words.server_words(fault, sending=True)
        else:
            response = redirect(message_address(folder, uid_validity, uid))
            response.status_code = 303
            return response
    return _page(request, place, message_id=message_id, to=to, error=error, status=status)


def _refused(access: Access, to: str) -> tuple[int, str]:
    """(status, what is wrong with the addresses), "" where nothing is."""
    people = parse_recipients(to)
    if people.errors:
        wrong = people.errors[0]
        return 422, words.address_words(wrong.piece, wrong.code)
    if not people.mailboxes:
        return 422, words.nobody_words()
    if len(people.mailboxes) > access.domain.recipients:
        return 422, words.too_many_people_words(access.domain.recipients)
    return 200, ""


def _handed_in(access: Access, place: dict[str, Any], to: str, message_id: str) -> Entry:
    now = timezone.now()
    with TemporaryFile() as message:
        made: Resending = writing.resend(
            access=access, to=to, target=message, now=timezone.localtime(now), message_id=message_id, **place
        )
        message.seek(0)
        envelope = Envelope(
            sender=wire_address(made.sender.address),
            recipients=tuple(wire_address(one.address) for one in made.recipients),
            eight_bit=made.eight_bit,
        )
        composition = Composition(message_id=message_id, to=to)
        return hand_in(
            access=access, composition=composition, envelope=envelope, message=message, filed=False, now=now
        )


def _page(
    request: Request,
    place: dict[str, Any],
    *,
    message_id: str,
    to: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"back": message_address(**place), "message_id": message_id, "to": to, "error": error}
    response = render(request, "compose/resend.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
