"""Every page of the admin, for every kind of thing that it shows. Whoever searches pages for something walks here."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from webmail.administration.site import site

OTHERS = ("index", "password_change", "jsi18n", "signins_signinevent_csv")


def addresses() -> Iterator[str]:
    """Of what there is in the database now: each list, its pages to add, change, delete, and each one's history."""
    yield from (reverse(f"admin:{name}") for name in OTHERS)
    for model, shown in sorted(site._registry.items(), key=lambda pair: str(pair[0])):
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"admin:{name}_changelist")
        yield reverse(f"admin:{name}_add")
        yield reverse("admin:app_list", kwargs={"app_label": model._meta.app_label})
        for row in _rows(shown):
            for page in ("change", "history", "delete"):
                yield reverse(f"admin:{name}_{page}", args=(quote(row.pk),))


def pages(client: Client) -> Iterator[tuple[str, HttpResponse]]:
    """As this browser gets them, redirects not followed."""
    for address in addresses():
        yield address, client.get(address)


def text_of(response: HttpResponse) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


def _rows(shown: ModelAdmin):
    return shown.get_queryset(HttpRequest()).order_by("pk")[:3]
