"""Icons from the lucide package, drawn once: as inline SVG, or as symbols for what a list repeats."""

from __future__ import annotations

from functools import cache

import lucide
from django.utils.safestring import SafeString, mark_safe

# What rows refer to by `<use>`: in the page once, however long the list.
ROW_SYMBOLS = ("star", "paperclip", "reply", "forward")


@cache
def icon(name: str) -> SafeString:
    """An ornament: hidden from assistive technology, whose words stand beside it."""
    svg = lucide._render_icon(name, None, **{"class": "icon", "aria_hidden": "true", "focusable": "false"})
    # Of our own package and without anybody's input.
    return mark_safe(svg.replace("<!-- @license lucide - ISC -->", ""))  # noqa: S308


@cache
def row_symbols() -> SafeString:
    symbols = "".join(
        icon(name)
        .replace("<svg ", f'<symbol id="i-{name}" ', 1)
        .replace("</svg>", "</symbol>")
        .replace(' class="icon" aria-hidden="true" focusable="false"', "")
        # With a size of its own a symbol would be cut instead of scaled.
        .replace(' width="24" height="24"', "")
        for name in ROW_SYMBOLS
    )
    return mark_safe(f'<svg class="symbols" aria-hidden="true">{symbols}</svg>')  # noqa: S308 (as above)


def use(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>'
