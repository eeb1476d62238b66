"""`{% icon "inbox" %}`, `{% row_symbols %}` and the one script of others."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString

from .. import icons

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.icon(name)


@register.simple_tag
def row_symbols() -> SafeString:
    return icons.row_symbols()


@register.simple_tag
def htmx_address() -> str:
    return static("django_htmx/htmx-2.min.js")
