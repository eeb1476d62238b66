"""Answers and forwarded messages, ready to be written in. Of a message that is open, nothing is asked of the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from webmail.accounts.access import Access
from webmail.accounts.identities import SenderIdentity, default_identity, identity_for, own_addresses
from webmail.imap import commands as imap
from webmail.imap.session import Session
from webmail.mail.compose import format_recipients
from webmail.mail.reply import (
    Original,
    Reply,
    arrange,
    arrange_html,
    forward_html,
    forward_subject,
    forward_text,
    forward_text_as_html,
    quote_html,
    quote_text,
    quote_text_as_html,
    reply_subject,
    reply_to_all,
    reply_to_list,
    reply_to_sender,
    thread_of,
)

from ..errors import MessageNotFoundError, TooManyError
from ..reading import folders
from ..reading.index import index_of
from ..reading.selecting import expect_uid_validity, session_of, with_selected
from ..reading.summary import Place, Summary, cached_many, inside, keep, summary_items
from .composition import Composition, Origin
from .originals import LONGEST_HTML, Letter, letter, whole
from .rich import signature
from .starting import blank, where_to_write
from .words import Words

Scope = Literal["sender", "all", "list"]
MOST_FORWARDED: Final = 50
MOST_FILES: Final = 150
# Characters: what a form can bring back.
LONGEST_TEXT: Final = 200_000


def reply(
    *,
    access: Access,
    folder: str,
    uid_validity: int,
    uid: int,
    section: str = "",
    scope: Scope = "sender",
    words: Words,
) -> Composition:
    """From the identity that the message went to. Where there is no list to answer, "list" is "all".

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError, PartNotFoundError and the others.
    """
    person = access.person
    place = Place(folders.canonical(folder), uid_validity, uid)
    rich = person.compose == person.Format.RICH
    with session_of(access, place.folder) as session:
        found = letter(session, place, section, rich=rich, files=False)
    original = found.original
    people = _people(original, own_addresses(person=person), scope)
    thread = thread_of(original)
    identity = _identity(access, original)
    return replace(
        _arranged(access, identity, _quoted(found, words) if person.quote else _Body()),
        to=format_recipients(people.to),
        cc=format_recipients(people.cc),
        subject=reply_subject(original.subject),
        in_reply_to=thread.in_reply_to,
        references=" ".join(thread.references),
        origins=(_origin("reply", place),),
        attachments=found.pictures if person.quote else (),
    )


def forward(
    *,
    access: Access,
    folder: str,
    uid_validity: int,
    uids: Sequence[int],
    section: str = "",
    inline: bool,
    words: Words,
) -> Composition:
    """`inline`: with the text below, and the files attached; else, and where that would be very much, each message
    as a file of its own.

    `section` names a message inside the only one. Raises TooManyError for more than 50, and as `reply` does.
    """
    wanted = tuple(dict.fromkeys(uids))
    if len(wanted) > MOST_FORWARDED:
        raise TooManyError(MOST_FORWARDED)
    if not wanted:
        raise MessageNotFoundError
    places = [Place(folders.canonical(folder), uid_validity, uid) for uid in wanted]
    section = section if len(places) == 1 else ""
    started = _inline(access, places, section, words) if inline else _attached(access, places, section)
    return replace(started, origins=tuple(_origin("forward", place) for place in places))


def _inline(access: Access, places: Sequence[Place], section: str, words: Words) -> Composition:
    person = access.person
    rich = person.compose == person.Format.RICH
    with session_of(access, places[0].folder) as session:
        found = [letter(session, place, section, rich=rich, files=True) for place in places]
    files = tuple(file for one in found for file in (*one.pictures, *one.files))
    bodies = [_forwarded(one, words) for one in found]
    body = _Body("\n\n".join(one.text for one in bodies), "".join(one.html for one in bodies))
    several = len(bodies) > 1
    if len(files) > MOST_FILES or (several and max(len(body.text), len(body.html)) > LONGEST_HTML):
        return _attached(access, places, section)
    first = found[0].original
    return replace(
        _arranged(access, _identity(access, first), body),
        subject=forward_subject(first.subject),
        attachments=files,
    )


def _attached(access: Access, places: Sequence[Place], section: str) -> Composition:
    with session_of(access, places[0].folder) as session:
        summaries = _summaries(session, places)
    found = [summaries[place.uid] for place in places]
    if section:
        inside(found[0], section)
    head = found[0].nested.get(section) or found[0].head
    return replace(
        _arranged(access, default_identity(person=access.person), _Body()),
        subject=forward_subject(head.subject),
        attachments=tuple(
            whole(place, summary, section) for place, summary in zip(places, found, strict=True)
        ),
    )


def _summaries(session: Session, places: Sequence[Place]) -> dict[int, Summary]:
    folder, uid_validity = places[0].folder, places[0].uid_validity
    uids = [place.uid for place in places]
    found = cached_many(session.notes, folder, uid_validity, uids)
    if missing := [uid for uid in uids if uid not in found]:
        (fetched,) = with_selected(session, folder, imap.fetch(missing, summary_items(session)))
        expect_uid_validity(session, uid_validity)
        index_of(session, fetched)
        found = {**found, **keep(session.notes, folder, uid_validity, fetched)}
    if not found.keys() >= set(uids):
        raise MessageNotFoundError
    return found


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands below the answer, in both kinds."""

    text: str = ""
    html: str = ""


def _quoted(found: Letter, words: Words) -> _Body:
    said = words.attribution(found.original)
    if found.html:
        html = quote_html(found.html, attribution=said)
    else:
        html = quote_text_as_html(found.text, attribution=said, cut=words.cut)
    return _Body(quote_text(found.text, attribution=said, cut=words.cut), html)


def _forwarded(found: Letter, words: Words) -> _Body:
    title, fields, text = words.title, words.fields(found.original), found.text
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}\n{words.cut}"
    if found.html:
        html = forward_html(found.html, title=title, fields=fields)
    else:
        html = forward_text_as_html(text, title=title, fields=fields)
    return _Body(forward_text(text, title=title, fields=fields), html)


def _arranged(access: Access, identity: SenderIdentity, below: _Body) -> Composition:
    person = access.person
    where = where_to_write(person)
    plain, rich = identity.text_signature, signature(identity)
    if not person.signature_on_reply:
        plain = rich = ""
    return replace(
        blank(identity, person),
        text=arrange(below.text, plain, where),
        html=arrange_html(below.html, rich, where),
    )


def _people(original: Original, own: frozenset[str], scope: Scope) -> Reply:
    if scope == "list":
        return found if (found := reply_to_list(original)).to else reply_to_all(original, own)
    return reply_to_all(original, own) if scope == "all" else reply_to_sender(original, own)


def _identity(access: Access, original: Original) -> SenderIdentity:
    people = (*original.from_, *original.to, *original.cc)
    addresses = (*(one.address for one in people), *original.delivered_to)
    return identity_for(person=access.person, addresses=addresses)


def _origin(kind: str, place: Place) -> Origin:
    return Origin(kind, place.folder, place.uid_validity, place.uid)
