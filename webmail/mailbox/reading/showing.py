"""The body as it is shown: HTML in a document of its own, text as safe markup, or the one instead of the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from html import escape

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from webmail.accounts.access import Access
from webmail.imap.cache import PersonCache
from webmail.imap.session import Session
from webmail.mail.charset import decode
from webmail.mail.html import POLICY_VERSION, Choices, Refused, Sanitised, Words, sanitise, text_from_html
from webmail.mail.part import Part
from webmail.mail.parts import HTML_TYPES
from webmail.mail.text import Rendered, plain_from_enriched, render
from webmail.mail.transfer import decode as decode_transfer

from ..pages import Body
from .content import Content, Raw, with_bodies
from .links import Links
from .picture import picture_token
from .plan import Plan, section_of, sections_of
from .summary import Place

KIND = "document"
ENRICHED = frozenset({"text/enriched", "text/richtext"})


@dataclass(frozen=True, slots=True)
class Shown:
    """`html` is there when the body is shown as HTML; `referenced` are the parts it shows as inline pictures, by
    Content-ID or location; `with_files` the parts in whose text files were found."""

    body: Body
    content: Content
    html: Sanitised | None = None
    referenced: frozenset[str] = frozenset()
    with_files: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at which message (`section`: of the message inside it), and what they allowed."""

    access: Access
    place: Place
    section: str
    root: Part | None
    remote: bool
    links: Links


def show(reader: Reader, session: Session, content: Content, plan: Plan) -> Shown:
    """Sanitises, or finds it done already. Where the HTML is too much, the text version takes its place."""
    notes = plan.choice.notes
    if plan.as_html:
        clean = _sanitised(reader, session, content, plan)
        if clean is not None:
            body = Body(
                kind="html",
                has_html=True,
                has_text=plan.has_text,
                blocked=clean.blocked,
                remote_shown=reader.remote and bool(clean.remote),
                notes=notes,
            )
            return Shown(body, content, clean, frozenset(_bare(name) for name in clean.inline))
        notes = (*notes, "refused")
        content = with_bodies(session, reader.place, content, sections_of(plan.text_leaves))
    rendered = [
        _rendered(part, content.bodies.get(section_of(part), Raw(b"", True))) for part in plan.text_leaves
    ]
    if any(piece.truncated for piece in rendered):
        notes = (*notes, "truncated")
    markup = "<hr>".join(piece.html for piece in rendered if piece.html)
    body = Body(
        kind="text" if markup else "empty",
        text_html=markup,
        has_html=plan.has_html,
        has_text=plan.has_text,
        notes=notes,
    )
    with_files = tuple(part for part, piece in zip(plan.text_leaves, rendered, strict=True) if piece.files)
    return Shown(body, content, with_files=with_files)


def kept_markup(
    notes: PersonCache, place: Place, section: str, *, remote: bool
) -> Sanitised | Refused | None:
    """What sanitising came to, where that was done already."""
    kept = notes.get(KIND, _key(place, section, remote=remote))
    return kept if isinstance(kept, Sanitised | Refused) else None


def _key(place: Place, section: str, *, remote: bool) -> tuple[object, ...]:
    return place, section, remote, POLICY_VERSION, get_language()


def _sanitised(reader: Reader, session: Session, content: Content, plan: Plan) -> Sanitised | None:
    """None where it was refused. Kept either way: the frame asks for it next, and a refusal was costly too."""
    clean = kept_markup(session.notes, reader.place, reader.section, remote=reader.remote)
    if clean is None:
        clean = _sanitise(reader, content, plan)
        cost = 2 * len(clean.html) + len(clean.stylesheet) + 500 if isinstance(clean, Sanitised) else 0
        session.notes.put(KIND, _key(reader.place, reader.section, remote=reader.remote), clean, cost)
    return clean if isinstance(clean, Sanitised) else None


def _sanitise(reader: Reader, content: Content, plan: Plan) -> Sanitised | Refused:
    pictures = pictures_of(reader.root)
    pieces: list[Sanitised] = []
    for part in plan.leaves:
        raw = content.bodies.get(section_of(part), Raw(b"", True))
        text = text_of_part(part, raw)
        markup = (
            text if part.type in HTML_TYPES else f'<div style="white-space:pre-wrap">{escape(text)}</div>'
        )
        piece = sanitise(
            markup,
            inline=partial(_inline, reader, *pictures),
            proxy=partial(_proxy, reader),
            choices=Choices(remote=reader.remote),
            words=Words(goes_to=_("goes to {target}")),
        )
        if isinstance(piece, Refused):
            return piece
        if not raw.complete and part.type in HTML_TYPES:
            return Refused("length")
        pieces.append(piece)
    return _joined(pieces)


def _joined(pieces: list[Sanitised]) -> Sanitised:
    """Several HTML parts one below the other: each is balanced markup by itself."""
    if len(pieces) == 1:
        return pieces[0]
    return Sanitised(
        html="<hr>".join(piece.html for piece in pieces),
        stylesheet="".join(piece.stylesheet for piece in pieces),
        body=next((piece.body for piece in pieces if piece.body), ()),
        blocked=sum(piece.blocked for piece in pieces),
        remote=tuple(address for piece in pieces for address in piece.remote),
        inline=tuple(name for piece in pieces for name in piece.inline),
    )


def pictures_of(root: Part | None) -> tuple[dict[str, str], dict[str, str]]:
    """Sections by Content-ID and by Content-Location; the first of a name counts."""
    by_id: dict[str, str] = {}
    by_location: dict[str, str] = {}
    for part in root.walk() if root else ():
        by_id.setdefault(part.content_id, part.section)
        by_location.setdefault(part.content_location, part.section)
    return by_id, by_location


def _inline(reader: Reader, by_id: dict[str, str], by_location: dict[str, str], reference: str) -> str | None:
    name = _bare(reference)
    section = (by_location if name == reference else by_id).get(name) if name else None
    return None if section is None else reader.links.part(section)


def _bare(reference: str) -> str:
    return reference[4:] if reference[:4].lower() == "cid:" else reference


def _proxy(reader: Reader, url: str) -> str | None:
    token = picture_token(reader.access, url)
    return None if token is None else reader.links.picture(token)


def text_of_part(part: Part, raw: Raw) -> str:
    text = decode(decode_transfer(raw.data, part.encoding), part.charset)
    return _without_delimiter(text, part) if part.type.startswith("multipart/") else text


def plain_text_of(part: Part, raw: Raw) -> str:
    text = text_of_part(part, raw)
    if part.type in HTML_TYPES:
        return text_from_html(text)
    return plain_from_enriched(text) if part.type in ENRICHED else text


def _without_delimiter(text: str, part: Part) -> str:
    """Of a multipart without parts the closing line is no text."""
    end = f"--{part.param('boundary')}--"
    return "".join(line for line in text.splitlines(keepends=True) if line.strip() != end)


def _rendered(part: Part, raw: Raw) -> Rendered:
    rendered = render(
        plain_text_of(part, raw), flowed=part.format_flowed, delsp=part.delsp, quoted=_("Show quoted text")
    )
    return rendered if raw.complete else replace(rendered, truncated=True)
