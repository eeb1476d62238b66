"""What lies beside a message's text: files, messages inside it, invitations."""

from __future__ import annotations

from collections.abc import Collection

from webmail.imap.session import Session
from webmail.mail.calendar import Event, read_events
from webmail.mail.charset import decode
from webmail.mail.filename import safe_filename
from webmail.mail.parse import MESSAGE_TYPES
from webmail.mail.part import Part
from webmail.mail.parts import TNEF_TYPES, attachments, choose_body
from webmail.mail.sniff import VIEWABLE, is_picture
from webmail.mail.tnef import unpack
from webmail.mail.transfer import decode as decode_transfer

from ..pages import Attachment
from .content import Content, Raw, fetch_bodies
from .plan import Plan, section_of
from .summary import Place, Summary

# winmail.dat must be held whole to be unpacked, in octets as transferred.
LARGEST_TNEF = 32 * 1024 * 1024
KIND = "tnef"


def attachment_cards(
    session: Session,
    place: Place,
    summary: Summary,
    root: Part | None,
    plan: Plan,
    referenced: Collection[str],
) -> tuple[Attachment, ...]:
    """In the message's order; a winmail.dat is replaced by the files in it."""
    if root is None:
        return ()
    cards: list[Attachment] = []
    for part in attachments(root, plan.choice, referenced if plan.as_html else ()):
        inside = _unpacked(session, place, part) if part.type in TNEF_TYPES else ()
        cards += inside or (_card(part, summary),)
    return tuple(cards)


def attached_parts(root: Part) -> tuple[Part, ...]:
    """The files of a message, as for "all as one zip": inline pictures are part of the letter."""
    return attachments(root, choose_body(root))


def events_of(content: Content, plan: Plan) -> tuple[Event, ...]:
    events: list[Event] = []
    for part in plan.choice.calendars:
        raw = content.bodies.get(section_of(part), Raw(b"", True))
        events += read_events(decode(decode_transfer(raw.data, part.encoding), part.charset or "utf-8"))
    return tuple(events)


def _card(part: Part, summary: Summary) -> Attachment:
    return Attachment(
        section=part.section,
        filename=file_name(part, summary),
        type=part.type,
        size=decoded_size(part),
        viewable=part.type in VIEWABLE,
        picture=part.type in VIEWABLE and is_picture(part.type),
        nested=part.type in MESSAGE_TYPES and bool(part.children),
    )


def file_name(part: Part, summary: Summary) -> str:
    """What to save it as: a message inside goes by its subject."""
    nested = summary.nested.get(part.section) if part.type in MESSAGE_TYPES else None
    name = part.filename or (nested.subject if nested else "")
    return safe_filename(name, type=part.type, fallback=f"part-{part.section}")


def decoded_size(part: Part) -> int:
    """Octets: base64 carries three in four, and a line break after 76."""
    return part.size * 57 // 78 if part.encoding.lower() == "base64" else part.size


def _unpacked(session: Session, place: Place, part: Part) -> tuple[Attachment, ...]:
    """Kept, so that looking again costs nothing; the files themselves are unpacked anew when downloaded."""
    key = (place, part.section)
    kept = session.notes.get(KIND, key)
    if isinstance(kept, tuple):
        return kept
    files = unpack(tnef_octets(session, place, part)).attachments
    cards = tuple(
        Attachment(
            section=part.section,
            filename=safe_filename(file.name, fallback=f"file-{index + 1}"),
            type="application/octet-stream",
            size=len(file.data),
            index=index,
        )
        for index, file in enumerate(files)
    )
    session.notes.put(KIND, key, cards, 300 * (len(cards) + 1))
    return cards


def tnef_octets(session: Session, place: Place, part: Part) -> bytes:
    raw = fetch_bodies(session, place, {part.section: LARGEST_TNEF})[part.section]
    return decode_transfer(raw.data, part.encoding)
