"""Mail domains: whose mail is where, and what people of a domain may."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from webmail.domains.checking import check_domain
from webmail.domains.forms import MailDomainForm
from webmail.domains.models import MailDomain
from webmail.domains.registry import of_row

from ..site import site
from .base import Ruled, mark


@admin.register(MailDomain, site=site)
class MailDomainAdmin(Ruled):
    list_display = ("name", "default", "imap_url", "smtp_url", "certificates", "provisioning", "changed")
    list_filter = ("provisioning", "verify")
    search_fields = ("name", "imap_url", "smtp_url")
    form = MailDomainForm
    change_form_template = "admin/domains/maildomain/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "is_default", "hosts")}),
        (_("Servers"), {"fields": ("imap_url", "smtp_url", "sieve_url")}),
        (
            _("Encryption"),
            {
                "fields": ("verify", "ca_pem", "ca_file"),
                "description": _(
                    "Nothing is to be done here where the servers' certificates are public ones."
                ),
            },
        ),
        (_("Sign-in"), {"fields": ("provisioning", "login", "login_template")}),
        (_("Writing"), {"fields": ("sender_policy", "sender_addresses")}),
        (
            _("Limits"),
            {
                "fields": (
                    "attachment_limit",
                    "recipients",
                    "messages_per_hour",
                    "connections",
                    "streams",
                    "threads",
                ),
                "description": _("What is empty is as the settings of the service say."),
            },
        ),
        (_("Reading"), {"fields": ("trusted_hosts",)}),
        (_("Looks"), {"fields": ("title", "logo_file", "no_logo", "colour", "help_url", "notice")}),
        (
            _("Folder names"),
            {
                "fields": ("folder_sent", "folder_drafts", "folder_trash", "folder_junk", "folder_archive"),
                "classes": ("collapse",),
                "description": _("Only where the mail server does not say itself which folder is which."),
            },
        ),
    )

    @admin.display(description=_("default"), boolean=True, ordering="is_default")
    def default(self, domain: MailDomain) -> bool:
        return domain.is_default

    @admin.display(description=_("certificates"), ordering="verify")
    def certificates(self, domain: MailDomain) -> Any:
        return mark(_("verified"), "good") if domain.verify else mark(_("not verified"), "bad")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The first one serves everybody, as the settings did."""
        first = not MailDomain.objects.exists()
        return super().get_changeform_initial_data(request) | ({"is_default": True} if first else {})

    def get_urls(self) -> list[Any]:
        own = path(
            "<path:object_id>/check/", self.admin_site.admin_view(self.check_servers), name="domain_check"
        )
        return [own, *super().get_urls()]

    def check_servers(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What its servers say, asked now and without anybody's password."""
        domain = self.get_object(request, unquote(object_id))
        if domain is None:
            raise Http404
        if not self.has_change_permission(request, domain):
            raise PermissionDenied
        if request.method != "POST":
            return redirect("admin:domains_maildomain_change", object_id)
        said = {
            "title": _("Test of %(domain)s") % {"domain": domain},
            "opts": self.opts,
            "original": domain,
            "report": check_domain(of_row(domain)),
        }
        context = self.admin_site.each_context(request) | said
        return TemplateResponse(request, "admin/domains/maildomain/check.html", context)
