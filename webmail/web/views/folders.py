"""Managing folders: all of them, one of them, deleting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from webmail.accounts.access import Access, access_of
from webmail.accounts.folder_choices import ROLES as CHOICES
from webmail.accounts.folder_choices import FolderChoices
from webmail.accounts.identities import identities_of
from webmail.mailbox import folders, reading
from webmail.mailbox.errors import MailboxError, MailServerError

from ..door import safe_next
from ..folder_pages import folder_context, overview_context
from ..folder_words import FAULTS, fault_words
from ..presentation import folder_label, isolated
from ..request import Request
from ..tree import render_folders

UNDO = "folder_undo"


@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request) -> HttpResponse:
    """Fields of a POST: `do` "create" with `label`, `parent`, `role`; "up" or "down" with `folder`; "place" with
    `folder` and `before`; "only" with `only`."""
    access = access_of(request)
    if request.method != "POST":
        return _overview(request, access)
    data = request.POST
    match data.get("do"):
        case "create":
            return _create(request, access)
        case "up" | "down" as way:
            folders.move_by(access=access, folder=_named(data, "folder"), by=1 if way == "down" else -1)
        case "place":
            folders.place_before(access=access, folder=_named(data, "folder"), before=data.get("before", ""))
        case "only":
            folders.show_subscribed_only(access=access, on=data.getlist("only")[-1:] == ["true"])
            messages.success(request, _("Saved."))
        case _other:
            raise BadRequest("not something to do")
    return redirect("folders")


@require_POST
def fold(request: Request) -> HttpResponse:
    """Fields: `fold` or `unfold`, a folder; `next`; `current`, the folder that is open."""
    access = access_of(request)
    way = "fold" if "fold" in request.POST else "unfold"
    folders.fold(access=access, folder=_named(request.POST, way), on=way == "fold")
    if not request.htmx:
        return redirect(safe_next(request))
    shown = reading.list_folders(access=access)
    current = next((one for one in shown if one.name == request.POST.get("current")), None)
    return HttpResponse(render_folders(shown, current))


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Request, folder: str) -> HttpResponse:
    """Fields of a POST: `do` "rename" with `label` and `parent`, "role" with `role`, "subscribe" or "unsubscribe"."""
    access = access_of(request)
    if request.method != "POST":
        return _one(request, access, folder)
    do = request.POST.get("do", "")
    try:
        match do:
            case "rename":
                return _rename(request, access, folder)
            case "role":
                folders.give_role(access=access, folder=folder, role=_role(request))
                messages.success(request, _("Saved."))
            case "subscribe" | "unsubscribe":
                folders.set_subscribed(access=access, folder=folder, on=do == "subscribe")
                other = "unsubscribe" if do == "subscribe" else "subscribe"
                request.session[UNDO] = {"did": do, "do": other, "folder": folder, "name": folder}
            case _other:
                raise BadRequest("not something to do")
    except FAULTS as error:
        messages.error(request, fault_words(error))
        return redirect("folders")
    return redirect("folder-settings", folder)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, folder: str) -> HttpResponse:
    """Asks, with what would go. Field of a POST: `seal`, which says what was asked about."""
    access = access_of(request)
    if request.method != "POST":
        return _ask(request, access, folder)
    try:
        gone = folders.delete_folder(access=access, folder=folder, seal=request.POST.get("seal", ""))
    except folders.FolderChangedError:
        messages.warning(request, _("The folder has changed meanwhile. Nothing was deleted; look again."))
        return _ask(request, access, folder, status=409)
    except FAULTS as error:
        messages.error(request, fault_words(error))
    else:
        messages.success(request, _("{name} was deleted.").format(name=isolated(folder_label(gone.folder))))
    return redirect("folders")


def _create(request: Request, access: Access) -> HttpResponse:
    label, parent, role = request.POST.get("label", ""), request.POST.get("parent", ""), _role(request)
    try:
        folders.create_folder(access=access, label=label, parent=parent, role=role)
    except FAULTS as error:
        typed = {"label": label, "parent": parent, "role": role}
        return _overview(request, access, typed=typed, wrong=_words(error))
    messages.success(request, _("{name} was made.").format(name=isolated(label)))
    return redirect("folders")


def _rename(request: Request, access: Access, folder: str) -> HttpResponse:
    label, parent = request.POST.get("label", ""), request.POST.get("parent", "")
    try:
        renamed = folders.rename_folder(access=access, folder=folder, label=label, parent=parent)
    except FAULTS as error:
        return _one(request, access, folder, typed={"label": label, "parent": parent}, wrong=_words(error))
    if renamed.name != folder:
        request.session[UNDO] = {
            "did": "rename",
            "do": "rename",
            "folder": renamed.name,
            "name": label,
            "label": renamed.label,
            "parent": renamed.parent,
        }
    return redirect("folder-settings", renamed.name)


def _overview(
    request: Request, access: Access, *, typed: dict[str, str] | None = None, wrong: str = ""
) -> HttpResponse:
    found = folders.overview(access=access)
    context = overview_context(found) | {
        "typed": typed or {"label": "", "parent": "", "role": ""},
        "wrong": wrong,
        "only": FolderChoices.of(access.person.folder_choices).subscribed_only,
    }
    return _page(request, "folders/overview.html", context, status=422 if wrong else 200)


def _one(
    request: Request,
    access: Access,
    folder: str,
    *,
    typed: dict[str, str] | None = None,
    wrong: str = "",
) -> HttpResponse:
    found = folders.folder_entry(access=access, folder=folder)
    context = folder_context(found, folder) | {"wrong": wrong}
    if typed:
        context["typed"] = typed
    return _page(request, "folders/folder.html", context, status=422 if wrong else 200)


def _ask(request: Request, access: Access, folder: str, *, status: int = 200) -> HttpResponse:
    try:
        going = folders.doomed(access=access, folder=folder)
    except folders.FolderProtectedError as error:
        messages.error(request, fault_words(error))
        return redirect("folder-settings", folder)
    context = {
        "going": going,
        "label": folder_label(going.folder),
        "folders": render_folders(going.folders, going.folder),
        "writers": [
            one.name or one.address
            for one in identities_of(person=access.person)
            if one.sent_folder in going.names
        ],
    }
    return _page(request, "folders/delete.html", context, status=status)


def _page(request: Request, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    return render(request, template, context | {"undo": request.session.pop(UNDO, None)}, status=status)


def _words(error: MailboxError | MailServerError) -> str:
    """BadRequest for what no browser sends by itself."""
    if isinstance(error, folders.FolderNameError) and error.reason == "unsendable":
        raise BadRequest("not a folder's name")
    return fault_words(error)


def _named(data: Any, field: str) -> str:
    name = str(data.get(field, ""))
    if not name:
        raise BadRequest("no folder")
    return name


def _role(request: Request) -> str:
    role = request.POST.get("role", "")
    if role and role not in CHOICES:
        raise BadRequest("not a role")
    return role
