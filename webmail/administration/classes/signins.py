"""Sessions, the sign-in log and lock-outs: who is signed in where, who tried, who has to wait."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from webmail.signins import events, limits, sessions
from webmail.signins.models import Session, SignInEvent, Tries

from ..site import site
from .base import Shown, mark
from .people import NOT_YOURS, may_touch


@admin.register(Session, site=site)
class SessionAdmin(Shown):
    """The key of a row is a digest of the session id, so it may stand in addresses and opens nothing."""

    list_display = ("person", "kind", "device", "address", "started", "last_used")
    list_filter = ("kind", "last_used", "started")
    list_select_related = ("person",)
    search_fields = ("person__username", "address", "device")
    ordering = ("-last_used",)
    fields = ("person", "kind", "device", "address", "started", "last_used", "expire_date")
    readonly_fields = fields
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return (
            super()
            .get_queryset(request)
            .filter(person__isnull=False, expire_date__gt=timezone.now())
            .defer("session_data")
        )

    @admin.action(description=_("End: the browser is signed out"), permissions=["unlock"])
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        done = 0
        for session in queryset.select_related("person"):
            if session.person is None or not may_touch(request, session.person):
                self.message_user(request, NOT_YOURS, messages.ERROR)
            elif sessions.end_session(session.pk):
                self.log_change(request, session, "Ended.")
                done += 1
        words = ngettext("%(count)s session has ended.", "%(count)s sessions have ended.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)


@admin.register(SignInEvent, site=site)
class SignInEventAdmin(Shown):
    list_display = ("at", "result", "account", "kind", "address", "device")
    list_filter = ("outcome", "kind", "at")
    search_fields = ("account", "address")
    search_help_text = _("Sign-in name or address.")
    ordering = ("-at", "-pk")
    date_hierarchy = "at"
    fields = ("at", "outcome", "account", "person", "kind", "address", "device")
    readonly_fields = fields
    actions = ("as_csv",)
    change_list_template = "admin/signins/signinevent/change_list.html"

    def get_urls(self) -> list[Any]:
        own = path("csv/", self.admin_site.admin_view(self.csv), name="signins_signinevent_csv")
        return [own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        address = reverse("admin:signins_signinevent_csv")
        query = request.META.get("QUERY_STRING", "")
        said = {"csv_address": f"{address}?{query}" if query else address}
        return super().changelist_view(request, said | (extra_context or {}))

    def csv(self, request: HttpRequest) -> HttpResponseBase:
        """All that the filters of the list leave."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:signins_signinevent_changelist")
        return _as_csv(shown)

    @admin.display(description=_("outcome"), ordering="outcome")
    def result(self, event: SignInEvent) -> Any:
        good = event.outcome == SignInEvent.Outcome.SUCCESS
        return mark(event.get_outcome_display(), "good" if good else "bad")

    @admin.action(description=_("Save as CSV"), permissions=["view"])
    def as_csv(self, request: HttpRequest, queryset: QuerySet[SignInEvent]) -> HttpResponseBase:
        return _as_csv(queryset)


@admin.register(Tries, site=site)
class TriesAdmin(Shown):
    """Those that have to wait now. Lifted, they may try again at once."""

    list_display = ("who", "scope", "locked_until", "failed", "refused", "lock_outs")
    list_filter = ("scope",)
    search_fields = ("account", "address")
    fields = ("account", "address", "scope", "locked_until", "since", "failed", "refused", "lock_outs")
    readonly_fields = fields
    actions = ("lift",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tries]:
        return limits.locked_out()

    @admin.display(description=_("who"), ordering="account")
    def who(self, row: Tries) -> str:
        return str(row)

    @admin.action(description=_("Lift: they may try again at once"), permissions=["unlock"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Tries]) -> None:
        rows = list(queryset)
        for row in rows:
            self.log_change(request, row, "Lifted.")
        done = limits.lift(rows)
        words = ngettext("%(count)s lock-out is lifted.", "%(count)s lock-outs are lifted.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS)


def _as_csv(found: QuerySet[SignInEvent]) -> HttpResponseBase:
    return StreamingHttpResponse(
        events.as_csv(found.iterator(1000)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="sign-ins.csv"'},
    )
