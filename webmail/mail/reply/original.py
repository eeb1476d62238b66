"""The message that is answered or forwarded, as far as its header tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from webmail.mail.address import Mailbox, flatten, parse_address_list
from webmail.mail.date import date
from webmail.mail.header import clean, decode_header
from webmail.mail.header_block import Headers, first, parse_headers
from webmail.mail.reply.references import message_ids

MAX_DELIVERED = 20

HEADER_FIELDS = (
    "FROM", "TO", "CC", "REPLY-TO", "MAIL-REPLY-TO", "MAIL-FOLLOWUP-TO", "X-ORIGINAL-FROM", "LIST-POST", "LIST-ID",
    "MESSAGE-ID", "REFERENCES", "IN-REPLY-TO", "SUBJECT", "DATE", "DELIVERED-TO", "X-ORIGINAL-TO", "ENVELOPE-TO",
)  # fmt: skip
"""What `original_of` reads, for a FETCH of just these."""

_MAILTO = re.compile(r"<\s*mailto:([^?>\s]{3,500})", re.IGNORECASE)
_LIST_ID = re.compile(r"<\s*([^<>\s]{1,255})\s*>|^([^<>\s]{1,255})$")


@dataclass(frozen=True, slots=True)
class Original:
    """`list_post` is the address of the mailing list, "" where it has none or takes no post; `list_id` without "<>".

    `message_id`, `references` and `in_reply_to` are ids with "<>", broken ones left out. `delivered_to` are the
    addresses that the mail servers on the way delivered to, the last one first.
    """

    from_: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    mail_reply_to: tuple[Mailbox, ...] = ()
    followup_to: tuple[Mailbox, ...] = ()
    original_from: tuple[Mailbox, ...] = ()
    list_post: str = ""
    list_id: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    delivered_to: tuple[str, ...] = ()

    @property
    def from_list(self) -> bool:
        """It came by a mailing list that can be answered."""
        return bool(self.list_post)


def original_of(raw: bytes) -> Original:
    """Reads a raw header block. Never raises; linear."""
    headers = parse_headers(raw)
    to, cc = _people(headers, "to"), _people(headers, "cc")
    list_id = _list_id(decode_header(first(headers, "list-id")))
    return Original(
        from_=_people(headers, "from"),
        to=to,
        cc=cc,
        reply_to=_people(headers, "reply-to"),
        mail_reply_to=_people(headers, "mail-reply-to"),
        followup_to=_people(headers, "mail-followup-to"),
        original_from=_people(headers, "x-original-from"),
        list_post=_list_post(decode_header(first(headers, "list-post")), list_id, (*to, *cc)),
        list_id=list_id,
        message_id=next(iter(message_ids(first(headers, "message-id"))), ""),
        references=message_ids(first(headers, "references")),
        in_reply_to=message_ids(first(headers, "in-reply-to")),
        subject=decode_header(first(headers, "subject")),
        date=date(first(headers, "date")),
        delivered_to=tuple(_delivered(headers)),
    )


def _people(headers: Headers, name: str) -> tuple[Mailbox, ...]:
    """Everybody with an address; of a field that is there twice both count, as mail has it."""
    return tuple(
        person
        for key, value in headers
        if key.lower() == name
        for person in flatten(parse_address_list(value))
        if "@" in person.address
    )


def _list_id(value: str) -> str:
    found = _LIST_ID.search(value[-600:])
    return (found[1] or found[2] or "").lower() if found else ""


def _list_post(value: str, list_id: str, people: tuple[Mailbox, ...]) -> str:
    """RFC 2369, 3.4; "NO" says that nobody may post. Without the field, a recipient that List-Id names."""
    if value:
        found = _MAILTO.search(value)
        address = clean(unquote(found[1])).replace(" ", "") if found else ""
        return address if address.count("@") == 1 and not set(address) & set('<>,;"') else ""
    if not list_id:
        return ""
    return next((one.address for one in people if one.address.lower().replace("@", ".") == list_id), "")


def _delivered(headers: Headers) -> Iterator[str]:
    names = ("x-original-to", "delivered-to", "envelope-to")
    found = [value for key, value in headers if key.lower() in names]
    for value in found[:MAX_DELIVERED]:
        for person in flatten(parse_address_list(value[:1_000])):
            if "@" in person.address:
                yield person.address
