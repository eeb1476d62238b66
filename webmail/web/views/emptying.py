"""Emptying the trash and the junk folder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from webmail.accounts.access import Access, access_of
from webmail.mailbox import folders
from webmail.mailbox.errors import TooManyError
from webmail.mailbox.folders import FolderProtectedError

from .. import done
from ..addresses import folder_address
from ..presentation import count_label, folder_label
from ..queries import number
from ..request import Request
from ..tree import render_folders

# Days; "" is everything.
OLDER: Final = (30, 90, 365)


@require_http_methods(["GET", "HEAD", "POST"])
def empty(request: Request, folder: str) -> HttpResponse:
    """Asks, with how many there are. Fields of a POST: `older`, days, "" for everything; `uid_validity`, `last_uid`,
    which say what was asked about."""
    access = access_of(request)
    try:
        if request.method == "POST":
            return _empty(request, access, folder)
        return _ask(request, access, folder)
    except FolderProtectedError:
        messages.error(request, _("Only the trash and the junk folder can be emptied."))
        return redirect("folder-settings", folder)


def _empty(request: Request, access: Access, folder: str) -> HttpResponse:
    data = request.POST
    older = data.get("older", "")
    if older and older not in map(str, OLDER):
        raise BadRequest("not an age")
    try:
        deed = folders.empty_folder(
            access=access,
            folder=folder,
            uid_validity=number(data.get("uid_validity")),
            last_uid=number(data.get("last_uid")),
            before=_day(int(older)) if older else None,
        )
    except TooManyError:
        messages.error(request, _("Too much is under way already. Wait until it is done, then try again."))
    else:
        if deed is None:
            messages.warning(request, _("There was nothing to delete."))
        else:
            done.tell(request, deed)
    return redirect(folder_address(folder))


def _ask(request: Request, access: Access, folder: str) -> HttpResponse:
    found = folders.waiting(access=access, folder=folder, days=[_day(days) for days in OLDER])
    counts = [("", _("Everything"), found.messages)] + [
        (str(days), _older_words(days), count)
        for days, (_before, count) in zip(OLDER, found.before, strict=True)
    ]
    trash = found.folder.role == "trash"
    context = {
        "waiting": found,
        "title": _("Empty the trash?") if trash else _("Empty the junk folder?"),
        "label": folder_label(found.folder),
        "address": folder_address(found.folder.name),
        "choices": [(value, words, _messages(count)) for value, words, count in counts if count],
        "folders": render_folders(found.folders, found.folder),
    }
    return render(request, "folders/empty.html", context)


def _day(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _older_words(days: int) -> str:
    return ngettext("Older than {days} day", "Older than {days} days", days).format(days=days)


def _messages(count: int) -> str:
    return ngettext("{count} message", "{count} messages", count).format(count=count_label(count))
