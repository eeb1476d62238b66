"""Files inside a part that MIME knows nothing of: winmail.dat's, and those uuencoded in the text."""

from __future__ import annotations

from dataclasses import dataclass

from webmail.imap.session import Session
from webmail.mail.charset import decode
from webmail.mail.filename import safe_filename
from webmail.mail.part import Part
from webmail.mail.parts import TNEF_TYPES
from webmail.mail.tnef import unpack
from webmail.mail.transfer import decode as decode_transfer
from webmail.mail.uuencode import extract

from ..pages import Attachment
from .content import fetch_bodies
from .plan import TEXT_LIMIT, section_of
from .summary import Place

# winmail.dat must be held whole to be unpacked, in octets as transferred.
LARGEST_TNEF = 32 * 1024 * 1024
KIND = "contained"


@dataclass(frozen=True, slots=True)
class Contained:
    """`name` is safe to save under."""

    name: str
    data: bytes


def contained_files(session: Session, place: Place, part: Part) -> tuple[Contained, ...]:
    """Fetches the part and takes it apart."""
    name = section_of(part)
    limit = LARGEST_TNEF if part.type in TNEF_TYPES else TEXT_LIMIT
    octets = decode_transfer(fetch_bodies(session, place, {name: limit})[name].data, part.encoding)
    if part.type in TNEF_TYPES:
        found = [(file.name, file.data) for file in unpack(octets).attachments]
    else:
        found = [(file.name, file.data) for file in extract(decode(octets, part.charset))[1]]
    return tuple(
        Contained(safe_filename(name, fallback=f"file-{number}"), data)
        for number, (name, data) in enumerate(found, 1)
    )


def contained_cards(session: Session, place: Place, part: Part) -> tuple[Attachment, ...]:
    """Kept, so that looking again costs nothing; the files themselves are taken out anew when downloaded."""
    key = (place, part.section)
    kept = session.notes.get(KIND, key)
    if isinstance(kept, tuple):
        return kept
    cards = tuple(
        Attachment(part.section, file.name, "application/octet-stream", len(file.data), index=index)
        for index, file in enumerate(contained_files(session, place, part))
    )
    session.notes.put(KIND, key, cards, 300 * (len(cards) + 1))
    return cards
