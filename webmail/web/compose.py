"""What the compose page is given: every word of it ready, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from webmail.accounts.identities import SenderIdentity, identities_of
from webmail.accounts.models import Person
from webmail.domains.registry import domain_at, domain_of
from webmail.mail.address import Mailbox
from webmail.mail.compose import message_id
from webmail.mail.html import text_from_html
from webmail.mailbox.writing import Attached, Composition, file_link

from .compose_form import Sent, attachment_value, digest, hidden_fields, sent_form
from .compose_script import script_words
from .letter import kind_and_tint
from .presentation import size_label

# In the order in which they stand on the page: the first with a problem gets the focus.
FIELDS = ("identity", "to", "cc", "bcc", "subject", "text", "files", "reply_to", "send_at")

RETRY_SECONDS = "10"
EDITOR = "editor/squire.mjs"


@dataclass(frozen=True, slots=True)
class Said:
    """A line above the form. `retry` is what the button Try again does, "" for none."""

    words: str
    kind: str = ""
    icon: str = "info"
    retry: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What the compose page shows besides the composition. `errors` are words by field; `questions` are of what may be
    meant so, `asked` is what "Send anyway" does; `focus` where a person starts; `shown` the digest of what was
    shown at first."""

    back: str
    said: tuple[Said, ...] = ()
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    asked: str = "send"
    status_line: str = ""
    send_at: str = ""
    focus: str = ""
    shown: str = ""
    templates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    token: str
    value: str
    name: str
    size: str
    octets: int
    kind: str
    tint: str
    thumbnail: str
    inline: bool


def received(request: HttpRequest) -> Sent:
    return sent_form(
        request.POST, fresh_id=message_id(domain_at(request.get_host()).name or "localhost").strip("<>")
    )


def show(
    request: HttpRequest, person: Person, composition: Composition, page: Page, *, status: int = 200
) -> HttpResponse:
    response = render(request, "compose/page.html", compose_context(person, composition, page), status=status)
    response.headers["Cache-Control"] = "no-store"
    if status == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def resumed(request: HttpRequest, person: Person, back: str) -> HttpResponse:
    """What was written before somebody signed in, once more; nothing is sent or saved by itself. Files and drafts
    of somebody else stay theirs."""
    composition = received(request).composition
    words, status = _("You are signed in again. All that you wrote is here; nothing was sent."), 200
    if request.POST.get("writer") != str(person.pk):
        lost = bool(composition.attachments)
        composition = replace(composition, identity="", attachments=(), origins=(), draft=None)
        words = _("Somebody else wrote this, and you are signed in as {name}. Nothing was sent.").format(
            name=person
        )
        words += " " + _("The files are not here: they belong to who attached them.") if lost else ""
        status = 409
    return show(request, person, composition, Page(back=back, said=(Said(words),)), status=status)


def compose_context(person: Person, composition: Composition, page: Page) -> dict[str, Any]:
    one = composition
    text = one.text or (text_from_html(one.html) if one.rich else "")
    limit = domain_of(person).attachment_limit
    return {
        "form": one,
        "title": one.subject or _("New message"),
        "hidden": [
            ("writer", str(person.pk)),
            ("shown", page.shown or digest(replace(one, text=text))),
            *hidden_fields(one),
        ],
        "templates": page.templates,
        "script_words": script_words(),
        "editor": EDITOR if settings.EDITOR_DIR.exists() else "",
        "limit": limit,
        "cursor": "end" if person.quote_position == person.QuotePosition.BELOW else "start",
        "text": text,
        "senders": senders(person, one.identity),
        "files": [file_shown(attached) for attached in one.attachments],
        "limit_words": _("Up to {size} in all").format(size=size_label(limit)),
        "priorities": (("normal", _("Normal")), ("high", _("High")), ("low", _("Low"))),
        "spell_language": person.spell_language or "",
        "back": page.back,
        "said": page.said,
        "errors": page.errors,
        "questions": page.questions,
        "question_field": "text",
        "asked": page.asked,
        "status": page.status_line,
        "send_at": page.send_at,
        "focus": "" if page.questions else first_focus(one, page),
    }


def first_focus(composition: Composition, page: Page) -> str:
    wrong = next((name for name in FIELDS if name in page.errors), "")
    return wrong or page.focus or ("text" if composition.to else "to")


@dataclass(frozen=True, slots=True)
class Sender:
    key: str
    label: str


def senders(person: Person, chosen: str) -> list[Sender]:
    """Those that may be used, and the one that is chosen whatever it is."""
    return [
        Sender(one.key, sender_label(one))
        for one in identities_of(person=person)
        if one.allowed or one.key == chosen
    ]


def sender_label(identity: SenderIdentity) -> str:
    address = Mailbox("", identity.address).display_address
    return f"{identity.name} <{address}>" if identity.name else address


def file_shown(attached: Attached) -> File:
    kind, tint = kind_and_tint(attached.filename, attached.type)
    address = file_link(attached.token)
    picture = attached.type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    return File(
        token=attached.token,
        value=attachment_value(attached),
        name=attached.filename,
        size=size_label(attached.size),
        octets=attached.size,
        kind=kind,
        tint=tint,
        thumbnail=address if picture else "",
        inline=attached.inline,
    )


def state_of(before: Composition, after: Composition) -> dict[str, Any]:
    """What a script must know once a draft was saved: where it is, and the parts of received messages that are
    uploads now, by what they were called."""
    moved = {
        former.token: attachment_value(attached)
        for former, attached in zip(before.attachments, after.attachments, strict=False)
        if former.token != attached.token
    }
    return {"draft": dict(hidden_fields(after)).get("draft", ""), "moved": moved}


def answer_of(page: Page) -> dict[str, Any]:
    """What a script shows without loading the page anew: the lines above the form as markup, errors by field."""
    lines = [line.words for line in page.said] + [line for found in page.errors.values() for line in found]
    context = {"said": page.said, "questions": page.questions, "asked": page.asked, "question_field": "text"}
    return {
        "words": " ".join(lines),
        "said": render_to_string("compose/said.html", context) if page.said or page.questions else "",
        "errors": dict(page.errors),
    }
