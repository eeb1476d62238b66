"""The settings screen of devices: where a person is signed in, how to end that, and who tried to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from webmail.accounts.access import access_of
from webmail.signins import events, sessions
from webmail.signins.models import Kind, Session, SignInEvent

from ..dates import Calendar, calendar_of_now
from ..request import Request

# Of the history.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Device:
    """A session as it is shown; `key` names it in the form, "" for the one that asks. `since` is `began` in
    full."""

    key: str
    name: str
    address: str
    since: str
    began: str
    used: str
    is_admin: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    name: str
    words: str
    address: str
    at: str
    failed: bool


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: Request) -> HttpResponse:
    """Fields of POST: `do` "end" with `key` of a session, or "others" for all but this one."""
    person, this = access_of(request).person, sessions.key_of(request)
    if request.method == "POST":
        match request.POST.get("do"):
            case "end":
                if sessions.end_session(request.POST.get("key", ""), person=person):
                    messages.success(request, _("That device is signed out."))
                else:
                    messages.info(request, _("That device was signed out already."))
            case "others":
                messages.success(request, _count(sessions.end_all(person, but=this)))
            case _:
                raise BadRequest("not something to do")
        return redirect("devices")
    calendar = calendar_of_now()
    found = sorted(sessions.sessions_of(person), key=lambda one: one.pk != this)
    context = {
        "section": "devices",
        "devices": [_device(one, this, calendar) for one in found],
        "attempts": [_attempt(one, calendar) for one in events.events_of(person)[:SHOWN]],
    }
    return render(request, "settings/devices.html", context)


def _count(ended: int) -> str:
    if not ended:
        return _("No other device was signed in.")
    words = ngettext("%(count)d device was signed out.", "%(count)d devices were signed out.", ended)
    return words % {"count": ended}


def _device(session: Session, this: str, calendar: Calendar) -> Device:
    return Device(
        key="" if session.pk == this else session.pk,
        name=session.device or _("Unknown device"),
        address=session.address or "",
        since=calendar.full(session.started),
        began=calendar.label(session.started),
        used=calendar.label(session.last_used),
        is_admin=session.kind == Kind.ADMIN,
    )


def _attempt(event: SignInEvent, calendar: Calendar) -> Attempt:
    return Attempt(
        name=event.device or _("Unknown device"),
        words=_outcome(event),
        address=event.address or "",
        at=calendar.full(event.at),
        failed=event.outcome != events.Outcome.SUCCESS,
    )


def _outcome(event: SignInEvent) -> str:
    match event.outcome:
        case events.Outcome.SUCCESS:
            return _("Signed in") if event.kind == Kind.MAIL else _("Signed in to the administration")
        case events.Outcome.FACTOR:
            return _("The password was right, the second step was not")
        case events.Outcome.LOCKED:
            return _("Turned away: too many tries")
        case events.Outcome.BLOCKED:
            return _("Turned away: this account may not sign in")
        case events.Outcome.SERVER:
            return _("The mail server could not be reached")
    return _("Wrong password")
