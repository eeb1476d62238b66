"""What a message's templates are given: every word and address ready, no mail markup except what was made safe."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from webmail.accounts.labels import Label, labels_of
from webmail.accounts.models import Person
from webmail.mail.address import Mailbox
from webmail.mail.html.document import SANDBOX
from webmail.mailbox.pages import Attachment, Body, MessagePage
from webmail.mailbox.view import NEWEST_FIRST, View

from .addresses import home_of, marking_address, message_address, view_address, with_query
from .appointments import appointments
from .asked import answered, asked
from .dates import calendar_of_now
from .highlight import marked_markup, marker
from .presentation import folder_label, hue_class, people_label, size_label
from .queries import is_on
from .searching import box_of
from .tree import render_folders

# Names in the line below the sender; the rest is one click away.
SHORT_LINE = 3


@dataclass(frozen=True, slots=True)
class Card:
    """An attachment: `kind` is the short word on its tile, `tint` one of the tile's colours."""

    name: str
    size: str
    kind: str
    tint: str
    address: str
    view: str = ""
    thumbnail: str = ""
    nested: bool = False


def message_context(
    request: HttpRequest, page: MessagePage, view: View | None = None, number: int = 1
) -> dict[str, Any]:
    """`view` is the list that the message was opened from, `number` the page of it."""
    view = view or View(page.folder.name)
    calendar = calendar_of_now()
    base = message_address(page.folder.name, page.uid_validity, page.uid)
    here = f"{base}nested/{page.section}/" if page.section else base
    sender = page.from_[0] if page.from_ else Mailbox("", "")
    home = home_of(view, page.folder.name)
    came = partial(view.to_query, page=number if number > 1 else 0, list=home)
    marks = view.query.marks
    mark = marker(marks) or escape
    inside = {"section": page.section} if page.section else {}
    remote = {"remote": "1"} if page.body.remote_shown and not page.trusted else {}
    fixed = is_on(request, "fixed")

    def neighbour(uid: int | None) -> str:
        return with_query(message_address(page.folder.name, page.uid_validity, uid), came()) if uid else ""

    # What is said better already.
    told = {"report"} if page.report else ()
    letters = came(view="text" if page.body.has_html else "", fixed=int(not fixed))
    draft = page.folder.role == "drafts" and not page.section
    return {
        "page": page,
        "label": folder_label(page.folder),
        "subject": page.subject or _("(no subject)"),
        "labels": _labels(request, page),
        "subject_marked": mark_safe(mark(page.subject)),  # noqa: S308 - escaped
        "sender_marked": mark_safe(mark(sender.display)),  # noqa: S308 - escaped
        "text_marked": marked_markup(page.body.text_html, marks),
        "in_order": view.sort == NEWEST_FIRST,
        "folders": render_folders(page.folders, page.folder),
        "search": box_of(view, folder_label(page.folder)),
        "list_address": view_address(view, number),
        "list_page": number,
        "list_query": view.to_query(list=home),
        "base": base,
        "here": with_query(here, came()),
        "as_text": with_query(here, came(view="text")),
        "as_designed": with_query(here, came(view="html")),
        "marking": marking_address(page.folder.name),
        "query": f"?{urlencode(inside)}" if inside else "",
        "sender": sender,
        "sender_hue": hue_class(sender),
        "to_line": to_line(page, getattr(request.user, "username", "")),
        "lists": tuple(
            (name, people)
            for name, people in (
                (_("From"), page.from_),
                (_("Reply to"), page.reply_to if page.reply_to != page.from_ else ()),
                (_("To"), page.to),
                (_("Cc"), page.cc),
                (_("Bcc"), page.bcc),
            )
            if people
        ),
        "reply_elsewhere": reply_elsewhere(page),
        "draft": draft,
        "conversation": with_query(f"{base}conversation/", came())
        if _in_conversation(request, page, draft=draft)
        else "",
        "several": has_several(page, getattr(request.user, "username", "")),
        "date": calendar.full(page.date) if page.date else "",
        "date_short": calendar.label(page.date) if page.date else "",
        "date_machine": calendar.local(page.date).isoformat(timespec="seconds") if page.date else "",
        "size": size_label(page.size),
        "cards": tuple(card(attachment, base) for attachment in page.attachments),
        "archive": f"{base}parts.zip" + (f"?{urlencode(inside)}" if inside else ""),
        "appointments": appointments(page, calendar, answered(request, page)),
        "once": secrets.token_hex(16),
        **asked(request, page, calendar),
        "notes": tuple(note for code in page.body.notes if (note := note_words(code)) and code not in told),
        "blocked": blocked_words(page.body),
        "frame": with_query(
            f"{base}body/", urlencode({**inside, **remote, **({"q": view.text} if marks else {})})
        ),
        "sandbox": SANDBOX,
        "print_query": f"?{urlencode({**inside, **remote})}" if inside or remote else "",
        "show_once": with_query(here, came(remote=1)),
        "newer": neighbour(page.newer),
        "older": neighbour(page.older),
        "fixed": fixed,
        "letters": with_query(here, letters),
        "alerts": page.alerts,
        "reading_pane": True,
    }


