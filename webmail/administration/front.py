"""The first page: how many, how it goes, what needs somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.accounts.models import Person
from webmail.outbox.models import Outgoing
from webmail.signins import limits
from webmail.signins.models import Session, SignInEvent

from . import hours
from .models import Instance
from .reporting import STALE_AFTER

State = Outgoing.State


@dataclass(frozen=True, slots=True)
class Figure:
    """`note` says more of it; `bad`: somebody should look."""

    words: str
    value: int
    note: str = ""
    address: str = ""
    bad: bool = False


def context(request: HttpRequest) -> dict[str, Any]:
    try:
        asked = int(request.GET.get("hours", ""))
    except ValueError:
        asked = 0
    shown = hours.last(asked)
    return {
        "figures": figures(),
        "plots": hours.plots(shown),
        "hours": shown,
        "choices": hours.CHOICES,
    }


def figures() -> list[Figure]:
    """Six queries."""
    return [_people(), _signed_in(), _sign_ins(), _locked_out(), _outbox(), _instances()]


def _people() -> Figure:
    found = Person.objects.aggregate(all=Count("pk"), blocked=Count("pk", filter=Q(is_active=False)))
    blocked = ngettext("%(count)s blocked", "%(count)s blocked", found["blocked"]) % {
        "count": found["blocked"]
    }
    return Figure(_("People"), found["all"], blocked, _list("accounts_person"))


def _signed_in() -> Figure:
    found = Session.objects.filter(person__isnull=False, expire_date__gt=timezone.now()).aggregate(
        people=Count("person", distinct=True), sessions=Count("pk")
    )
    words = ngettext("%(count)s session", "%(count)s sessions", found["sessions"]) % {
        "count": found["sessions"]
    }
    return Figure(_("Signed in"), found["people"], words, _list("signins_session"))


def _sign_ins() -> Figure:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    good = Q(outcome=SignInEvent.Outcome.SUCCESS)
    found = SignInEvent.objects.filter(at__gte=midnight).aggregate(
        good=Count("pk", filter=good), failed=Count("pk", filter=~good)
    )
    failed = ngettext("%(count)s failed", "%(count)s failed", found["failed"]) % {"count": found["failed"]}
    return Figure(_("Sign-ins today"), found["good"], failed, _list("signins_signinevent"))


def _locked_out() -> Figure:
    count = limits.locked_out().count()
    return Figure(_("Locked out"), count, address=_list("signins_tries"), bad=count > 0)


def _outbox() -> Figure:
    waiting = Q(state__in=(State.QUEUED, State.SUBMITTING, State.HANDED_OVER))
    failed = Q(state__in=(State.REFUSED, State.UNKNOWN), dismissed=False)
    found = Outgoing.objects.filter(waiting | failed).aggregate(
        waiting=Count("pk", filter=waiting), failed=Count("pk", filter=failed)
    )
    words = ngettext("%(count)s not sent", "%(count)s not sent", found["failed"]) % {"count": found["failed"]}
    return Figure(
        _("Waiting in the outbox"), found["waiting"], words, _list("outbox_outgoing"), bad=found["failed"] > 0
    )


def _instances() -> Figure:
    alive = Q(seen__gte=timezone.now() - STALE_AFTER)
    found = Instance.objects.aggregate(
        alive=Count("pk", filter=alive),
        silent=Count("pk", filter=~alive),
        connections=Sum("connections", filter=alive),
    )
    count = found["connections"] or 0
    words = ngettext("%(count)s connection", "%(count)s connections", count) % {"count": count}
    if found["silent"]:
        words += ", " + ngettext("%(count)s silent", "%(count)s silent", found["silent"]) % {
            "count": found["silent"]
        }
    return Figure(
        _("Instances alive"), found["alive"], words, _list("administration_instance"), bad=found["silent"] > 0
    )


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")
