"""Which instances live, and who holds connections to the mail server in them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Holding, Instance
from ..reporting import STALE_AFTER
from ..site import site
from .base import Shown, mark


@admin.register(Instance, site=site)
class InstanceAdmin(Shown):
    list_display = (
        "name",
        "alive",
        "people",
        "connections",
        "borrowed",
        "waiting",
        "streams",
        "started",
        "seen",
    )
    fields = list_display
    readonly_fields = fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("state"), ordering="seen")
    def alive(self, row: Instance) -> Any:
        if timezone.now() - row.seen > STALE_AFTER:
            return mark(_("silent: ended or hangs"), "bad")
        return mark(_("alive"), "good")


@admin.register(Holding, site=site)
class HoldingAdmin(Shown):
    list_display = ("person", "instance", "connections", "borrowed", "waiting", "idle_seconds")
    list_filter = ("instance",)
    list_select_related = ("person", "instance")
    search_fields = ("person__username",)
    fields = list_display
    readonly_fields = fields
    ordering = ("-waiting", "-connections", "person__username")
