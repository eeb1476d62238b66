"""The message that is answered, forwarded or taken up again: its people, its text in both kinds, its files.

Of a message that is open nothing is fetched again. Its HTML only ever gets here through the sanitiser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from math import inf

from webmail.imap.session import Session
from webmail.mail.compose import Rich, editor_html, text_of
from webmail.mail.filename import safe_filename
from webmail.mail.part import Part
from webmail.mail.parts import HTML_TYPES, TNEF_TYPES, attachments
from webmail.mail.reply import Original, original_of
from webmail.mail.reply.quote import mark
from webmail.mail.sniff import is_picture
from webmail.mail.text.flowed import plain_lines, read_lines

from ..reading.attached import decoded_size, file_name
from ..reading.contained import contained_cards
from ..reading.content import Content, Raw, cached_content, fetch_bodies, with_bodies
from ..reading.headers import LIMIT
from ..reading.opening import fetch_opened
from ..reading.plan import Plan, plan_of, section_of, sections_of
from ..reading.showing import ENRICHED, pictures_of, plain_text_of, text_of_part
from ..reading.summary import Head, Place, Summary, inside
from .composition import Attached, Received
from .rich import blocked, file_link

# Characters: a form takes so much, and nobody answers below more.
LONGEST_HTML = 300_000
# An answer does not send somebody's photographs back to them. In octets.
QUOTED_PICTURES = 3_000_000
MOST_PICTURES = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """`text` has quotes marked by ">" and no soft ends of lines. `html` is a sanitised fragment for the editor, ""
    where there is none that can be had; `pictures` are those that it shows, `files` everything else attached."""

    place: Place
    original: Original
    summary: Summary
    text: str = ""
    html: str = ""
    pictures: tuple[Attached, ...] = ()
    files: tuple[Attached, ...] = ()


class _Pictures:
    """Gives the pictures of a message an address for the editor; `used` are those it was asked for, by section.

    At most 100, and `room` octets of them: what is more is left out.
    """

    def __init__(self, place: Place, root: Part, room: float) -> None:
        self.used: dict[str, Attached] = {}
        self._room = room
        self._place = place
        self._by_id, self._by_location = pictures_of(root)
        self._parts = {part.section: part for part in root.walk() if is_picture(part.type)}

    def address(self, reference: str) -> str | None:
        name = reference.removeprefix("cid:")
        section = (self._by_location if name == reference else self._by_id).get(name) if name else None
        part = self._parts.get(section) if section else None
        if part is None:
            return None
        picture = self.used.get(part.section)
        if picture is None:
            picture = replace(_attached(self._place, part, Summary(0)), inline=True)
            if len(self.used) >= MOST_PICTURES or picture.size > self._room:
                return None
            self._room -= picture.size
            self.used[part.section] = picture
        return file_link(picture.token)


def letter(session: Session, place: Place, section: str = "", *, rich: bool, files: bool) -> Letter:
    """With `section` the message inside the message. `rich`: its HTML is wanted too; `files`: what is attached.

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError, PartNotFoundError.
    """
    prefer = "html" if rich else "text"
    content = cached_content(session, place)
    if content is None or content.summary.root is None:
        content = fetch_opened(session, place, section, prefer)[0].content
    root = inside(content.summary, section)
    plan = plan_of(root, prefer)
    content = with_bodies(session, place, content, sections_of(plan.leaves))
    pictures = _Pictures(place, root, inf if files else QUOTED_PICTURES)
    html = _html(content, plan, pictures) if plan.as_html else ""
    return Letter(
        place=place,
        original=_original(session, place, section, content),
        summary=content.summary,
        text=_text(content, plan),
        html=html,
        pictures=tuple(pictures.used.values()) if html else (),
        files=tuple(_files(session, place, content.summary, root, plan, html, pictures)) if files else (),
    )


def whole(place: Place, summary: Summary, section: str = "") -> Attached:
    """The message itself as a file."""
    head = summary.nested.get(section) or summary.head
    name = safe_filename(f"{head.subject or 'message'}.eml", type="message/rfc822", fallback="message.eml")
    return Attached(Received(place, section).token, name, "message/rfc822", summary.size or 0)


def _original(session: Session, place: Place, section: str, content: Content) -> Original:
    raw = content.header
    if section:
        name = f"{section}.HEADER"
        raw = fetch_bodies(session, place, {name: LIMIT})[name].data
    original = original_of(raw)
    if original.from_ or section:
        return original
    # A server that can't describe the message may not have found its header either.
    head: Head = content.summary.head
    return replace(original, from_=head.from_, to=head.to, cc=head.cc, subject=head.subject, date=head.date)


def _text(content: Content, plan: Plan) -> str:
    """The text version where it is here already, or is what is shown; else the HTML's own text."""
    leaves = plan.text_leaves
    if any(section_of(part) not in content.bodies for part in leaves):
        leaves = plan.leaves
    texts = []
    for part in leaves:
        raw = content.bodies.get(section_of(part), Raw(b"", complete=True))
        if part.type in HTML_TYPES:
            text = plain_lines(text_of(text_of_part(part, raw)))
        else:
            text = plain_lines(plain_text_of(part, raw))
        lines = read_lines(text, flowed=part.format_flowed, delsp=part.delsp)
        texts.append("\n".join(mark(line) if line.depth else line.text for line in lines).rstrip("\n"))
    return "\n\n".join(texts)


def _html(content: Content, plan: Plan, pictures: _Pictures) -> str:
    """ "" where the sanitiser refused it, or it is too long to write below."""
    pieces: list[str] = []
    for part in plan.leaves:
        raw = content.bodies.get(section_of(part), Raw(b"", complete=True))
        if part.type not in HTML_TYPES | ENRICHED:
            pieces.append(f"<p>{escape(plain_text_of(part, raw)).replace(chr(10), '<br>')}</p>")
            continue
        rich = editor_html(text_of_part(part, raw), address_of=pictures.address, blocked=blocked())
        if not isinstance(rich, Rich) or not raw.complete:
            return ""
        pieces.append(rich.html)
    html = "<hr>".join(pieces)
    return html if len(html) <= LONGEST_HTML else ""


def _files(
    session: Session,
    place: Place,
    summary: Summary,
    root: Part,
    plan: Plan,
    html: str,
    pictures: _Pictures,
) -> Iterator[Attached]:
    shown = frozenset(pictures.used) if html else frozenset()
    for part in attachments(root, plan.choice, () if html else None):
        if part.section in shown:
            continue
        inside_it = contained_cards(session, place, part) if part.type in TNEF_TYPES else ()
        for card in inside_it:
            received = Received(place, card.section, card.index)
            yield Attached(received.token, card.filename, card.type, card.size)
        if not inside_it:
            yield _attached(place, part, summary)


def _attached(place: Place, part: Part, summary: Summary) -> Attached:
    return Attached(
        Received(place, part.section).token, file_name(part, summary), part.type, decoded_size(part)
    )
