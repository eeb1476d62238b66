"""Template tags for what is drawn or written once: icons, the list of keys, the one script of others."""

from __future__ import annotations

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import get_language

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


@register.simple_tag
def keys_dialog() -> SafeString:
    return _keys_dialog(get_language() or "en")


@cache
def _keys_dialog(_language: str) -> SafeString:
    """The same for everybody who reads the language."""
    return render_to_string("parts/keys_dialog.html")
