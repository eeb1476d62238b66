"""What our admin classes share: rows that may only be seen, and who may do more than that."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst


class Ruled(ModelAdmin):
    """The permissions of actions, by the names that `roles` gives them: `@action(permissions=["unlock"])`."""

    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        return _may(request, "unlock")

    def has_block_permission(self, request: HttpRequest) -> bool:
        return _may(request, "block")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return _may(request, "export")

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return _may(request, "steer")


class Shown(Ruled):
    """Rows that the program writes: seen, and changed by actions alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def mark(words: object, look: str = "") -> SafeString:
    """A state in a list: "good", "bad", or neither. The words say it; colour only helps to find it."""
    return format_html('<span class="mark {}">{}</span>', look, words)


def _may(request: HttpRequest, what: str) -> bool:
    return request.user.has_perm(f"administration.{what}")
