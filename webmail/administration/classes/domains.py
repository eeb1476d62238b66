"""Mail domains: whose mail is where, and what people of a domain may."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from webmail.domains.models import MailDomain

from ..site import site
from .base import Ruled, mark


@admin.register(MailDomain, site=site)
class MailDomainAdmin(Ruled):
    list_display = ("name", "default", "imap_url", "smtp_url", "certificates", "provisioning", "changed")
    list_filter = ("provisioning", "verify")
    search_fields = ("name", "imap_url", "smtp_url")
    save_on_top = True
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
        (_("Looks"), {"fields": ("title", "colour", "help_url", "notice")}),
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
