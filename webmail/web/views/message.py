"""One message, the frame with its HTML, its headers, and a message inside it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.errors import AccessError
from webmail.imap.errors import ImapError
from webmail.mail.html import content_security_policy, document
from webmail.mailbox import finding, reading
from webmail.mailbox.errors import MailboxError
from webmail.mailbox.pages import MessagePage
from webmail.mailbox.reading.summary import Place
from webmail.mailbox.view import View

from .. import queries
from ..addresses import home_of, message_address, message_links, with_query
from ..highlight import marked_letter
from ..letter import message_context
from ..queries import page_number, view_of
from ..request import Request

log = logging.getLogger(__name__)
FRAGMENTS = {"reading": "message/beside.html"}
# The elements of a conversation in which its messages unfold are named so.
UNFOLDED = "in-"


class Shown(HttpResponse):
    """What is to be done `then`: after the last octet was sent."""

    then: Callable[[], None] | None = None

    def close(self) -> None:
        try:
            if self.then is not None:
                then, self.then = self.then, None
                then()
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
    target = (request.htmx.target if request.htmx else "") or ""
    unfolded = target.startswith(UNFOLDED)
    view, number = view_of(folder, request.META["QUERY_STRING"]), page_number(request.GET.get("page"))
    by_arrival = view.plain or view.follows
    page = open_page(request, access, folder, uid_validity, uid, section, beside=by_arrival and not unfolded)
    near, size = None, access.person.page_size
    led: dict[str, str] = {}
    if view.wide and not (section or unfolded):
        here = Place(page.folder.name, uid_validity, uid)
        around = finding.around(access=access, view=view, place=here, size=size)
        number = around.page or number
        led = {"newer": _led(view, around.above, number), "older": _led(view, around.below, number)}
        near = [one.uid for one in (around.below, around.above) if one and one.folder == here.folder]
    elif not (section or by_arrival or unfolded):
        found = finding.beside(access=access, view=view, uid_validity=uid_validity, uid=uid, size=size)
        page, number = replace(page, newer=found.above, older=found.below), found.page or number
        near = [one for one in (found.below, found.above) if one]
    template = "conversation/member.html" if unfolded else FRAGMENTS.get(target, "message/page.html")
    response = Shown(render(request, template, message_context(request, page, view, number) | led).content)
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if request.method == "GET" and not section and not ahead:
        response.then = _afterwards(access, page, near, unfolded=unfolded)
    return response


def _afterwards(
    access: Access, page: MessagePage, near: list[int] | None, *, unfolded: bool
) -> Callable[[], None] | None:
    """The message is marked as read. Its neighbours are fetched ahead, but not those of one in a conversation."""
    where: dict[str, Any] = {"access": access, "folder": page.folder.name, "uid_validity": page.uid_validity}
    if not unfolded:
        return partial(reading.after_open, **where, uid=page.uid, near=near)
    return None if "\\seen" in page.flags else partial(reading.set_seen, **where, uids=[page.uid], on=True)


def _led(view: View, place: Place | None, number: int) -> str:
    """The address of a message in a view of several folders, "" for none."""
    if place is None:
        return ""
    query = view.to_query(page=number if number > 1 else 0, list=home_of(view, place.folder))
    return with_query(message_address(place.folder, place.uid_validity, place.uid), query)


def open_page(
    request: Request,
    access: Access,
    folder: str,
    uid_validity: int,
    uid: int,
    section: str,
    *,
    beside: bool = True,
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
        beside=beside,
    )


@require_safe
@xframe_options_sameorigin
def body(request: Request, folder: str, uid_validity: int, uid: int) -> HttpResponse:
    """The message's HTML as a document of its own, for the frame: no script, and a policy that lets none in. `q` is the
    search that it was found by."""
    hits = view_of(folder, request.META["QUERY_STRING"]).query.marks
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
        document(marked_letter(clean, hits), title=head.subject),
        headers={"Content-Security-Policy": content_security_policy()},
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
