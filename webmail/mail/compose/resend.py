"""A message sent on as it is (RFC 5322, 3.6.6): a block of Resent- fields in front, and nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import BinaryIO

from webmail.mail.address import Mailbox
from webmail.mail.compose.encode import crlf
from webmail.mail.compose.fields import address_field, date_field, fold, ids
from webmail.mail.compose.message import ComposeError
from webmail.mail.compose.write import Written

MAX_HEADER = 2_097_152

_BCC = re.compile(rb"(?:Resent-)?Bcc[ \t]*:", re.IGNORECASE)


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

    `ComposeError` comes before the first octet; a header longer than 2 MiB is one ("original").
    """
    own_id = ids(resent.message_id)
    if len(own_id) != 1:
        raise ComposeError("resent-message-id", "bad-characters")
    block = date_field("Resent-Date", resent.date) + address_field("Resent-From", (resent.from_,))
    block += address_field("Resent-To", resent.to)
    block += address_field("Resent-Cc", resent.cc) if resent.cc else ""
    block += fold("Resent-Message-ID", own_id)
    pieces = crlf(original)
    header, rest = _split(pieces)
    size, eight_bit = 0, False
    end = b""
    for piece in chain((block.encode(), _without_bcc(header), rest), pieces):
        target.write(piece)
        size += len(piece)
        eight_bit = eight_bit or not piece.isascii()
        end = piece[-2:] or end
    if end != b"\r\n":
        size += target.write(b"\r\n")
    return Written(size, eight_bit)


def _split(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """The header, and what was read past it, the blank line first."""
    read = b""
    for piece in pieces:
        read += piece
        if b"\r\n\r\n" in read[-len(piece) - 3 :] or read.startswith(b"\r\n"):
            break
        if len(read) > MAX_HEADER:
            raise ComposeError("original", "too-long")
    if read.startswith(b"\r\n"):
        return b"", read
    header, _, body = read.partition(b"\r\n\r\n")
    header = header.removesuffix(b"\r\n")
    return header + b"\r\n" if header else b"", b"\r\n" + body


def _without_bcc(header: bytes) -> bytes:
    kept: list[bytes] = []
    hidden = False
    for line in header.splitlines(keepends=True):
        hidden = bool(_BCC.match(line)) or (hidden and line[:1] in b" \t")
        if not hidden:
            kept.append(line)
    return b"".join(kept)
