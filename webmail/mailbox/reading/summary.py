"""What never changes of a message, fetched once and kept with the person's connections: envelope and structure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.pool import Session
from webmail.imap.types import BodyPart, Fetched
from webmail.mail import date as dates
from webmail.mail.address import Mailbox
from webmail.mail.header import decode_header
from webmail.mail.part import Part
from webmail.mail.parts import has_attachment
from webmail.mail.preview import preview

from ..structure import mailboxes_of, part_of

KIND = "summary"
SNIPPET_OCTETS = 600
SNIPPET_LENGTH = 160
# About what a summary takes in memory, for the cache's bound.
COST = 2500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is, for as long as UIDVALIDITY holds."""

    folder: str
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Summary:
    uid: int
    subject: str = ""
    from_: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    date: datetime | None = None
    size: int | None = None
    snippet: str = ""
    attachment: bool = False
    broken: bool = False
    root: Part | None = None
    structure: BodyPart | None = None


def summary_items(session: Session) -> tuple[imap.Item, ...]:
    """What to FETCH for a list: the snippet as the server makes it, or the beginning of the first part."""
    return (
        imap.UID,
        imap.FLAGS,
        imap.SIZE,
        imap.INTERNAL_DATE,
        imap.ENVELOPE,
        imap.BODYSTRUCTURE,
        imap.PREVIEW if session.has("PREVIEW") else imap.body("1", partial=(0, SNIPPET_OCTETS)),
    )


def summarise(data: Fetched) -> Summary:
    """`data.uid` must be there; whatever else is missing leaves its field empty and `broken` set."""
    envelope, root = data.envelope, None
    if data.structure is not None:
        root = part_of(data.structure)
    broken = envelope is None or root is None
    date = dates.parse_date(envelope.date) if envelope and envelope.date else None
    if data.preview is not None:
        snippet = preview(data.preview.decode("utf-8", "replace"), length=SNIPPET_LENGTH)
    else:
        snippet = _first_words(root, data.sections.get("1"))
    return Summary(
        uid=data.uid or 0,
        subject=decode_header(envelope.subject) if envelope and envelope.subject else "",
        from_=mailboxes_of(envelope.from_ or envelope.sender) if envelope else (),
        reply_to=mailboxes_of(envelope.reply_to) if envelope else (),
        to=mailboxes_of(envelope.to) if envelope else (),
        cc=mailboxes_of(envelope.cc) if envelope else (),
        bcc=mailboxes_of(envelope.bcc) if envelope else (),
        date=date or data.internal_date,
        size=data.size,
        snippet=snippet,
        attachment=root is not None and has_attachment(root),
        broken=broken,
        root=root,
        structure=data.structure,
    )


def keep(cache: PersonCache, folder: str, uid_validity: int, fetched: Iterable[Fetched]) -> dict[int, Summary]:
    """Summaries of those that came with enough to make one, by UID, and into the cache."""
    made: dict[int, Summary] = {}
    for data in fetched:
        if data.uid and (data.envelope is not None or data.structure is not None or data.broken):
            made[data.uid] = summary = summarise(data)
            if not summary.broken:
                cache.put(KIND, Place(folder, uid_validity, data.uid), summary, COST)
    return made


def cached(cache: PersonCache, place: Place) -> Summary | None:
    found = cache.get(KIND, place)
    return found if isinstance(found, Summary) else None
