"""Ways into the compose page from a message that is there: an answer, a forward, a draft to go on with."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from webmail.accounts.access import Access, access_of
from webmail.mailbox import writing
from webmail.mailbox.writing import Composition
from webmail.mailbox.writing.answering import Scope

from ..addresses import folder_address, message_address
from ..compose import Page, show
from ..queries import number, section
from ..quoting import words_of_now
from ..request import Request

SCOPES: Final[dict[str, Scope]] = {"reply": "sender", "reply-all": "all", "reply-list": "list"}
WAYS: Final = (*SCOPES, "forward", "forward-attached", "edit", "as-new")


@require_safe
def answer(request: Request, folder: str, uid_validity: int, uid: int, way: str) -> HttpResponse:
    """`way` is one of WAYS; `section` names a message inside this one."""
    access = access_of(request)
    composition = _begun(access, way, section(request), folder=folder, uid_validity=uid_validity, uid=uid)
    back = folder_address(folder) if way == "edit" else message_address(folder, uid_validity, uid)
    focus = "to" if not composition.to else "text"
    return show(request, access.person, composition, Page(back=back, focus=focus))


def _begun(access: Access, way: str, inside: str, **place: Any) -> Composition:
    if way == "edit":
        return writing.edit(access=access, **place)
    if way == "as-new":
        return writing.as_new(access=access, **place)
    if way in SCOPES:
        return writing.reply(access=access, section=inside, scope=SCOPES[way], words=words_of_now(), **place)
    uids = [place.pop("uid")]
    return writing.forward(
        access=access, section=inside, inline=way == "forward", words=words_of_now(), uids=uids, **place
    )


@require_safe
def forward_many(request: Request, folder: str) -> HttpResponse:
    """Messages of a list, each as a file of one new message: `uid_validity`, `uid` (any number), `page`."""
    access = access_of(request)
    uids = [number(uid) for uid in request.GET.getlist("uid")]
    if not uids:
        return redirect(folder_address(folder))
    if len(uids) > 50:
        raise BadRequest("too many messages")
    composition = writing.forward(
        access=access,
        folder=folder,
        uid_validity=number(request.GET.get("uid_validity")),
        uids=uids,
        inline=False,
        words=words_of_now(),
    )
    return show(request, access.person, composition, Page(back=folder_address(folder), focus="to"))
