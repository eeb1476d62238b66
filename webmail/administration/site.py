"""Our own admin site: its sign-in, its front page, and what every page of it shows."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from . import signing
from .chapters import chapters


class Administration(AdminSite):
    site_title = "Ekorn"
    site_header = "Ekorn"
    index_title = _("How the service is doing")
    site_url = None
    password_change_form = None
    empty_value_display = "–"

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        request.current_app = self.name
        return signing.sign_in(request, context=self.each_context(request) | (extra_context or {}))

    def get_urls(self) -> list[Any]:
        return [path("second-step/", self.second_step, name="second-step"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from . import front

        return super().index(request, front.context(request) | (extra_context or {}))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return apps if app_label else chapters(apps, address=reverse("admin:index", current_app=self.name))

    def second_step(self, request: HttpRequest) -> HttpResponse:
        request.current_app = self.name
        return signing.second(request, context=self.each_context(request))

    # The stubs of these two know of one kind of answer only.
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return signing.sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return signing.change_password(request, context=self.each_context(request) | (extra_context or {}))


site = Administration(name="admin")