def _labels(request: HttpRequest, page: MessagePage) -> tuple[Label, ...]:
    """Those that the message has; a message inside another has none."""
    if page.section or not isinstance(request.user, Person):
        return ()
    flags = {flag.lower() for flag in page.flags}
    return tuple(label for label in labels_of(person=request.user) if label.keyword.lower() in flags)


def _in_conversation(request: HttpRequest, page: MessagePage, *, draft: bool) -> bool:
    return not (draft or page.section) and bool(getattr(request.user, "conversations", False))


def has_several(page: MessagePage, me: str) -> bool:
    """Somebody besides the sender and the reader has it, who an answer to all would reach."""
    people = {one.address.casefold() for one in (*page.from_, *page.to, *page.cc)}
    return len(people - {me}) > 1 or bool(page.list_id)


def to_line(page: MessagePage, me: str) -> str:
    people = tuple(
        Mailbox(_("me"), person.address) if person.address.casefold() == me else person
        for person in (*page.to, *page.cc)
    )
    if not people:
        return _("no recipient named")
    if len(people) <= SHORT_LINE:
        return _("to {people}").format(people=", ".join(person.display for person in people))
    return _("to {people}").format(people=people_label(people))


def reply_elsewhere(page: MessagePage) -> str:
    """The address that a reply would go to, where that is another house than the sender's."""
    if not page.from_ or page.list_id:
        return ""
    houses = {person.domain for person in page.from_}
    return next((person.display_address for person in page.reply_to if person.domain not in houses), "")


def blocked_words(body: Body) -> str:
    if not body.blocked or body.remote_shown:
        return ""
    return ngettext(
        "{count} picture from elsewhere is blocked.",
        "{count} pictures from elsewhere are blocked.",
        body.blocked,
    ).format(count=body.blocked)


def note_words(code: str) -> str:
    match code:
        case "refused":
            return _("The designed version could not be shown safely. This is its text.")
        case "truncated":
            return _("The message is very long. Its beginning is shown; all of it is in the source.")
        case "signed":
            return _("The sender signed this message. The signature was not checked.")
        case "encrypted":
            return _("This message is encrypted. It can be opened with a program that has your key.")
        case "report":
            return _("This is a report from a mail system.")
        case "external":
            return _("A part of this message lies elsewhere and is not fetched.")
        case "partial":
            return _("This is one piece of a message that was sent in several.")
        case "limited":
            return _("This message has more parts than are shown. All of it is in the source.")
    return ""


_TINTS = {
    "pdf": "red",
    "image": "violet",
    "audio": "amber",
    "video": "amber",
    "sheet": "green",
    "words": "blue",
    "zip": "grey",
}
_KINDS = {
    "xls": "sheet",
    "xlsx": "sheet",
    "ods": "sheet",
    "csv": "sheet",
    "doc": "words",
    "docx": "words",
    "odt": "words",
    "rtf": "words",
    "txt": "words",
    "md": "words",
    "zip": "zip",
    "gz": "zip",
    "7z": "zip",
    "pdf": "pdf",
}


def kind_and_tint(filename: str, type_: str) -> tuple[str, str]:
    """The short word on a file's tile, and the tile's colour."""
    extension = filename.rpartition(".")[2][:5] if "." in filename else ""
    if not extension.isalnum():
        extension = ""
    major = type_.partition("/")[0]
    kind = _KINDS.get(extension.lower(), major if major in _TINTS else "")
    return extension.upper() or _("FILE"), _TINTS.get(kind, "grey")


def card(attachment: Attachment, base: str) -> Card:
    kind, tint = kind_and_tint(attachment.filename, attachment.type)
    address = f"{base}part/{attachment.section}/"
    inline = f"{address}?inline=1"
    if attachment.index is not None:
        address = f"{address}?index={attachment.index}"
    return Card(
        name=attachment.filename,
        size=size_label(attachment.size),
        kind=_("MAIL") if attachment.nested else kind,
        tint=tint,
        address=address,
        view=f"{base}nested/{attachment.section}/"
        if attachment.nested
        else inline
        if attachment.viewable
        else "",
        thumbnail=inline if attachment.picture and attachment.index is None else "",
        nested=attachment.nested,
    )
