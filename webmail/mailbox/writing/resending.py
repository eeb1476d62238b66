"""A message sent on as it is, to others (RFC 5322, 3.6.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from webmail.accounts.access import Access
from webmail.accounts.identities import default_identity
from webmail.mail.address import Mailbox
from webmail.mail.compose import Resent, parse_recipients
from webmail.mail.compose import resend as write_resent

from ..errors import UnsendableError
from ..reading.download import source
from .appending import spooled
from .starting import fresh_message_id


@dataclass(frozen=True, slots=True)
class Resending:
    """What is in the envelope of what was written; `message_id` is that of the sending (Resent-Message-ID)."""

    message_id: str
    sender: Mailbox
    recipients: tuple[Mailbox, ...]
    size: int
    eight_bit: bool


def resend(
    *,
    access: Access,
    folder: str,
    uid_validity: int,
    uid: int,
    to: str,
    target: BinaryIO,
    now: datetime,
    message_id: str = "",
) -> Resending:
    """Writes the octets to send to `target`. `to` as typed; `message_id` is a fresh one where none is given.

    Raises UnsendableError, MessageNotFoundError and what reading raises, ComposeError for a header past all bounds.
    """
    identity = default_identity(person=access.person)
    sender = Mailbox(identity.name, identity.address)
    people = parse_recipients(to)
    if people.errors or not people.mailboxes:
        raise UnsendableError(tuple(problem.piece for problem in people.errors))
    message_id = message_id or fresh_message_id(identity)
    with spooled() as original:
        for chunk in source(access=access, folder=folder, uid_validity=uid_validity, uid=uid).chunks:
            original.write(chunk)
        original.seek(0)
        written = write_resent(original, Resent(sender, now, message_id, people.mailboxes), target)
    return Resending(message_id, sender, people.mailboxes, written.size, written.eight_bit)
