"""What the buttons of a list and of a message do to messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from webmail.accounts.access import Access, access_of
from webmail.accounts.labels import is_keyword, labels_of
from webmail.accounts.models import Person
from webmail.imap.sets import parse_set
from webmail.journal.models import Deed
from webmail.mailbox import filing, reading
from webmail.mailbox.errors import (
    KeywordRefusedError,
    MailServerError,
    QuotaError,
    SameFolderError,
    TargetGoneError,
    TooManyError,
)
from webmail.mailbox.filing import Order
from webmail.mailbox.pages import Folder

from .. import done
from ..addresses import marking_address
from ..chosen import Chosen
from ..door import safe_next
from ..filing_words import reason_words
from ..presentation import count_label, folder_label
from ..request import Request
from ..tree import render_folders
from .listing import show_list

# What is asked for before anything is done, on a page of its own or in a dialog.
ASKED = {"move": "to", "copy": "to", "label": "label", "forever": "sure"}
# What leaves the message on the screen.
STAYS = frozenset({"star", "unstar", "seen", "label", "unlabel", "copy", "mute", "unmute"})
LONGEST_NAME = 1000


@require_POST
def act(request: Request, folder: str) -> HttpResponse:
    """Fields: `uid_validity`, `uid` (any number) or `all=1`, and `do` (one of filing.KINDS, or "forward"), or one
    row's own button `star` or `unstar` with its UID. With "move" and "copy" `to`, a folder; with "label" and
    "unlabel" `label`, a keyword; with "forever" `sure=1`: where it is missing, it is asked for. `next` is the page
    of the conversation in which the button stood; `conversation` stands for `do`, and for all of it. See `Chosen`."""
    access = access_of(request)
    kind, row = _kind(request)
    chosen = Chosen.of(access, folder, request.POST, [row] if row else request.POST.getlist("uid"))
    if chosen.conversation and kind not in filing.OF_CONVERSATIONS:
        raise BadRequest("not of a conversation")
    if kind == "forward" and not chosen.everything:
        return _to_forward(request, access, chosen)
    if kind == "forward":
        raise BadRequest("not all of a list")
    if not chosen:
        return _nothing(request, access, chosen)
    if kind in ASKED and not request.POST.get(ASKED[kind]):
        return _ask(request, access, chosen, kind)
    order = _order(request, access.person, kind)
    deed = None
    try:
        if lots := chosen.lots(access, kind):
            deed = filing.file_messages(access=access, order=order, lots=lots)
    except (TargetGoneError, SameFolderError, KeywordRefusedError, QuotaError) as error:
        messages.error(request, reason_words(_REASONS[type(error)]))
    except TooManyError:
        messages.error(request, _("Too much is under way already. Wait until it is done, then try again."))
    except MailServerError as error:
        if error.reason != "refused":
            raise
        messages.error(
            request, " ".join((reason_words("refused"), _("It said: {words}").format(words=error.text)))
        )
    else:
        if deed is None or deed.pk is None:
            messages.warning(request, _("The messages are not there any more. Nothing was done."))
    return _answer(request, access, chosen, kind, deed, quiet=bool(row))


_REASONS: dict[type[Exception], str] = {
    TargetGoneError: "target",
    SameFolderError: "same",
    KeywordRefusedError: "keyword",
    QuotaError: "quota",
}


def _kind(request: Request) -> tuple[str, str]:
    """(what to do, the UID of the row whose own button was pressed)."""
    for kind in ("star", "unstar"):
        if row := request.POST.get(kind):
            return kind, row
    kind = request.POST.get("do") or request.POST.get("conversation", "")
    if kind == "label" and request.POST.get("unlabel"):
        kind = "unlabel"
    if kind not in filing.KINDS and kind != "forward":
        raise BadRequest("not something to do")
    return kind, ""


def _to_forward(request: Request, access: Access, chosen: Chosen) -> HttpResponse:
    """Nothing is changed: the messages become files of a new one, on a page of its own."""
    lot, *others = chosen.lots(access)
    if others:
        messages.warning(request, _("Choose messages of one folder to forward them together."))
        return _list(request, access, chosen, keep=True)
    query = urlencode({"uid_validity": lot.uid_validity, "uid": parse_set(lot.uids)}, doseq=True)
    address = f"{reverse('forward-many', kwargs={'folder': lot.folder})}?{query}"
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


def _order(request: Request, person: Person, kind: str) -> Order:
    target = ""
    if kind in ("move", "copy"):
        target = request.POST["to"]
        if len(target) > LONGEST_NAME or any(character < " " or character == "\x7f" for character in target):
            raise BadRequest("not a folder's name")
    elif kind in ("label", "unlabel"):
        target = request.POST.get(kind) or request.POST.get("label", "")
        if not is_keyword(target):
            raise BadRequest("not a keyword")
    elif kind == "archive" and person.archive_by == Person.ArchiveBy.YEAR:
        target = filing.BY_YEAR
    return Order(kind, target)


def _nothing(request: Request, access: Access, chosen: Chosen) -> HttpResponse:
    messages.warning(request, _("Choose one or more messages first."))
    return _list(request, access, chosen, keep=False)


def _answer(
    request: Request, access: Access, chosen: Chosen, kind: str, deed: Deed | None, *, quiet: bool
) -> HttpResponse:
    if deed is not None and not quiet:
        done.tell(request, deed)
    if chosen.open:
        return _after_message(request, access, chosen, kind, deed)
    keep = kind in STAYS or kind == "unseen" or deed is None
    return _list(request, access, chosen, keep=keep and not quiet, quiet=quiet)


def _list(
    request: Request, access: Access, chosen: Chosen, *, keep: bool, quiet: bool = False
) -> HttpResponse:
    if not request.htmx:
        return redirect(chosen.list_address)
    kept = chosen.boxes if keep else ()
    response = show_list(request, access, chosen.view, chosen.page, kept)
    if not quiet:
        response.content += render_to_string("filing/told.html", {}, request).encode()
    return response


def _after_message(
    request: Request, access: Access, chosen: Chosen, kind: str, deed: Deed | None
) -> HttpResponse:
    """What is gone, or would be read again, is left: for the next message, or for the list."""
    if request.POST.get("next"):
        address = safe_next(request, chosen.list_address)
    elif chosen.conversation and kind not in STAYS:
        address = chosen.list_address
    elif kind in STAYS or deed is None or deed.pk is None:
        address = chosen.message_address
    elif access.person.after_filing == Person.AfterFiling.NEXT and kind != "unseen":
        address = chosen.older_address or chosen.list_address
    else:
        address = chosen.list_address
    if not request.htmx:
        return redirect(address)
    if kind in ("star", "unstar"):
        return redirect(address)
    notices = render_to_string("parts/notices.html", {}, request)
    filed = {
        "next": address,
        "list": chosen.list_address,
        "unread": chosen.uids[0] if kind == "unseen" else 0,
    }
    headers = {
        "HX-Trigger": json.dumps({"ekorn:filed": filed}),
        "HX-Retarget": "#notices",
        "HX-Reswap": "innerHTML",
    }
    return HttpResponse(notices, headers=headers)


def _places(folders: Sequence[Folder], current: Folder | None) -> list[tuple[Folder, str, int, bool]]:
    """Folder, label, depth, and whether it can be chosen; one that can't stands there for those below it."""
    below = [following.depth for following in folders[1:]] + [0]
    return [
        (one, folder_label(one), min(one.depth, 5), offered)
        for one, next_depth in zip(folders, below, strict=True)
        if (offered := one.selectable and one is not current) or next_depth > one.depth
    ]


def _ask(request: Request, access: Access, chosen: Chosen, kind: str) -> HttpResponse:
    """For the folder, for the label, or whether it is meant: as a page, or as a dialog over the one that is there."""
    count = sum(len(parse_set(lot.uids)) for lot in chosen.lots(access))
    folders = reading.list_folders(access=access)
    current = next((one for one in folders if one.name == chosen.folder and not chosen.several), None)
    context = {
        "kind": kind,
        "chosen": chosen,
        "action": marking_address(chosen.folder),
        "count": count,
        "count_label": count_label(count),
        "back": chosen.message_address if chosen.open else chosen.list_address,
        "places": _places(folders, current),
        "labels": labels_of(person=access.person),
        "folders": "" if request.htmx else render_folders(folders, current),
    }
    if request.htmx:
        response = render(request, "filing/dialog.html", context)
        response.headers["HX-Retarget"] = "#dialogs"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return render(request, "filing/ask.html", context)
