"""A saved draft taken up again, and any message as the beginning of a new one."""

from __future__ import annotations

from dataclasses import replace

from webmail.accounts.access import Access
from webmail.accounts.identities import SenderIdentity, UnknownIdentityError, identity_for, identity_named
from webmail.imap.session import Session
from webmail.mail.address import flatten, parse_address_list
from webmail.mail.compose import format_recipients, parse_recipients
from webmail.mail.header import decode_header
from webmail.mail.header_block import Headers, first, parse_headers
from webmail.mail.reply.references import message_ids

from ..reading import folders
from ..reading.content import fetch_bodies
from ..reading.headers import LIMIT
from ..reading.selecting import session_of
from ..reading.summary import Place
from . import draft_state
from .composition import Composition
from .originals import Letter, letter
from .starting import fresh_id, fresh_message_id


def edit(*, access: Access, folder: str, uid_validity: int, uid: int) -> Composition:
    """A draft as it was when it was saved, here or in another program. Its files are still parts of it.

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError and the others.
    """
    place = Place(folders.canonical(folder), uid_validity, uid)
    with session_of(access, place.folder) as session:
        return replace(_taken_up(access, session, place), draft=place)


def as_new(*, access: Access, folder: str, uid_validity: int, uid: int) -> Composition:
    """The same to the same, as a message of its own: nothing is answered by it and no draft replaced."""
    place = Place(folders.canonical(folder), uid_validity, uid)
    with session_of(access, place.folder) as session:
        found = _taken_up(access, session, place)
    return replace(
        found,
        message_id=fresh_id(access, found),
        in_reply_to="",
        references="",
        origins=(),
    )


def _taken_up(access: Access, session: Session, place: Place) -> Composition:
    found = letter(session, place, rich=True, files=True)
    raw = fetch_bodies(session, place, {"HEADER": LIMIT})["HEADER"].data
    headers = parse_headers(raw)
    return _composition(access, headers, found)


def _composition(access: Access, headers: Headers, found: Letter) -> Composition:
    ids = message_ids(first(headers, "message-id"))
    message_id = ids[0].strip("<>") if ids else ""
    state = draft_state.read(access.person, message_id, headers)
    identity = _identity(access, state.get("identity", ""), headers)
    to, cc, bcc, reply_to = (_typed(headers, name, state.get(name, "")) for name in draft_state.TYPED)
    return Composition(
        message_id=message_id or fresh_message_id(identity),
        identity=identity.key,
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=reply_to,
        subject=state.get("subject") or decode_header(first(headers, "subject")),
        text=found.text,
        html=found.html,
        rich=bool(found.html) and state.get("rich", True),
        attachments=(*found.pictures, *found.files),
        priority=_priority(headers),
        receipt=first(headers, "disposition-notification-to") is not None,
        delivery_notice=state.get("delivery_notice", False),
        in_reply_to=" ".join(message_ids(first(headers, "in-reply-to"))[:1]),
        references=" ".join(message_ids(first(headers, "references"))),
        origins=state.get("origins", ()),
    )


def _typed(headers: Headers, field: str, typed: str) -> str:
    """As it was typed; but where another program has changed the field since, that is the newer word."""
    people = tuple(
        person
        for name, value in headers
        if name.lower().replace("-", "_") == field
        for person in flatten(parse_address_list(value))
        if person.address
    )
    was = [one.address.lower() for one in parse_recipients(typed).mailboxes]
    if typed and was == [one.address.lower() for one in people]:
        return typed
    return format_recipients(people)


def _identity(access: Access, key: str, headers: Headers = ()) -> SenderIdentity:
    """The one that it was written as, where there still is such a one; else by its From."""
    if key:
        try:
            return identity_named(person=access.person, key=key)
        except UnknownIdentityError:
            pass
    people = flatten(parse_address_list(first(headers, "from")))
    return identity_for(person=access.person, addresses=[one.address for one in people])


def _priority(headers: Headers) -> str:
    number = (first(headers, "x-priority") or b"").strip()[:1]
    word = (first(headers, "importance") or b"").strip().lower()
    if number in (b"1", b"2") or word == b"high":
        return "high"
    return "low" if number in (b"4", b"5") or word == b"low" else "normal"
