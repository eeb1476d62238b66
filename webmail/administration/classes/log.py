"""What was done in the admin, and by whom."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..site import site
from .base import Shown


@admin.register(LogEntry, site=site)
class LogEntryAdmin(Shown):
    list_display = ("action_time", "user", "what", "content_type", "object_repr")
    list_display_links = ("action_time",)
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("user__username", "object_repr")
    date_hierarchy = "action_time"
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("what was done"))
    def what(self, entry: LogEntry) -> Any:
        return entry.get_change_message() or entry.get_action_flag_display()


@admin.register(Group, site=site)
class RoleAdmin(GroupAdmin):
    """Seen by all who may; given and written by superusers."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))
