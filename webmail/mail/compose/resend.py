"""A message sent on as it is (RFC 5322, 3.6.6): a block of Resent- fields in front, and nothing else changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import BinaryIO

from webmail.mail.address import Mailbox
from webmail.mail.compose.bcc import without_bcc
from webmail.mail.compose.encode import crlf
from webmail.mail.compose.fields import address_field, date_field, fold, ids
from webmail.mail.compose.message import ComposeError
from webmail.mail.compose.write import Written


@dataclass(frozen=True, slots=True)
class Resent:
    """Who sends a message on, to whom and when; a new Message-ID. Ids with or without angle brackets."""

    from_: Mailbox
    date: datetime
    message_id: str
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...] = ()


def resend(original: BinaryIO, resent: Resent, target: BinaryIO) -> Written:
    """Write `original` with its ends of lines as CRLF, without Bcc and with `resent` in front. In pieces.

    `ComposeError` comes before the first octet, and only for what is in `resent`.
    """
    own_id = ids(resent.message_id)
    if len(own_id) != 1:
        raise ComposeError("resent-message-id", "bad-characters")
    block = date_field("Resent-Date", resent.date) + address_field("Resent-From", (resent.from_,))
    block += address_field("Resent-To", resent.to)
    block += address_field("Resent-Cc", resent.cc) if resent.cc else ""
    block += fold("Resent-Message-ID", own_id)
    size, eight_bit, end = 0, False, b""
    for piece in chain((block.encode(),), without_bcc(crlf(original))):
        target.write(piece)
        size += len(piece)
        eight_bit = eight_bit or not piece.isascii()
        end = piece[-2:] or end
    if end != b"\r\n":
        size += target.write(b"\r\n")
    return Written(size, eight_bit)
