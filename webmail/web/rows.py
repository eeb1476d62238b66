"""The rows of a list as markup: one place that is written for speed, since a page holds fifty of them.

Everything that comes from mail passes `escape` on its way in; `tests/web/test_rows.py` tries with hostile values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape as escape_all

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from webmail.accounts.labels import Label
from webmail.mail.address import Mailbox
from webmail.mailbox.pages import ListPage, Row
from webmail.mailbox.view import View

from .addresses import messages_prefix
from .dates import Calendar, calendar_of_now
from .highlight import marker
from .icons import use
from .presentation import hue_class, people_label, size_label
from .thread_rows import Folds, unfolded, value_of
from .wide_rows import Place, Places

NOBODY = Mailbox("", "")
_has_markup = re.compile("[&<>\"']").search


def escape(text: str) -> str:
    """The five characters of `html.escape`, which most text has none of."""
    return escape_all(text) if _has_markup(text) else text


@dataclass(frozen=True, slots=True)
class Words:
    """Escaped, in the reader's language."""

    select: str
    unread: str
    star: str
    starred: str
    nobody: str
    no_recipient: str
    no_subject: str
    answered: str
    forwarded: str
    attachment: str
    to: str
    muted: str
    deleted: str
    language: str


@cache
def _words(language: str) -> Words:
    with override(language):
        return _looked_up(language)


def _looked_up(language: str) -> Words:
    return Words(
        select=escape(_("Select: {subject}")),
        unread=escape(_("Unread")),
        star=escape(_("Star: {subject}")),
        starred=escape(_("Remove star: {subject}")),
        nobody=escape(_("(unknown sender)")),
        no_recipient=escape(_("(no recipient)")),
        no_subject=escape(_("(no subject)")),
        answered=_mark("reply", escape(_("Answered"))),
        forwarded=_mark("forward", escape(_("Forwarded"))),
        attachment=_mark("paperclip", escape(_("Has attachments"))),
        to=escape(_("To:")),
        muted=_mark("bell-off", escape(_("Muted"))),
        deleted=escape(_("Marked as deleted")),
        language=language,
    )


def _mark(name: str, words: str) -> str:
    return f'<span class="mark" title="{words}">{use(name)}<span class="vh">{words}</span></span>'


_STAR = use("star")


def render_rows(
    page: ListPage,
    *,
    selected: Collection[int | str] = (),
    view: View | None = None,
    labels: Sequence[Label] = (),
) -> SafeString:
    """`<li>` for each row, and for each message of an unfolded thread after its own; `selected` are the UIDs whose
    boxes stay ticked, `labels` the person's. Messages are opened as part of the `view`, and what it searches for is
    marked."""
    chips = {label.keyword.lower(): _chip(label) for label in labels}
    words, calendar = _words(get_language() or "en"), calendar_of_now()
    prefix = escape(messages_prefix(page.folder.name, page.uid_validity))
    # A draft is opened to be gone on with.
    number = page.number if page.number > 1 else 0
    query = view.to_query(page=number) if view else f"page={number}" if number else ""
    suffix = "edit/" if page.folder.role == "drafts" else f"?{escape(query)}" if query else ""
    if view and view.wide:
        return _of_several(page, view, words, calendar, selected, chips)
    mark = (marker(view.query.marks) if view else None) or escape
    folds = Folds.of(page, view) if page.threaded else None
    rows = [
        _row(
            row,
            words,
            calendar,
            prefix,
            suffix,
            mark,
            _chips(row, chips) if chips else "",
            outgoing=page.outgoing,
            checked=bool(selected) and all(uid in selected for uid in row.members or (row.uid,)),
            inner=inner,
            fold=folds.link(row, words.language) if folds and row.members else "",
        )
        for row, inner in (unfolded(page.rows) if page.threaded else ((row, False) for row in page.rows))
    ]
    # Put together from escaped values only.
    return mark_safe("".join(rows))  # noqa: S308


def _chips(row: Row, chips: Mapping[str, str]) -> str:
    return "".join([chip for keyword, chip in chips.items() if keyword in row.flags])


