"""A message as its writer means it, before it is octets."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Literal

from webmail.mail.address import Mailbox
from webmail.mail.compose.wire_address import ascii_domain

Priority = Literal["high", "normal", "low"]


class ComposeError(ValueError):
    """`field` ("to", "attachments", "extra") can't be written, for `code` ("bad-address", "bad-characters", …)."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class File:
    """`open` gives the octets from the start, each time it is called. `size` is what is shown, not relied on.

    `type` may have parameters ("text/calendar; method=REPLY"); `content_id` is without angle brackets.
    """

    name: str
    type: str
    size: int
    open: Callable[[], BinaryIO]
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """All that is written. Groups are expanded; `html` is sanitised already (`outgoing_html`), "" for plain only.

    `date` is aware, in the writer's zone. Ids are taken with or without angle brackets and written with them.
    `bcc` is written only with `write_bcc`: for a draft and the copy in Sent, never for the wire. `flowed` writes
    `text` as format=flowed. `extra` are further fields, with values of any text on one line.

    `versions` are further ones of the text, the best last ("text/calendar; method=REPLY"). With `report`
    ("disposition-notification") the text and the attachments are a report (RFC 6522).
    """

    from_: Mailbox
    date: datetime
    message_id: str
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[File, ...] = ()
    inline: tuple[File, ...] = ()
    versions: tuple[File, ...] = ()
    report: str = ""
    priority: Priority = "normal"
    receipt_to: Mailbox | None = None
    flowed: bool = True
    extra: tuple[tuple[str, str], ...] = ()
    write_bcc: bool = False

    @property
    def recipients(self) -> tuple[Mailbox, ...]:
        return (*self.to, *self.cc, *self.bcc)


def message_id(domain: str) -> str:
    """A fresh id with its angle brackets. `domain` is that of the sender's address: no host's name gets out."""
    wire = ascii_domain(domain) or ""
    return f"<{secrets.token_hex(16)}@{wire if _DOMAIN.fullmatch(wire) else 'localhost'}>"


_DOMAIN = re.compile(r"[A-Za-z0-9._-]{1,253}")
