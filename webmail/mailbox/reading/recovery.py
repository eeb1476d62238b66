"""A message that its server can't describe: we read what octets it hands out, up to a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from webmail.imap.session import Session
from webmail.mail.address import Mailbox, flatten, parse_address_list
from webmail.mail.date import date as parse_date
from webmail.mail.header import decode_header
from webmail.mail.header_block import Headers
from webmail.mail.parse import parse_message

from .content import Content, Raw, fetch_bodies, keep_content
from .summary import COST, KIND, Head, Place

LIMIT = 2 * 1024 * 1024


def recovered(session: Session, place: Place, content: Content) -> Content:
    """The content with head, tree and bodies of our own making; it stays marked as broken."""
    raw = fetch_bodies(session, place, {"": LIMIT})[""]
    message = parse_message(raw.data, complete=raw.complete)
    head = content.summary.head
    summary = content.summary.recovered(
        head=head if head.from_ else _head(message.headers, head.date),
        root=message.root,
        nested={section: _head(headers, None) for section, headers in message.messages.items()},
    )
    session.notes.put(KIND, place, summary, COST)
    bodies = {
        section: Raw(message.raw[span.start : span.end], span.complete)
        for section, span in message.spans.items()
    }
    return keep_content(session, place, replace(content, summary=summary, bodies=bodies))


def _head(headers: Headers, received: datetime | None) -> Head:
    values: dict[str, bytes] = {}
    for name, value in headers:
        values.setdefault(name.lower(), value)

    def people(name: str) -> tuple[Mailbox, ...]:
        return flatten(parse_address_list(values.get(name)))

    return Head(
        subject=decode_header(values.get("subject")),
        from_=people("from") or people("sender"),
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        bcc=people("bcc"),
        date=parse_date(values.get("date")) or received,
    )
