"""One contact: its page, its form, adding a sender; and taking back what was done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webmail.accounts.access import access_of
from webmail.accounts.models import Person
from webmail.contacts import book, doubles, groups, keeping, limits
from webmail.contacts.errors import FullError, RefusedError
from webmail.contacts.pages import Card, CardAddress
from webmail.mail.address import Mailbox

from ..contact_pages import UNDO, Line, compose_address, shown, undo
from ..dates import calendar_of_now
from ..door import safe_next
from ..presentation import hue_class
from ..request import Request

WRONG = {
    "empty": gettext_lazy("Fill in a name or an address."),
    "address": gettext_lazy("This is not an e-mail address, such as name@example.org."),
    "twice": gettext_lazy("This address is here twice."),
    "many": gettext_lazy("A contact has room for 50 addresses."),
}
FULL = gettext_lazy("There is no room for more. Delete contacts or groups that you don't need first.")


@require_safe
def contact(request: Request, contact: int) -> HttpResponse:
    entry = book.get(person=access_of(request).person, contact=contact)
    card = entry.card
    context = {
        "section": "collected" if entry.kind == "collected" else "saved",
        "entry": entry,
        "name": card.display if card.name or card.organisation else shown(card.address),
        "initials": card.face.initials,
        "hue": hue_class(card.face),
        "lines": [
            Line(shown(one.address), label_words(one.label), compose_address(card.name, one.address))
            for one in card.addresses
        ],
        "last_used": calendar_of_now().label(entry.last_used) if entry.last_used else "",
        "undo": undo(request),
    }
    return render(request, "contacts/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, contact: int | None = None) -> HttpResponse:
    """Fields: `name`, `organisation`, `notes`; `address` and `label` as often as there are rows; `group`, any number
    of names; `more` instead of saving, for one more row."""
    person = access_of(request).person
    entry = book.get(person=person, contact=contact) if contact is not None else None
    if request.method != "POST":
        card = entry.card if entry else Card()
        return _form(request, person, contact, card, [(one.address, one.label) for one in card.addresses])
    lines = _lines(request)
    card = _typed(request, lines)
    if "more" in request.POST:
        return _form(request, person, contact, card, lines, spare=2)
    try:
        saved = keeping.save(person=person, card=card, contact=contact)
    except RefusedError as error:
        return _form(request, person, contact, card, lines, problems=dict(error.problems))
    except FullError:
        return _form(request, person, contact, card, lines, problems={"": "full"})
    messages.success(request, _("Saved."))
    return redirect("contact", saved)


@require_POST
def add(request: Request) -> HttpResponse:
    """Somebody who wrote. Fields: `name`, `address`, `next`."""
    person = access_of(request).person
    sender = Mailbox(request.POST.get("name", "")[: limits.NAME], request.POST.get("address", ""))
    try:
        _number, news = keeping.add_sender(person=person, mailbox=sender)
    except RefusedError:
        raise BadRequest("not an address") from None
    except FullError:
        messages.error(request, str(FULL))
        return redirect(safe_next(request, reverse("contacts")))
    said = _("{name} is in your contacts now.") if news else _("{name} was in your contacts already.")
    messages.success(request, said.format(name=sender.display))
    return redirect(safe_next(request, reverse("contacts")))


@require_POST
def take_back(request: Request) -> HttpResponse:
    """The last deletion or merge of this browser."""
    person = access_of(request).person
    match request.session.pop(UNDO, None):
        case {"do": "restore", "contacts": contacts}:
            keeping.restore(person=person, contacts=contacts)
        case {"do": "unmerge", "made": made, "contacts": contacts}:
            doubles.unmerge(person=person, contact=made, parts=contacts)
        case {"do": "group", "name": name, "contacts": contacts}:
            try:
                groups.save_group(person=person, name=name, members=contacts)
            except (RefusedError, FullError):
                messages.error(request, _("There is another group of that name now."))
    return redirect(safe_next(request, reverse("contacts")))


def label_words(label: str) -> str:
    return {"home": _("Home"), "work": _("Work")}.get(label, label)


def _lines(request: Request) -> list[tuple[str, str]]:
    """(address, label) of each row that was filled in."""
    codes = {_("Home").casefold(): "home", _("Work").casefold(): "work"}
    addresses, labels = request.POST.getlist("address"), request.POST.getlist("label")
    labels += [""] * (len(addresses) - len(labels))
    filled = ((address.strip(), label.strip()) for address, label in zip(addresses, labels, strict=False))
    return [(address, codes.get(label.casefold(), label)) for address, label in filled if address or label]


def _typed(request: Request, lines: list[tuple[str, str]]) -> Card:
    named = (*request.POST.getlist("group"), request.POST.get("new_group", ""))
    return Card(
        name=request.POST.get("name", ""),
        organisation=request.POST.get("organisation", ""),
        notes=request.POST.get("notes", "").replace("\r\n", "\n"),
        addresses=tuple(CardAddress(*line) for line in lines),
        groups=tuple(name for name in named if name.strip()),
    )


def _form(
    request: Request,
    person: Person,
    contact: int | None,
    card: Card,
    lines: list[tuple[str, str]],
    *,
    problems: dict[str, str] | None = None,
    spare: int = 1,
) -> HttpResponse:
    problems = problems or {}
    room = max(0, min(spare, limits.ADDRESSES - len(lines)))
    known = groups.list_groups(person=person)
    names = {line.name for line in known}
    context: dict[str, Any] = {
        "section": "saved",
        "contact": contact,
        "card": card,
        "lines": [
            {
                "number": number,
                "address": address,
                "label": label_words(label),
                "wrong": WRONG.get(problems.get(f"address-{number}", ""), ""),
            }
            for number, (address, label) in enumerate([*lines, *[("", "")] * room])
        ],
        "groups": [(line.name, line.name in card.groups) for line in known],
        "new_group": next((name for name in card.groups if name not in names), ""),
        "wrong_name": WRONG.get(problems.get("name", ""), ""),
        "wrong": FULL if problems.get("") == "full" else "",
        "limits": limits,
        "asked_for_more": spare > 1,
    }
    return render(request, "contacts/edit.html", context, status=422 if problems else 200)
