"""Who a person writes as: the list, one of them, its signature."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from webmail.accounts.access import Access, access_of
from webmail.accounts.errors import MailServerError
from webmail.accounts.identities import (
    SenderIdentity,
    UnknownIdentityError,
    delete_identity,
    identities_of,
    identity_named,
    make_default,
    move_identity,
    save_identity,
)
from webmail.accounts.identity_fields import FIELDS, IdentityError
from webmail.accounts.models import Person
from webmail.accounts.senders import allowed_senders
from webmail.mail.address import Mailbox
from webmail.mail.html import Sanitised, content_security_policy, document
from webmail.mailbox import reading
from webmail.mailbox.writing.rich import signature as rich_signature
from webmail.mailbox.writing.rich import signature_typed

from ..compose import EDITOR
from ..presentation import folder_label, hue_class
from ..request import Request

NEW = "new"
DELETED = "deleted_identity"
WRONG = {
    "empty": gettext_lazy("Fill in an address."),
    "control": gettext_lazy(
        "There is a character in it that can't be seen, such as a line break. Type it anew."
    ),
    "long": gettext_lazy("This is too long."),
    "address": gettext_lazy("This is not an e-mail address, such as name@example.org."),
    "forbidden": gettext_lazy("This service does not let you write as this address."),
    "markup": gettext_lazy("This HTML is too intricate to be made safe. Try with less of it."),
    "many": gettext_lazy("You have as many identities as there is room for. Delete one first."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def identities(request: Request) -> HttpResponse:
    """Fields of a POST: `change` "up", "down", "default" or "delete" with the identity's `key`, or "restore"."""
    person = access_of(request).person
    if request.method == "POST":
        return _change(request, person)
    found = identities_of(person=person)
    former = request.session.get(DELETED) if "deleted" in request.GET else None
    context = {
        "section": "identities",
        "shown": [{"identity": one, "face": face, "hue": hue_class(face)} for one, face in _faces(found)],
        "many": len(found) > 1,
        "deleted": Mailbox(former["name"], former["address"]) if former else None,
    }
    return render(request, "settings/identities.html", context)


def _change(request: Request, person: Person) -> HttpResponse:
    key, change = request.POST.get("key", ""), request.POST.get("change", "")
    list_address = reverse("identities")
    try:
        match change:
            case "up" | "down":
                move_identity(person=person, key=key, by=1 if change == "down" else -1)
            case "default":
                make_default(person=person, key=key)
            case "delete":
                at = [one.key for one in identities_of(person=person)].index(key)
                former = delete_identity(person=person, key=key)
                request.session[DELETED] = {"at": at, **asdict(former)}
                return redirect(f"{list_address}?deleted=1")
            case "restore":
                _restore(request, person)
            case _:
                raise BadRequest("no such change")
    except (UnknownIdentityError, ValueError):
        raise Http404 from None
    return redirect(list_address)


def _restore(request: Request, person: Person) -> None:
    former = request.session.pop(DELETED, None)
    if former is None:
        return
    at = former.pop("at")
    try:
        back = save_identity(person=person, identity=SenderIdentity(**former | {"key": ""}))
    except IdentityError as error:
        messages.error(request, str(WRONG[error.reason]))
        return
    move_identity(person=person, key=back.key, by=at - len(identities_of(person=person)) + 1)


@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: Request, key: str) -> HttpResponse:
    """Fields of a POST: those of SenderIdentity. Only what was sent is changed."""
    access = access_of(request)
    saved = SenderIdentity(address="") if key == NEW else _named(access.person, key)
    if request.method != "POST":
        return _page(request, access, key, saved)
    typed = _typed(request, saved)
    try:
        save_identity(person=access.person, identity=typed)
    except IdentityError as error:
        return _page(request, access, key, typed, error=error)
    messages.success(request, _("Saved."))
    return redirect("identities")


@require_safe
@xframe_options_sameorigin
def signature(request: Request, key: str) -> HttpResponse:
    """The formatted one as a document of its own, for a frame."""
    found = _named(access_of(request).person, key)
    return HttpResponse(
        document(Sanitised(found.signature_rich)),
        headers={"Content-Security-Policy": content_security_policy()},
    )


def _named(person: Person, key: str) -> SenderIdentity:
    try:
        return identity_named(person=person, key=key)
    except UnknownIdentityError:
        raise Http404 from None


def _typed(request: Request, saved: SenderIdentity) -> SenderIdentity:
    fields = {name: request.POST.get(name, getattr(saved, name)) for name in FIELDS}
    fields["signature_rich"] = signature_typed(fields["signature_rich"])
    return SenderIdentity(
        key=saved.key, is_default=request.POST.getlist("is_default")[-1:] == ["true"], **fields
    )


def _page(
    request: Request, access: Access, key: str, typed: SenderIdentity, *, error: IdentityError | None = None
) -> HttpResponse:
    found = identities_of(person=access.person)
    saved = next((one for one in found if one.key == typed.key), None)
    context: dict[str, Any] = {
        "section": "identities",
        "key": key,
        "new": saved is None,
        "title": Mailbox(saved.name, saved.address).display if saved else "",
        "typed": typed,
        "fixed_default": saved is not None and saved.is_default,
        "rule": _rule(access.person),
        "folders_offered": _folders(access, typed.sent_folder),
        "editor": EDITOR if settings.EDITOR_DIR.exists() else "",
        "signature": rich_signature(replace(typed, signature_plain="")),
        "preview": saved is not None and saved.signature_rich,
        "wrong": error.field if error else None,
        "words": WRONG[error.reason] if error else "",
    }
    return render(request, "settings/identity.html", context, status=422 if error else 200)


def _faces(found: tuple[SenderIdentity, ...]) -> list[tuple[SenderIdentity, Mailbox]]:
    return [(one, Mailbox(one.name, one.address)) for one in found]


def _rule(person: Person) -> str:
    """Which addresses may be used, in words."""
    allowed = allowed_senders(person=person)
    if allowed is None:
        return _("Answers come to this address.")
    if "@" not in allowed[0]:
        return _(
            "Your sign-in name is no whole address. Whoever runs this service can say which domain it belongs to."
        )
    shown = [
        _("every address at %(domain)s") % {"domain": Mailbox("", sender).display_address[1:]}
        if sender.startswith("@")
        else Mailbox("", sender).display_address
        for sender in allowed
    ]
    return _("You may write as: %(addresses)s.") % {"addresses": ", ".join(shown)}


def _folders(access: Access, chosen: str) -> list[tuple[str, str]]:
    """Name and label of the folders to choose from; only the chosen one where the mail server can't tell."""
    try:
        listed = reading.list_folders(access=access)
    except MailServerError:
        listed = ()
    offered = [(one.name, "\u2003" * one.depth + folder_label(one)) for one in listed if one.selectable]
    if chosen and chosen not in (name for name, _label in offered):
        offered.append((chosen, chosen))
    return offered
