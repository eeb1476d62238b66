"""Icons from the lucide package, drawn once: as inline SVG, or as symbols for what a list repeats."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

# What rows refer to by `<use>`: in the page once, however long the list.
ROW_SYMBOLS = ("star", "paperclip", "reply", "forward", "chevron-down", "bell-off")


@cache
def icon(name: str) -> SafeString:
    """An ornament: hidden from assistive technology, whose words stand beside it. Its look is the style sheet's."""
    # Of a package of ours and without anybody's input.
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{_drawing(name)}</svg>')  # noqa: S308


@cache
def row_symbols() -> SafeString:
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24">{_drawing(name)}</symbol>' for name in ROW_SYMBOLS
    )
    return mark_safe(f'<svg class="symbols" aria-hidden="true">{symbols}</svg>')  # noqa: S308 (as above)


def use(name: str) -> str:
    return f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>'


def _drawing(name: str) -> str:
    """What is inside the `<svg>`."""
    _, _, inside = str(lucide(name)).partition(">")
    return " ".join(inside.removesuffix("</svg>").split())
