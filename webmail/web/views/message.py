"""One message, the frame with its HTML, its headers, and a message inside it."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.errors import AccessError
from webmail.imap.errors import ImapError
from webmail.mail.html import content_security_policy, document
from webmail.mailbox import reading
from webmail.mailbox.errors import MailboxError
from webmail.mailbox.pages import MessagePage

from .. import queries
from ..addresses import message_address, message_links
from ..letter import message_context
from ..request import Request

log = logging.getLogger(__name__)
FRAGMENTS = {"reading": "message/beside.html"}


class Shown(HttpResponse):
    """After the last octet was sent, the message is marked as read and its neighbours are fetched ahead."""

    opened: dict[str, Any] | None = None

    def close(self) -> None:
        try:
            if self.opened is not None:
                opened, self.opened = self.opened, None
                reading.after_open(**opened)
        except (MailboxError, AccessError, ImapError) as error:
            log.info("After opening a message: %s", type(error).__name__)
        finally:
            super().close()


@require_safe
def message(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    return _show(request, folder, uid_validity, uid)


@require_safe
def nested(request: Request, folder: str, uid_validity: int, uid: int, section: str) -> HttpResponse:
    return _show(request, folder, uid_validity, uid, section)


def _show(request: Request, folder: str, uid_validity: int, uid: int, section: str = "") -> HttpResponse:
    access = access_of(request)
    page = open_page(request, access, folder, uid_validity, uid, section)
    target = request.htmx.target if request.htmx else ""
    template = FRAGMENTS.get(target or "", "message/page.html")
    response = Shown(render(request, template, message_context(request, page)).content)
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.method == "GET" and not section and not ahead:
        response.opened = {"access": access, "folder": folder, "uid_validity": uid_validity, "uid": uid}
    return response


def open_page(
    request: Request, access: Access, folder: str, uid_validity: int, uid: int, section: str
) -> MessagePage:
    """The message as the address asks for it (`view`, `remote`)."""
    return reading.open_message(
        access=access,
        folder=folder,
        uid_validity=uid_validity,
        uid=uid,
        view=queries.view(request),
        remote=queries.remote(request),
        section=section,
        links=message_links(message_address(folder, uid_validity, uid)),
    )


@require_safe
@xframe_options_sameorigin
def body(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """The message's HTML as a document of its own, for the frame: no script, and a policy that lets none in."""
    head, clean = reading.body_markup(
        access=access_of(request),
        folder=folder,
        uid_validity=uid_validity,
        uid=uid,
        remote=queries.remote(request),
        section=queries.section(request),
        links=message_links(message_address(folder, uid_validity, uid)),
    )
    return HttpResponse(
        document(clean, title=head.subject), headers={"Content-Security-Policy": content_security_policy()}
    )


@require_safe
def headers(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    section = queries.section(request)
    fields = reading.headers(
        access=access_of(request), folder=folder, uid_validity=uid_validity, uid=uid, section=section
    )
    message = message_address(folder, uid_validity, uid)
    context = {"fields": fields, "message": f"{message}nested/{section}/" if section else message}
    return render(request, "message/headers.html", context)
