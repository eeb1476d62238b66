"""The envelope: who it is from, whom it is for, and the commands that say so (RFC 5321, 3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from webmail.smtp.errors import EncodeError
from webmail.smtp.offer import Offer

LONGEST_ADDRESS: Final = 320  # Octets: 64 before the "@", 255 after it.
LONGEST_ENVID: Final = 100  # RFC 3461, 4.4.
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff<>]")

Notify = Literal["SUCCESS", "FAILURE", "DELAY"]


@dataclass(frozen=True, slots=True)
class Dsn:
    """Delivery notices wanted (RFC 3461). `envelope_id` comes back in them; `returned` is how much of the message
    does; `notify` when they are sent, never where empty."""

    envelope_id: str = ""
    returned: Literal["HDRS", "FULL"] = "HDRS"
    notify: tuple[Notify, ...] = ("FAILURE",)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Addresses as they go over the wire, without brackets; `sender` "" for notices that nobody may answer.

    `utf8` says that the headers need SMTPUTF8 (an address that isn't ASCII needs it by itself), `eight_bit` that
    the body holds octets above 127.
    """

    sender: str
    recipients: tuple[str, ...]
    utf8: bool = False
    eight_bit: bool = False
    dsn: Dsn | None = None

    @property
    def needs_utf8(self) -> bool:
        return self.utf8 or not all(map(str.isascii, (self.sender, *self.recipients)))


def check(envelope: Envelope) -> None:
    """EncodeError names the first address that can't go over the wire."""
    if not envelope.recipients:
        raise EncodeError("There is no recipient.")
    for address in (envelope.sender, *envelope.recipients):
        if _UNFIT.search(address) or len(address.encode()) > LONGEST_ADDRESS:
            raise EncodeError(f"The address {address[:LONGEST_ADDRESS]!r} can't be used.")
    if not all(envelope.recipients):
        raise EncodeError("A recipient is empty.")


def commands(envelope: Envelope, offer: Offer, size: int) -> tuple[bytes, ...]:
    """MAIL, and a RCPT for each recipient, with CRLF, using of the extensions what is offered."""
    mail = [f"MAIL FROM:<{envelope.sender}>"]
    if offer.has("SIZE"):
        mail.append(f"SIZE={size}")
    if (envelope.eight_bit or envelope.needs_utf8) and offer.has("8BITMIME"):
        mail.append("BODY=8BITMIME")
    if envelope.needs_utf8:
        mail.append("SMTPUTF8")
    dsn = envelope.dsn if offer.has("DSN") else None
    if dsn:
        mail.append(f"RET={dsn.returned}")
        if 0 < len(dsn.envelope_id) <= LONGEST_ENVID:
            mail.append(f"ENVID={xtext(dsn.envelope_id)}")
    lines = [" ".join(mail)]
    for address in envelope.recipients:
        line = f"RCPT TO:<{address}>"
        if dsn:
            line += f" NOTIFY={','.join(dsn.notify) or 'NEVER'}"
            if address.isascii():
                line += f" ORCPT=rfc822;{xtext(address)}"
        lines.append(line)
    return tuple(f"{line}\r\n".encode() for line in lines)


def xtext(text: str) -> str:
    """RFC 3461, 4: printable ASCII but for "+" and "=" as it is, any other octet as "+" and two hex digits."""
    return "".join(
        chr(octet) if 33 <= octet <= 126 and octet not in b"+=" else f"+{octet:02X}"
        for octet in text.encode()
    )