def _chip(label: Label) -> str:
    return f'<span class="label-chip {escape(label.colour)}" dir="auto">{escape(label.name)}</span> '


def _of_several(
    page: ListPage,
    view: View,
    words: Words,
    calendar: Calendar,
    selected: Collection[int | str],
    chips: Mapping[str, str],
) -> SafeString:
    """Each row with its folder."""
    mark = marker(view.query.marks) or escape
    places = Places(page, view)
    rows: list[str] = []
    for row in page.rows:
        place = places.of(row)
        rows.append(
            _row(
                row,
                words,
                calendar,
                place.prefix,
                place.suffix,
                mark,
                _chips(row, chips),
                outgoing=place.outgoing,
                checked=place.value in selected,
                inner=False,
                fold=place.chip,
                place=place,
            )
        )
    return mark_safe("".join(rows))  # noqa: S308 - as above


def _row(
    row: Row,
    words: Words,
    calendar: Calendar,
    prefix: str,
    suffix: str,
    mark: Callable[[str], str],
    chips: str,
    *,
    outgoing: bool,
    checked: bool,
    inner: bool,
    fold: str,
    place: Place | None = None,
) -> str:
    uid, value, name = row.uid, value_of(row), str(row.uid)
    if place is not None:
        name, value = place.name, escape(place.value)
    first = row.people[0] if row.people else NOBODY
    people = mark(people_label(row.people)) or (words.no_recipient if outgoing else words.nobody)
    subject = escape(row.subject) or words.no_subject
    shown = subject if mark is escape else mark(row.subject) or subject
    deleted = "\\deleted" in row.flags
    state = (
        (" unread" if row.unread else "")
        + (" starred" if row.starred else "")
        + (" deleted" if deleted else "")
        + (" muted" if row.muted else "")
        + (" inner" if inner else " thread" if row.members else "")
    )
    marks = (
        (words.answered if row.answered else "")
        + (words.forwarded if row.forwarded else "")
        + (words.attachment if row.attachment else "")
        + (words.muted if row.muted else "")
    )
    link_id = f' id="o{name}"' if place else ""
    star = (words.starred if row.starred else words.star).format(subject=subject)
    return (
        f'<li class="row{state}" id="{"i" if inner else "m"}{name}">'
        f'<label class="pick {hue_class(first)}"><input type="checkbox" name="uid" value="{value}"'
        f' aria-label="{words.select.format(subject=subject)}"{" checked" if checked else ""}>'
        f'<span class="avatar" aria-hidden="true">{escape(first.initials)}</span></label>'
        f'<a class="open"{link_id} href="{prefix}{uid}/{suffix}">'
        f'<span class="people" dir="auto">'
        f"{f'<span class=vh>{words.unread}. </span>' if row.unread else ''}"
        f"{f'<span class=vh>{words.deleted}. </span>' if deleted else ''}"
        f"{f'<span class=vh>{words.to} </span>' if outgoing else ''}{people}</span>"
        f'<span class="what" dir="auto">{chips}<span class="subject">{shown}</span>'
        f"{f' <span class=snippet>{mark(row.snippet)}</span>' if row.snippet else ''}</span></a>"
        f'<span class="when">{marks}{fold}<span class="size">{_size(row.size, words.language)}</span>'
        f"{_time(row, calendar)}</span>"
        f'<button class="star" id="{"j" if inner else "s"}{name}" name="{"unstar" if row.starred else "star"}"'
        f' value="{value if row.starred or place else uid}"'
        f' aria-label="{star}">{_STAR}</button></li>'
    )


@lru_cache(maxsize=4096)
def _size(octets: int | None, _language: str) -> str:
    return escape(size_label(octets))


def _time(row: Row, calendar: Calendar) -> str:
    if row.date is None:
        return ""
    local = calendar.local(row.date)
    return (
        f'<time datetime="{local.isoformat(timespec="minutes")}" title="{escape(calendar.full(local))}">'
        f"{escape(calendar.label(local))}</time>"
    )
