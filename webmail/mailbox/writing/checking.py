"""What stands in the way of sending a message, and what is worth asking about once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Final, Literal

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.accounts.identities import UnknownIdentityError, identity_named
from webmail.mail.address import Mailbox
from webmail.mail.compose import ComposeError, Message, parse_recipients, text_of, write
from webmail.mail.hints import ReplyTo, hints
from webmail.mail.reply import Original, original_of, reply_to_list
from webmail.mail.reply.own import address_key

from ..reading.content import KIND as CONTENT
from ..reading.content import Content
from ..reading.summary import Place
from .building import message_of
from .composition import Composition
from .settling import GONE
from .uploads import find, received_by

FIELDS: Final = ("to", "cc", "bcc", "reply_to")
# Of a message, what is not its files: headers, boundaries. In octets.
HEADERS: Final = 10_000

ProblemCode = Literal[
    "bad-address", "nobody", "too-many", "too-large", "too-large-for-server", "sender", "gone", "field"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the Composition's; `piece` what is wrong as it was typed, or a file's name; `detail` says how
    ("no-at", "too-long", …, see `webmail.mail.compose`); `limit` is in octets, or how many."""

    code: ProblemCode
    field: str = ""
    piece: str = ""
    detail: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """`hints` are the codes of `webmail.mail.hints`. `message` is what would be sent, where nothing stands in the way
    and its files are uploads already."""

    problems: tuple[Problem, ...]
    hints: tuple[str, ...]
    message: Message | None


def check(
    *, access: Access, composition: Composition, now: datetime, server_size: int | None = None
) -> Check:
    """`server_size`: octets that the submission server takes, where it said so. Asks no server."""
    problems = (
        *_addresses(access, composition),
        *_sender(access, composition),
        *_files(access, composition, server_size),
    )
    message = None
    if not problems:
        ready = tuple(one for one in composition.attachments if received_by(one.token) is None)
        try:
            message = message_of(access, replace(composition, attachments=ready), for_="wire", now=now)
            # Without its files, which are large and can't be wrong.
            write(replace(message, attachments=(), inline=()), BytesIO())
        except ComposeError as error:
            problems = (Problem("field", error.field, detail=error.code),)
        else:
            if composition.rich and not message.html:
                problems = (Problem("field", "html", detail="too-much"),)
        if problems or ready != composition.attachments:
            message = None
    return Check(problems, _hints(access, composition), message)


def everybody(composition: Composition) -> tuple[Mailbox, ...]:
    """All recipients that can be read, each once."""
    found: dict[str, Mailbox] = {}
    for text in (composition.to, composition.cc, composition.bcc):
        for mailbox in parse_recipients(text).mailboxes:
            found.setdefault(mailbox.address.lower(), mailbox)
    return tuple(found.values())


def _addresses(access: Access, composition: Composition) -> Iterator[Problem]:
    for field in FIELDS:
        for found in parse_recipients(getattr(composition, field)).errors:
            yield Problem("bad-address", field, found.piece, found.code)
    people = len(everybody(composition))
    if not people:
        yield Problem("nobody", "to")
    if people > access.domain.recipients:
        yield Problem("too-many", "to", limit=access.domain.recipients)


def _sender(access: Access, composition: Composition) -> Iterator[Problem]:
    try:
        allowed = identity_named(person=access.person, key=composition.identity).allowed
    except UnknownIdentityError:
        allowed = False
    if not allowed:
        yield Problem("sender", "identity")


def _files(access: Access, composition: Composition, server_size: int | None) -> Iterator[Problem]:
    for attached in composition.attachments:
        try:
            if received_by(attached.token) is None:
                find(access, attached.token)
        except GONE:
            yield Problem("gone", "attachments", attached.filename)
    octets = sum(attached.size for attached in composition.attachments)
    limit = access.domain.attachment_limit
    if octets > limit:
        yield Problem("too-large", "attachments", limit=limit)
    elif server_size and transferred(composition) > server_size:
        yield Problem("too-large-for-server", "attachments", limit=server_size)


def transferred(composition: Composition) -> int:
    """About how many octets the message has on the wire: base64 takes 78 for 57."""
    text = len(composition.html.encode()) * 2 if composition.rich else len(composition.text.encode())
    return HEADERS + text + sum(attached.size * 78 // 57 + 500 for attached in composition.attachments)


def _hints(access: Access, composition: Composition) -> tuple[str, ...]:
    to, cc = (parse_recipients(text).mailboxes for text in (composition.to, composition.cc))
    original = _original(access, composition)
    return hints(
        subject=composition.subject,
        text=text_of(composition.html) if composition.rich else composition.text,
        attachments=sum(not attached.inline for attached in composition.attachments),
        to=to,
        cc=cc,
        reply=_reply_to(original, (*to, *cc)) if original else "",
        original=original,
    )


def _original(access: Access, composition: Composition) -> Original | None:
    """The message that is answered, where it was open just now: nobody waits for a hint."""
    origin = next((origin for origin in composition.origins if origin.kind == "reply"), None)
    if origin is None:
        return None
    place = Place(origin.folder, origin.uid_validity, origin.uid)
    content = pool().notes(access.holder).get(CONTENT, place)
    return original_of(content.header) if isinstance(content, Content) else None


def _reply_to(original: Original, people: tuple[Mailbox, ...]) -> ReplyTo:
    """What the answer has become, whatever it was begun as."""
    the_list = {address_key(one.address) for one in reply_to_list(original).to}
    answered = {address_key(one.address) for one in people}
    if the_list & answered:
        return "all" if answered - the_list else "list"
    return "all" if len(answered) > 1 else "sender"
