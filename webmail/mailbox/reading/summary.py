"""What never changes of a message, fetched once and kept with the person's connections: envelope and structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

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
from ..structure import find, is_plainly_letter, part_of, people_of, readable
from .snippet import OCTETS, first_words, snippet_of

KIND = "summary"
# About what a summary takes in memory, for the cache's bound.
COST = 2500


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


@dataclass(frozen=True)
class Summary:
    """Decoded as it is asked for: a list shows little of it. `broken`: the server could not describe the message.

    `root` is the tree of its parts, None where unknown; `nested` the heads of the messages inside, by section.
    """

    uid: int
    envelope: Envelope | None = None
    structure: BodyPart | None = None
    received: datetime | None = None
    size: int | None = None
    snippet: str = ""

    @property
    def broken(self) -> bool:
        return self.envelope is None or self.structure is None

    @cached_property
    def subject(self) -> str:
        return decode_header(self.envelope.subject) if self.envelope else ""

    @cached_property
    def date(self) -> datetime | None:
        return (parse_date(self.envelope.date) if self.envelope else None) or self.received

    @cached_property
    def senders(self) -> tuple[Mailbox, ...]:
        return people_of(self.envelope.from_ or self.envelope.sender) if self.envelope else ()

    @cached_property
    def recipients(self) -> tuple[Mailbox, ...]:
        envelope = self.envelope
        return people_of(envelope.to or envelope.cc or envelope.bcc) if envelope else ()

    @cached_property
    def attachment(self) -> bool:
        if self.structure is None or is_plainly_letter(self.structure):
            return False
        return self.root is not None and has_attachment(self.root)

    @cached_property
    def root(self) -> Part | None:
        return readable(part_of(self.structure), self.size) if self.structure is not None else None

    @cached_property
    def head(self) -> Head:
        return head_of(self.envelope, self.received)

    @cached_property
    def nested(self) -> Mapping[str, Head]:
        return dict(_nested(self.structure)) if self.structure is not None else {}

    def recovered(self, *, head: Head, root: Part, nested: Mapping[str, Head]) -> Summary:
        """The same with what was read from the message's own octets, where the server could not tell."""
        summary = replace(self)
        summary.__dict__.update(
            head=head,
            root=root,
            nested=nested,
            subject=head.subject,
            date=head.date,
            senders=head.from_,
            recipients=head.to or head.cc or head.bcc,
            attachment=has_attachment(root),
        )
        return summary


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


def summarise(data: Fetched) -> Summary:
    """`data.uid` must be there; whatever else is missing leaves its field empty."""
    summary = Summary(data.uid or 0, data.envelope, data.structure, data.internal_date, data.size)
    if data.preview is not None:
        return replace(summary, snippet=snippet_of(data.preview.decode("utf-8", "replace")))
    if octets := data.sections.get("1"):
        return replace(summary, snippet=first_words(summary.root, octets))
    return summary


def head_of(envelope: Envelope | None, received: datetime | None = None) -> Head:
    if envelope is None:
        return Head(date=received)
    return Head(
        subject=decode_header(envelope.subject) if envelope.subject else "",
        from_=people_of(envelope.from_ or envelope.sender),
        reply_to=people_of(envelope.reply_to),
        to=people_of(envelope.to),
        cc=people_of(envelope.cc),
        bcc=people_of(envelope.bcc),
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


def _nested(structure: BodyPart) -> Iterator[tuple[str, Head]]:
    stack = [structure]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        if node.type == "message" and node.children:
            yield node.section, head_of(node.envelope)


def keep(
    cache: PersonCache, folder: str, uid_validity: int, fetched: Iterable[Fetched]
) -> dict[int, Summary]:
    """Summaries of those that came with enough to make one, by UID, and into the cache."""
    made: dict[int, Summary] = {}
    for data in fetched:
        if data.uid and (data.envelope is not None or data.structure is not None or data.broken):
            made[data.uid] = summary = summarise(data)
            cache.put(KIND, Place(folder, uid_validity, data.uid), summary, COST)
    return made


def cached(cache: PersonCache, place: Place) -> Summary | None:
    found = cache.get(KIND, place)
    return found if isinstance(found, Summary) else None
