"""What lies beside a message's text: files, and messages inside it."""

from __future__ import annotations

from webmail.imap.session import Session
from webmail.mail.filename import safe_filename
from webmail.mail.parse import MESSAGE_TYPES
from webmail.mail.part import Part
from webmail.mail.parts import TNEF_TYPES, attachments, choose_body
from webmail.mail.sniff import VIEWABLE, is_picture

from ..pages import Attachment
from .contained import contained_cards
from .plan import Plan
from .showing import Shown
from .summary import Place, Summary

KIND = "cards"


def attachment_cards(
    session: Session,
    place: Place,
    summary: Summary,
    root: Part | None,
    plan: Plan,
    shown: Shown,
) -> tuple[Attachment, ...]:
    """In the message's order; a winmail.dat is replaced by the files in it, and files in the text come first."""
    if root is None:
        return ()
    cards = [card for part in shown.with_files for card in contained_cards(session, place, part)]
    referenced = shown.referenced if shown.html is not None else ()
    for part in attachments(root, plan.choice, referenced):
        inside = contained_cards(session, place, part) if part.type in TNEF_TYPES else ()
        cards += inside or (_card(part, summary),)
    session.notes.put(KIND, (place, root.section), tuple(cards), 300 * (len(cards) + 1))
    return tuple(cards)


def shown_cards(session: Session, place: Place, root: Part) -> tuple[Attachment, ...] | None:
    """Those of the last look at the message; None where it was not looked at, or long ago."""
    kept = session.notes.get(KIND, (place, root.section))
    return kept if isinstance(kept, tuple) else None


def attached_parts(root: Part) -> tuple[Part, ...]:
    """The files of a message, as for "all as one zip": inline pictures are part of the letter, unless they are all."""
    body = choose_body(root)
    return attachments(root, body) or attachments(root, body, ())


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
