"""What was searched for, marked where it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from webmail.mail import hits
from webmail.mail.html import Sanitised

# In a letter nothing that it says of marks can hide what is below one.
_STYLE: Final = (
    "display:inline!important;visibility:visible!important;font:inherit!important;background:#ffe9a8!important;"
    "color:#1b1b1f!important;"
)


def marker(texts: Sequence[str]) -> Callable[[str], str] | None:
    """A function from text to escaped text with `<mark>` around the words, in any case; None where there are none."""
    words = hits.words_of(texts)
    if not words:
        return None

    def marked(text: str) -> str:
        pieces: list[str] = []
        at = 0
        for start, end in hits.find(text, words):
            pieces += (escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>")
            at = end
        return "".join((*pieces, escape(text[at:])))

    return marked


def marked_markup(markup: str, texts: Sequence[str]) -> SafeString:
    """Markup that is safe already."""
    # Nothing but marks of our own is added to it.
    return mark_safe(hits.mark(markup, words) if (words := hits.words_of(texts)) else markup)  # noqa: S308


def marked_letter(letter: Sanitised, texts: Sequence[str]) -> Sanitised:
    words = hits.words_of(texts)
    return replace(letter, html=hits.mark(letter.html, words, style=_STYLE)) if words else letter
