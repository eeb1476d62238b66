"""The body as it is shown: HTML in a document of its own, text as safe markup, or the one instead of the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from webmail.accounts.access import Access
from webmail.imap.cache import PersonCache
from webmail.imap.session import Session
from webmail.mail.charset import decode
from webmail.mail.html import POLICY_VERSION, Choices, Refused, Sanitised, Words, sanitise, text_from_html
from webmail.mail.part import Part
from webmail.mail.text import TextWords, render
from webmail.mail.transfer import decode_transfer

from ..pages import Body
from .content import Content, with_bodies
from .links import Links
from .picture import picture_token
from .plan import Plan
from .summary import Place

KIND = "document"


@dataclass(frozen=True, slots=True)
class Shown:
    """`html` is there when the body is shown as HTML; `used` are the sections it shows as inline pictures."""

    body: Body
    content: Content
    html: Sanitised | None = None
    used: frozenset[str] = frozenset()


def show(
    *,
    access: Access,
    session: Session,
    cache: PersonCache,
    place: Place,
    content: Content,
    root: Part | None,
    plan: Plan,
    remote: bool,
    links: Links,
) -> Shown:
    """Sanitises (or finds it done already). Where the HTML is too much, the text version takes its place."""
    notes = plan.notes
    if plan.html is not None:
        raw = content.bodies[plan.html.section]
        markup = _text_of(plan.html, raw.data)
        clean = (
            _sanitised(access, cache, place, root, plan.html, markup, remote=remote, links=links)
            if raw.complete
            else Refused("length")
        )
        if isinstance(clean, Sanitised):
            body = Body(
                kind="html",
                has_html=True,
                has_text=plan.has_text,
                blocked=clean.blocked,
                remote_shown=remote and bool(clean.remote),
                notes=notes,
            )
            used = frozenset(
                part.section for part in root.walk() if part.content_id in _ids(clean) or _located(part, clean)
            ) if root else frozenset()
            return Shown(body, content, clean, used)
        notes = (*notes, "refused")
        if plan.text:
            content = with_bodies(session, cache, place, content, plan.text_sections)
        else:
            text = text_from_html(markup)
            return Shown(_text_body([(text, False, False)], plan, notes), content)
    pieces = [
        (_text_of(part, content.bodies[part.section].data), part.format_flowed, part.delsp) for part in plan.text
    ]
    if any(not content.bodies[part.section].complete for part in plan.text):
        notes = (*notes, "truncated")
    return Shown(_text_body(pieces, plan, notes), content)
