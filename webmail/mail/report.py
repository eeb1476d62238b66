"""What became of a message: delivery status (RFC 3464) and disposition (RFC 8098) reports, in a multipart/report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from webmail.mail.header import clean, decode_header
from webmail.mail.header_block import Headers, first, line_ends, parse_headers, split_header
from webmail.mail.part import Part
from webmail.mail.reply.references import message_ids

MAX_BODY = 262_144
MAX_RECIPIENTS = 200
MAX_DIAGNOSTIC = 1_000

Kind = Literal["delivery", "receipt"]

_KINDS: dict[str, Kind] = {
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",
    "message/disposition-notification": "receipt",
    "message/global-disposition-notification": "receipt",
}
_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822", "message/global", "message/global-headers"})
_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_DISPOSITIONS = frozenset({"displayed", "deleted", "dispatched", "processed", "denied", "failed"})
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_EMBEDDED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


@dataclass(frozen=True, slots=True)
class Reported:
    """`action` of a delivery is "failed", "delayed", "delivered", "relayed" or "expanded"; of a receipt "displayed",
    "deleted", "dispatched", "processed", "denied" or "failed"; "" for another word.

    `status` is an enhanced code ("5.1.1") or "", `diagnostic` one line of what the other server said, `host` which.
    """

    address: str
    action: str
    status: str = ""
    diagnostic: str = ""
    host: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """`message_id` (with "<>") and `subject` are those of the message reported on, "" where that is not told.

    `by_itself`: of a receipt, a program sent it, not a person.
    """

    kind: Kind
    message_id: str
    subject: str
    recipients: tuple[Reported, ...]
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class ReportParts:
    """Where a report lies in its message: `status` is to be read by `kind`, `original` has the header of the other.

    Of an original of a message type the header is asked for ("<section>.HEADER"), of another the whole part.
    """

    kind: Kind
    status: Part
    original: Part | None


def report_parts(root: Part) -> ReportParts | None:
    """The report that a message is, or None. A message that only has one attached is not one."""
    if root.type != "multipart/report":
        return None
    status = next((part for part in root.children if part.type in _KINDS), None)
    if status is None:
        return None
    original = next((part for part in root.children if part.type in _HEADERS), None)
    return ReportParts(_KINDS[status.type], status, original)


def read_report(kind: Kind, body: bytes, original: bytes = b"") -> Report | None:
    """Reads a status part's decoded body, and the header block of the message it is about.

    None where no recipient is told. Never raises; linear; at most 200 recipients.
    """
    return delivery_report(body, original) if kind == "delivery" else receipt_report(body, original)


def delivery_report(body: bytes, original: bytes = b"") -> Report | None:
    about = parse_headers(original[:MAX_BODY])
    recipients: list[Reported] = []
    for fields in _blocks(body):
        address = _address(fields, "original-recipient") or _address(fields, "final-recipient")
        if address and len(recipients) < MAX_RECIPIENTS:
            recipients.append(_delivery(fields, address))
    if not recipients:
        return None
    return Report("delivery", _id(about), decode_header(first(about, "subject")), tuple(recipients))


def receipt_report(body: bytes, original: bytes = b"") -> Report | None:
    about = parse_headers(original[:MAX_BODY])
    fields = next((found for found in _blocks(body) if first(found, "disposition") is not None), ())
    mode, _, kind = _line(fields, "disposition").lower().partition(";")
    action = re.split(r"[/,\s]", kind.strip(), maxsplit=1)[0]
    if not fields:
        return None
    address = _address(fields, "original-recipient") or _address(fields, "final-recipient")
    told = message_ids(first(fields, "original-message-id"))
    return Report(
        "receipt",
        told[0] if told else _id(about),
        decode_header(first(about, "subject")),
        (Reported(address, action if action in _DISPOSITIONS else ""),),
        by_itself="mdn-sent-automatically" in mode or "automatic-action" in mode,
    )


def _delivery(fields: Headers, address: str) -> Reported:
    action = _line(fields, "action").lower()
    status = _STATUS.search(_line(fields, "status"))
    kind, semicolon, diagnostic = _line(fields, "diagnostic-code").partition(";")
    return Reported(
        address,
        action if action in _ACTIONS else "",
        status[0] if status else "",
        (diagnostic.strip() if semicolon else kind)[:MAX_DIAGNOSTIC],
        _line(fields, "remote-mta").rpartition(";")[2].strip()[:255],
    )


def _blocks(body: bytes) -> Iterator[Headers]:
    """Groups of fields with blank lines between them."""
    raw = line_ends(body[:MAX_BODY])
    position = 0
    while position < len(raw):
        fields, end = split_header(raw, position)
        if fields:
            yield fields
        position = max(end, position + 1)


def _line(fields: Headers, name: str) -> str:
    return decode_header(first(fields, name))


def _address(fields: Headers, name: str) -> str:
    """ "rfc822; ann@example.org", or "utf-8; \\x{E5}se@example.org" (RFC 6533)."""
    kind, semicolon, address = _line(fields, name).partition(";")
    address = (address if semicolon else kind).strip().strip("<>")[:1_000]
    return clean(_EMBEDDED.sub(_character, address)).replace(" ", "")


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if 0x20 < code < 0x110000 else ""


def _id(about: Headers) -> str:
    return next(iter(message_ids(first(about, "message-id"))), "")
