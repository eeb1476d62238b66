"""A message that the program made, ready to go to its one recipient."""

from __future__ import annotations

import hmac
import io
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from webmail.accounts.access import Access
from webmail.accounts.identities import SenderIdentity
from webmail.mail.address import Mailbox
from webmail.mail.compose import File, Message, needs_utf8, write
from webmail.mail.compose.wire_address import problem, wire_address
from webmail.smtp.envelope import Envelope

from ..errors import MailboxError
from ..reading import folders
from ..reading.content import Content
from ..reading.opening import fetch_opened
from ..reading.selecting import session_of
from ..reading.summary import Place
from ..writing import Composition, Origin
from ..writing.starting import fresh_message_id


class NothingToAnswerError(MailboxError):
    """The message does not ask for this, or no longer, or wants the answer where none can go."""


@dataclass(frozen=True, slots=True)
class Response:
    """`composition` says whom it is from, where its copy goes and what it answers; `octets` are what is sent."""

    composition: Composition
    envelope: Envelope
    octets: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """The message that is answered. `role` is its folder's."""

    place: Place
    content: Content
    flags: frozenset[str]
    role: str

    @property
    def origin(self) -> Origin:
        return Origin("reply", self.place.folder, self.place.uid_validity, self.place.uid)


def opened(access: Access, folder: str, uid_validity: int, uid: int) -> Opened:
    """From the cache where it was just looked at. Raises MessageNotFoundError and what reading raises."""
    place = Place(folders.canonical(folder), uid_validity, uid)
    with session_of(access, place.folder) as session:
        found, tree = fetch_opened(session, place, "", access.person.prefer)
        return Opened(place, found.content, found.flags, folders.folder_named(tree, place.folder).role)


def message_id_once(access: Access, place: Place, identity: SenderIdentity, what: str) -> str:
    """The same for the same answer to the same message, so that it goes out once, however often it is asked for."""
    said = "\0".join(map(str, (access.person.pk, place.folder, place.uid_validity, place.uid, what)))
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"ekorn answer 1\0{said}".encode(), "sha256")
    return f"{digest[:16].hex()}@{fresh_message_id(identity).rpartition('@')[2]}"


def sendable(address: str) -> bool:
    """Whether this is one address and nothing else: it comes from others' mail."""
    return problem(address) in (None, "no-dot")


def response(
    composition: Composition,
    identity: SenderIdentity,
    to: Mailbox,
    *,
    now: datetime,
    null_sender: bool = False,
    versions: tuple[File, ...] = (),
    attachments: tuple[File, ...] = (),
    report: str = "",
) -> Response:
    """From this identity to that one address. Raises NothingToAnswerError where the address is none."""
    if not sendable(to.address) or not sendable(identity.address):
        raise NothingToAnswerError
    message = Message(
        from_=Mailbox(identity.name, identity.address),
        date=now,
        message_id=composition.message_id,
        to=(to,),
        subject=composition.subject,
        text=composition.text,
        in_reply_to=composition.in_reply_to,
        references=tuple(composition.references.split()),
        versions=versions,
        attachments=attachments,
        report=report,
    )
    target = io.BytesIO()
    written = write(message, target)
    envelope = Envelope(
        sender="" if null_sender else wire_address(identity.address),
        recipients=(wire_address(to.address),),
        utf8=needs_utf8(message),
        eight_bit=written.eight_bit,
    )
    return Response(composition, envelope, target.getvalue())


def file(name: str, type_: str, octets: bytes) -> File:
    return File(name, type_, len(octets), lambda: io.BytesIO(octets))
