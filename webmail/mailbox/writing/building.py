"""A composition as a message, and as octets: for the drafts folder, the wire, or the copy in Sent."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, Final, Literal

from django.conf import settings

from webmail.accounts.access import Access
from webmail.accounts.identities import (
    SenderIdentity,
    UnknownIdentityError,
    default_identity,
    identity_named,
)
from webmail.mail.address import Mailbox
from webmail.mail.compose import File, Message, Written, parse_recipients, write
from webmail.mail.compose.wire_address import problem

from . import draft_state
from .composition import Attached, Composition
from .rich import content_id, markup_for_mail
from .uploads import find

NOBODY: Final = "nobody@localhost"
For = Literal["draft", "wire", "sent"]


def build(
    *,
    access: Access,
    composition: Composition,
    target: BinaryIO,
    for_: For,
    now: datetime,
    client_address: str = "",
) -> Written:
    """The same octets for the same composition and `now` (in the writer's zone). Everything must be settled.

    Bcc is only in a draft and in the copy for Sent, what only we understand only in a draft. `client_address` goes
    in where the administrator wants it. Raises PartNotFoundError, ComposeError.
    """
    return write(message_of(access, composition, for_=for_, now=now, client_address=client_address), target)


def message_of(
    access: Access, composition: Composition, *, for_: For, now: datetime, client_address: str = ""
) -> Message:
    """Addresses that are none are left out, as is an identity that is gone: `check` says so before a sending."""
    identity = identity_of(access, composition)
    sender = Mailbox(identity.name, identity.address)
    subject = composition.subject
    if for_ == "draft":
        # Whatever stands there can be saved; sending is another matter.
        subject = subject[: draft_state.LONGEST_SUBJECT]
        if problem(sender.address) not in (None, "no-dot"):
            # A sign-in name, where the administrator has not said which domain it belongs to.
            sender = Mailbox(identity.name, NOBODY)
    files = [_file(access, attached) for attached in composition.attachments]
    html = markup_for_mail(access, composition) if composition.rich else None
    shown = html.shown if html else frozenset()
    extra: list[tuple[str, str]] = []
    if identity.organisation:
        extra.append(("Organization", identity.organisation))
    if settings.USER_AGENT_IN_HEADERS:
        extra.append(("User-Agent", "Ekorn"))
    if settings.CLIENT_ADDRESS_IN_HEADERS and client_address and for_ != "draft":
        extra.append(("X-Originating-IP", f"[{client_address}]"))
    if for_ == "draft":
        extra += draft_state.written(access.person, composition)
    return Message(
        from_=sender,
        date=now,
        message_id=composition.message_id,
        reply_to=parse_recipients(composition.reply_to).mailboxes,
        to=parse_recipients(composition.to).mailboxes,
        cc=parse_recipients(composition.cc).mailboxes,
        bcc=parse_recipients(composition.bcc).mailboxes,
        subject=subject,
        text=html.text if html else composition.text,
        html=html.html if html else "",
        in_reply_to=composition.in_reply_to,
        references=tuple(composition.references.split()),
        attachments=tuple(file for file in files if file.content_id not in shown),
        inline=tuple(file for file in files if file.content_id in shown),
        priority=_priority(composition.priority),
        receipt_to=sender if composition.receipt else None,
        extra=tuple(extra),
        write_bcc=for_ != "wire",
    )


def identity_of(access: Access, composition: Composition) -> SenderIdentity:
    """The default one where its own was deleted meanwhile."""
    try:
        return identity_named(person=access.person, key=composition.identity)
    except UnknownIdentityError:
        return default_identity(person=access.person)


def _file(access: Access, attached: Attached) -> File:
    stored = find(access, attached.token)
    return File(
        name=stored.attached.filename,
        type=stored.attached.type,
        size=stored.size,
        open=stored.open,
        content_id=content_id(attached.token) if attached.inline else "",
    )


def _priority(text: str) -> Literal["high", "normal", "low"]:
    return "high" if text == "high" else "low" if text == "low" else "normal"
