"""What never changes of a message, fetched once and kept with the person's connections: envelope and structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.session import Session
from webmail.imap.types import BodyPart, Envelope, Fetched
from webmail.mail.address import Mailbox
from webmail.mail.date import date as parse_date
from webmail.mail.header import decode_header
from webmail.mail.parse import MESSAGE_TYPES
from webmail.mail.part import Part
from webmail.mail.parts import has_attachment

from ..errors import PartNotFoundError
from ..structure import People, find, is_plainly_letter, part_of, readable
from .snippet import OCTETS, first_words, snippet_of

KIND = "summary"
# About what a summary takes in memory, for the cache's bound.
COST = 1200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is, for as long as UIDVALIDITY holds."""

    folder: str
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Head:
    """Who wrote what to whom, and when: a message's own, or that of a message inside another."""

    subject: str = ""
    from_: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    date: datetime | None = None


UNKNOWN: Final = Head()
NOTHING_INSIDE: Final[Mapping[str, Head]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Summary:
    """Decoded at once: what the server sent takes three times as much memory. `broken`: it could not describe it.

    `root` is the tree of its parts, None where unknown; `nested` the heads of the messages inside, by section.
    """

    uid: int
    head: Head = UNKNOWN
    root: Part | None = None
    size: int | None = None
    snippet: str = ""
    attachment: bool = False
    broken: bool = True
    nested: Mapping[str, Head] = field(default_factory=lambda: NOTHING_INSIDE)

    @property
    def recipients(self) -> tuple[Mailbox, ...]:
        return self.head.to or self.head.cc or self.head.bcc

    def recovered(self, *, head: Head, root: Part, nested: Mapping[str, Head]) -> Summary:
        """The same with what was read from the message's own octets, where the server could not tell."""
        return replace(self, head=head, root=root, nested=nested, attachment=has_attachment(root))


def summary_items(session: Session) -> tuple[imap.Item, ...]:
    """What to FETCH for a list: the snippet as the server makes it, or the beginning of the first part."""
    return (
        imap.UID,
        imap.FLAGS,
        imap.SIZE,
        imap.INTERNAL_DATE,
        imap.ENVELOPE,
        imap.BODYSTRUCTURE,
        imap.PREVIEW if session.has("PREVIEW") else imap.body("1", partial=(0, OCTETS)),
    )


def summarise(data: Fetched, people: People) -> Summary:
    """`data.uid` must be there; whatever else is missing leaves its field empty."""
    root, nested, attachment = None, NOTHING_INSIDE, False
    if data.structure is not None:
        root = readable(part_of(data.structure), data.size)
        nested = dict(_nested(data.structure, people)) if root.children else NOTHING_INSIDE
        attachment = not is_plainly_letter(data.structure) and has_attachment(root)
    if data.preview is not None:
        snippet = snippet_of(data.preview.decode("utf-8", "replace"))
    else:
        snippet = first_words(root, data.sections.get("1") or b"")
    return Summary(
        uid=data.uid or 0,
        head=head_of(data.envelope, people, data.internal_date),
        root=root,
        size=data.size,
        snippet=snippet,
        attachment=attachment,
        broken=data.envelope is None or root is None,
        nested=nested or NOTHING_INSIDE,
    )


def head_of(envelope: Envelope | None, people: People, received: datetime | None = None) -> Head:
    if envelope is None:
        return Head(date=received)
    return Head(
        subject=decode_header(envelope.subject) if envelope.subject else "",
        from_=people.of(envelope.from_ or envelope.sender),
        reply_to=people.of(envelope.reply_to),
        to=people.of(envelope.to),
        cc=people.of(envelope.cc),
        bcc=people.of(envelope.bcc),
        date=(parse_date(envelope.date) if envelope.date else None) or received,
    )


def inside(summary: Summary, section: str) -> Part:
    """The tree of the message, or of the message that it holds at `section`. Raises PartNotFoundError."""
    if not section and summary.root is not None:
        return summary.root
    node = find(summary.root, section) if summary.root is not None else None
    if node is None or node.type not in MESSAGE_TYPES or not node.children:
        raise PartNotFoundError
    return node.children[0]


def _nested(structure: BodyPart, people: People) -> Iterator[tuple[str, Head]]:
    stack = [structure]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        if node.type == "message" and node.children:
            yield node.section, head_of(node.envelope, people)


def keep(
    cache: PersonCache, folder: str, uid_validity: int, fetched: Iterable[Fetched]
) -> dict[int, Summary]:
    """Summaries of those that came with enough to make one, by UID, and into the cache."""
    made: dict[int, Summary] = {}
    people = People()
    for data in fetched:
        if data.uid and (data.envelope is not None or data.structure is not None or data.broken):
            made[data.uid] = summary = summarise(data, people)
            cache.put(KIND, Place(folder, uid_validity, data.uid), summary, COST)
    return made


def cached(cache: PersonCache, place: Place) -> Summary | None:
    found = cache.get(KIND, place)
    return found if isinstance(found, Summary) else None


def cached_many(
    cache: PersonCache, folder: str, uid_validity: int, uids: Iterable[int]
) -> dict[int, Summary]:
    """The summaries that are here, by UID."""
    found = cache.get_many(KIND, (Place(folder, uid_validity, uid) for uid in uids))
    return {place.uid: summary for place, summary in found.items() if isinstance(summary, Summary)}
