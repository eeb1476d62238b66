"""Read receipts (RFC 8098): who asks for one, and the answer. One is sent only when the person says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from webmail.mail.address import Mailbox, flatten, parse_address_list
from webmail.mail.header_block import Headers, first, parse_headers
from webmail.mail.params import parse_params
from webmail.mail.reply.own import Own, address_key
from webmail.mail.reply.references import message_ids

MAX_ASKING = 5
MAX_HEADERS = 32_768
MAX_LINE = 998

# Of the message that was read, only what its sender wrote: not the way that it took behind one's own servers.
_GIVEN_BACK = frozenset({"from", "to", "cc", "subject", "date", "message-id"})
_VISIBLE = re.compile(rb"[\t -~]+")
_REQUIRED = re.compile(rb"=\s*required", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """`to` is where the receipt would go. `elsewhere`: not to the author alone, which the person should know."""

    to: tuple[Mailbox, ...]
    elsewhere: bool
    message_id: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The parts of a multipart/report; report-type=disposition-notification, in this order, with CRLF.

    `notification` is a message/disposition-notification, `headers` a text/rfc822-headers, both in ASCII.
    """

    text: str
    notification: bytes
    headers: bytes


def receipt_request(raw: bytes, own: Iterable[str] = ()) -> ReceiptRequest | None:
    """Who asks for a receipt in a raw header block; None where nobody does or none may be sent.

    Reports get none (RFC 8098, 2.1), nor one's own messages, nor those that require an option (2.2): we know none.
    """
    headers = parse_headers(raw)
    to = _people(headers, "disposition-notification-to")
    mine = Own(own)
    author = {address_key(one.address) for one in _people(headers, "from")}
    to = tuple({address_key(one.address): one for one in reversed(to)}.values())[::-1]
    if not to or len(to) > MAX_ASKING or any(one.address in mine for one in to):
        return None
    if parse_params(first(headers, "content-type") or b"")[0] == "multipart/report":
        return None
    if _REQUIRED.search(first(headers, "disposition-notification-options") or b""):
        return None
    returned = {address_key(one.address) for one in _people(headers, "return-path")}
    known = author | returned if len(returned) == 1 else author
    ids = message_ids(first(headers, "message-id"))
    return ReceiptRequest(
        to=to,
        elsewhere=len(to) > 1 or any(address_key(one.address) not in known for one in to),
        message_id=ids[0] if ids else "",
    )


def receipt(raw: bytes, *, reader: str, text: str) -> Receipt:
    """The answer to the message with the raw header block `raw`: it was shown to `reader`, who allowed to say so.

    Raises ValueError for an address with a control or a space in it.
    """
    if not reader.isprintable() or " " in reader or "@" not in reader:
        raise ValueError("not an address")
    headers = parse_headers(raw)
    ids = message_ids(first(headers, "message-id"))
    asked = first(headers, "original-recipient")
    lines = [
        *([f"Original-Recipient: {_ascii(asked)}"] if asked and _is_recipient(asked) else ()),
        f"Final-Recipient: {_recipient(reader)}",
        *([f"Original-Message-ID: {ids[0]}"] if ids else ()),
        "Disposition: manual-action/MDN-sent-manually; displayed",
    ]
    return Receipt(
        text=text,
        notification="".join(f"{line}\r\n" for line in lines).encode("ascii"),
        headers=_given_back(headers),
    )


def _people(headers: Headers, name: str) -> tuple[Mailbox, ...]:
    values = [value for key, value in headers if key.lower() == name]
    people = (one for value in values for one in flatten(parse_address_list(value)))
    return tuple(one for one in people if "@" in one.address)


def _is_recipient(value: bytes) -> bool:
    return re.fullmatch(rb"(?i)rfc822\s*;\s*[!-~]{1,500}", value) is not None


def _ascii(value: bytes) -> str:
    return value.decode("ascii")


def _recipient(address: str) -> str:
    """In ASCII in any case (RFC 6533, 3)."""
    if address.isascii():
        return f"rfc822; {address}"
    return "utf-8; " + "".join(one if one.isascii() else f"\\x{{{ord(one):X}}}" for one in address)


def _given_back(headers: Headers) -> bytes:
    """Without what a mail of seven bits could not carry."""
    lines: list[bytes] = []
    room = MAX_HEADERS
    for name, value in headers:
        line = b"%s: %s" % (name.encode("ascii"), value)
        if name.lower() in _GIVEN_BACK and len(line) <= min(MAX_LINE, room) and _VISIBLE.fullmatch(line):
            lines.append(line + b"\r\n")
            room -= len(line)
    return b"".join(lines)
