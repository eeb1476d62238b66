"""The address book's lists: everybody, those collected, one group; and what is done with several at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from webmail.accounts.access import access_of
from webmail.accounts.models import Person
from webmail.contacts import book, groups, keeping, limits
from webmail.contacts.pages import GroupLine
from webmail.contacts.suggesting import suggest

from ..contact_pages import SIZE, UNDO, compose_to, list_context, offering_undo
from ..door import safe_next
from ..queries import number, page_number
from ..request import Request

# A page holds fifty; more at once is nobody's click.
MOST = 200
FIELDS = frozenset({"to", "cc", "bcc", ""})


@require_safe
def contacts(request: Request) -> HttpResponse:
    """`q`: words to look for."""
    return _list(request, access_of(request).person, "saved", reverse("contacts"))


@require_safe
def collected(request: Request) -> HttpResponse:
    return _list(request, access_of(request).person, "collected", reverse("contacts-collected"))


@require_safe
def group(request: Request, group: int) -> HttpResponse:
    person = access_of(request).person
    line = groups.get_group(person=person, group=group)
    everybody = groups.recipients(person=person, group=group)
    address = reverse("contact-group", args=[group])
    return _list(
        request, person, "group", address, line, write=compose_to(everybody), members=bool(everybody)
    )


def _list(
    request: Request,
    person: Person,
    section: str,
    address: str,
    group: GroupLine | None = None,
    **more: Any,
) -> HttpResponse:
    query = _query(request)
    page = book.list_contacts(
        person=person,
        kind="collected" if section == "collected" else "saved",
        query=query,
        group=group.id if group else None,
        page=page_number(request.GET.get("page")),
        size=SIZE,
    )
    context = {
        "section": section,
        "group": group,
        "groups": groups.list_groups(person=person) if section == "saved" else (),
        **list_context(request, page, address, query),
        **more,
    }
    return render(request, "contacts/list.html", context)


@require_POST
def change(request: Request) -> HttpResponse:
    """Fields: `contact`, any number of them; `do` "delete", "keep", "write", "join" or "leave", the last two with
    `group`; `next`, where to go afterwards."""
    person = access_of(request).person
    chosen = [number(text) for text in request.POST.getlist("contact")]
    if len(chosen) > MOST:
        raise BadRequest("too many contacts")
    after = safe_next(request, reverse("contacts"))
    match request.POST.get("do"):
        case "delete":
            return _delete(request, person, chosen, after)
        case "write":
            return _write(request, person, chosen, after)
        case "keep":
            count = keeping.keep(person=person, contacts=chosen)
            if count:
                said = ngettext(
                    "{count} is in your contacts now.", "{count} are in your contacts now.", count
                )
                messages.success(request, said.format(count=count))
        case "join":
            to = number(request.POST.get("group"))
            name = groups.get_group(person=person, group=to).name
            count = groups.add_members(person=person, group=to, contacts=chosen)
            if count:
                said = ngettext("{count} was added to {group}.", "{count} were added to {group}.", count)
                messages.success(request, said.format(count=count, group=name))
        case "leave":
            groups.remove_members(person=person, group=number(request.POST.get("group")), contacts=chosen)
        case _:
            raise BadRequest("not something to do")
    return redirect(after)


def _delete(request: Request, person: Person, chosen: list[int], after: str) -> HttpResponse:
    gone = keeping.delete(person=person, contacts=chosen)
    if not gone:
        return redirect(after)
    request.session[UNDO] = {"do": "restore", "contacts": gone, "count": len(gone)}
    return redirect(offering_undo(after))


def _write(request: Request, person: Person, chosen: list[int], after: str) -> HttpResponse:
    everybody = book.recipients(person=person, contacts=chosen)
    if address := compose_to(everybody):
        return redirect(address)
    if everybody:
        messages.warning(request, _("That is too many to begin a message with. Put them into a group first."))
    else:
        messages.warning(request, _("There is no address to write to."))
    return redirect(after)


@require_safe
def suggestions(request: Request) -> HttpResponse:
    """For the recipients fields: `q`, what was typed, and `field`. Answers with a list of {"label", "value",
    "detail", "kind"}."""
    person = access_of(request).person
    if request.GET.get("field", "") not in FIELDS:
        raise BadRequest("not a field")
    found = suggest(person=person, text=_query(request))
    answer = [
        {
            "label": one.label,
            "value": one.value,
            "detail": one.detail or _members(one.count),
            "kind": one.kind,
        }
        for one in found
    ]
    return JsonResponse(answer, safe=False, headers={"Cache-Control": "no-store"})


def _members(count: int) -> str:
    return ngettext("{count} person", "{count} people", count).format(count=count)


def _query(request: Request) -> str:
    query = request.GET.get("q", "")
    if len(query) > limits.QUERY:
        raise BadRequest("too long")
    return query.replace("\0", "").strip()
