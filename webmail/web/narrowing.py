"""The line above a list: links that narrow it and that sort it. On every list, so written for speed like the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from webmail.accounts.labels import Label
from webmail.mailbox.view import LABEL, NEWEST_FIRST, View

from .addresses import view_address
from .icons import icon

_ICONS = {"unread": "mail", "starred": "star", "attachment": "paperclip", "me": "at-sign"}
# What falls by itself: the newest, the largest first.
FALLING = frozenset({"date", "arrival", "size"})


@cache
def _words(language: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Markup: the filters, the sort keys, and the rest."""
    with override(language):
        filters = {name: _toggle(_ICONS[name], words) for name, words in _filters().items()}
        sorts = {
            "arrival": escape(_("Arrival")),
            "date": escape(_("Date")),
            "from": escape(_("Sender")),
            "to": escape(_("Recipient")),
            "subject": escape(_("Subject")),
            "size": escape(_("Size")),
        }
        rest = {
            "narrow": escape(_("Show only")),
            "sort": escape(_("Sort")),
            "falling": escape(_("falling")),
            "rising": escape(_("rising")),
            "label": _toggle("tag", _("Label")),
        }
    return filters, sorts, rest


def _filters() -> dict[str, str]:
    return {
        "unread": _("Unread"),
        "starred": _("Starred"),
        "attachment": _("With attachment"),
        "me": _("To me"),
    }


def filter_words(view: View) -> list[str]:
    """The filters that are on."""
    words = _filters()
    return [words.get(one, one.removeprefix(LABEL)) for one in view.only]


def narrowing(view: View, labels: Sequence[Label] = ()) -> SafeString:
    """For the whole view; each link is the view with one thing changed."""
    filters, sorts, rest = _words(get_language() or "en")
    names = {f"{LABEL}{one.keyword}": one.name for one in labels}
    shown = filters | {
        one: _toggle("tag", names.get(one, one.removeprefix(LABEL)))
        for one in view.only
        if one.startswith(LABEL)
    }
    toggles = "".join(
        f'<li><a class="toggle" href="{escape(view_address(view.toggled(name)))}"'
        f"{' aria-current=true' if name in view.only else ''}>{words}</a></li>"
        for name, words in shown.items()
    )
    more = _label_menu(view, labels, rest["label"]) if labels else ""
    current, falls = view.sort.removeprefix("-"), view.sort.startswith("-")
    way = rest["falling" if falls else "rising"]
    arrow = icon("arrow-down" if falls else "arrow-up")
    choices = "".join(
        f'<a class="menu-item" href="{escape(view_address(replace(view, sort=_next(name, view.sort))))}"'
        + (
            f" aria-current=true>{arrow}{words} <span class=vh>({way})</span></a>"
            if name == current
            else f">{words}</a>"
        )
        for name, words in sorts.items()
    )
    line = f'<div class="narrow"><ul class="toggles" aria-label="{rest["narrow"]}">{toggles}{more}</ul>'
    if view.wide:
        # Newest first: no server sorts several folders.
        return mark_safe(f"{line}</div>")  # noqa: S308 - put together from escaped values only
    changed = view.sort != NEWEST_FIRST
    label = f"<span class=vh>{rest['sort']}: </span>{sorts[current]}" if changed else rest["sort"]
    return mark_safe(  # noqa: S308 - put together from escaped values only
        f'{line}<details class="menu sorting"><summary class="toggle"{" aria-current=true" if changed else ""}>'
        f"{arrow if changed else icon('arrow-up-down')}<span>{label}</span></summary>"
        f'<div class="menu-card">{choices}</div></details></div>'
    )


def _label_menu(view: View, labels: Sequence[Label], words: str) -> str:
    choices = "".join(
        f'<a class="menu-item" href="{escape(view_address(view.toggled(LABEL + label.keyword)))}"'
        f"{' aria-current=true' if LABEL + label.keyword in view.only else ''}>"
        f'<span class="label-dot {label.colour}"></span><span dir="auto">{escape(label.name)}</span></a>'
        for label in labels
    )
    return (
        f'<li><details class="menu labelling"><summary class="toggle">{words}</summary>'
        f'<div class="menu-card">{choices}</div></details></li>'
    )


def _toggle(name: str, words: str) -> str:
    return f"{icon(name)}<span>{escape(words)}</span>"


def _next(name: str, current: str) -> str:
    """The other way round for the key that is sorted by already."""
    if name == current.removeprefix("-"):
        return name if current.startswith("-") else f"-{name}"
    return f"-{name}" if name in FALLING else name
