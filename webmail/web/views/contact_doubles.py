"""Contacts that are likely to be the same person, and making one of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from webmail.accounts.access import access_of
from webmail.contacts import doubles
from webmail.contacts.doubles import MOST_OF_A_SET
from webmail.contacts.errors import FullError

from ..contact_pages import UNDO, offering_undo, rows, shown, undo
from ..queries import number
from ..request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def all_doubles(request: Request) -> HttpResponse:
    """Field of a POST, which merges: `contact`, two or more; the first keeps its name."""
    person = access_of(request).person
    if request.method != "POST":
        sets = [
            [
                {"row": row, "addresses": [shown(one.address) for one in entry.card.addresses]}
                for row, entry in zip(rows(entries), entries, strict=True)
            ]
            for entries in doubles.find_doubles(person=person)
        ]
        context = {"section": "doubles", "sets": sets, "undo": undo(request)}
        return render(request, "contacts/doubles.html", context)
    chosen = list(dict.fromkeys(number(text) for text in request.POST.getlist("contact")))
    if len(chosen) > MOST_OF_A_SET:
        raise BadRequest("too many contacts")
    if len(chosen) < 2:
        messages.warning(request, _("Choose two or more of them to merge."))
        return redirect("contact-doubles")
    try:
        made, parts = doubles.merge(person=person, contacts=chosen)
    except FullError:
        messages.error(
            request, _("Together they are more than one contact has room for. Nothing was changed.")
        )
        return redirect("contact-doubles")
    request.session[UNDO] = {"do": "unmerge", "made": made, "contacts": parts, "count": len(parts)}
    return redirect(offering_undo(reverse("contact-doubles")))
