"""The octets of a message that are shown, fetched in as few round trips as can be, and kept for the next look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from webmail.domains.registry import domains
from webmail.imap import commands as imap
from webmail.imap.session import Session
from webmail.imap.types import Fetched
from webmail.mail.parse import slice_text
from webmail.mail.reply import HEADER_FIELDS as REPLY_FIELDS

from ..errors import MessageNotFoundError
from .index import index_of, lower
from .selecting import expect_uid_validity, with_selected
from .summary import Head, Place, Summary, cached, keep, summary_items

KIND = "content"
# The beginning of a message of which nothing is known yet: enough for most letters and newsletters.
WINDOW = 64 * 1024
# What the page, an answer and a forwarded copy need to know, so that answering what is open asks for nothing.
HEADER_FIELDS = (
    *REPLY_FIELDS,
    "LIST-UNSUBSCRIBE", "CONTENT-TYPE", "AUTO-SUBMITTED", "DISPOSITION-NOTIFICATION-TO",
    "DISPOSITION-NOTIFICATION-OPTIONS", "ORIGINAL-RECIPIENT", "RETURN-PATH",
)  # fmt: skip
# Long ones, which tell something only where the administrator has named a host that judges.
JUDGED_FIELDS = ("LIST-UNSUBSCRIBE-POST", "DKIM-SIGNATURE", "AUTHENTICATION-RESULTS", "RECEIVED")


@dataclass(frozen=True, slots=True)
class Raw:
    """A part's octets as transferred (still base64 or quoted-printable). `complete` is False when cut by a limit."""

    data: bytes
    complete: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What was fetched of a message so far. `flags` are those of that moment, `header` the HEADER_FIELDS, raw (and
    the JUDGED_FIELDS, where a host is trusted)."""

    summary: Summary
    flags: frozenset[str] = frozenset()
    header: bytes = b""
    bodies: Mapping[str, Raw] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        return 500 + len(self.header) + sum(len(raw.data) for raw in self.bodies.values())


def cached_content(session: Session, place: Place) -> Content | None:
    found = session.notes.get(KIND, place)
    return found if isinstance(found, Content) else None


def keep_content(session: Session, place: Place, content: Content) -> Content:
    session.notes.put(KIND, place, content, content.cost)
    return content


def content_command(
    session: Session, place: Place, wanted: Mapping[str, int] | None
) -> imap.Command[tuple[Fetched, ...]]:
    """One FETCH: of a message whose structure is known the `wanted` sections (each with its limit in octets),
    else everything the list would ask for and the beginning of its text."""
    judged = JUDGED_FIELDS if any(one.trusted_hosts for one in domains()) else ()
    fields = imap.header_fields(*HEADER_FIELDS, *judged)
    if wanted is None:
        items = (*summary_items(session), fields, imap.body("TEXT", partial=(0, WINDOW)))
    else:
        items = (
            imap.UID,
            imap.FLAGS,
            fields,
            *(imap.body(name, partial=(0, size)) for name, size in wanted.items()),
        )
    return imap.fetch([place.uid], items)


def content_from(
    session: Session, place: Place, fetched: Iterable[Fetched], wanted: Mapping[str, int] | None
) -> Content | None:
    """What the answer to `content_command` holds, kept; None when the message is not there."""
    data = next((data for data in fetched if data.uid == place.uid), None)
    if data is None:
        return None
    if wanted is None:
        summary = keep(session.notes, place.folder, place.uid_validity, [data]).get(place.uid) or Summary(
            uid=place.uid, size=data.size, head=Head(date=data.internal_date)
        )
        bodies = _cut(summary, data.sections.get("TEXT") or b"")
    else:
        summary = cached(session.notes, place) or Summary(uid=place.uid)
        bodies = _sections(data, wanted)
    header = next((value for name, value in data.sections.items() if name.startswith("HEADER.FIELDS")), None)
    return keep_content(
        session, place, Content(summary, lower(data.flags or frozenset()), header or b"", bodies)
    )


def with_bodies(session: Session, place: Place, content: Content, wanted: Mapping[str, int]) -> Content:
    """The content with these sections in it; what isn't there yet is fetched in one write."""
    missing = {
        name: limit
        for name, limit in wanted.items()
        if name not in content.bodies
        or (not content.bodies[name].complete and len(content.bodies[name].data) < limit)
    }
    if not missing:
        return content
    bodies = {**content.bodies, **fetch_bodies(session, place, missing)}
    return keep_content(session, place, replace(content, bodies=bodies))


def fetch_bodies(session: Session, place: Place, wanted: Mapping[str, int]) -> dict[str, Raw]:
    """Sections up to their limits, in octets. Raises MessageNotFoundError."""
    items = (imap.UID, *(imap.body(name, partial=(0, size)) for name, size in wanted.items()))
    (fetched,) = with_selected(session, place.folder, imap.fetch([place.uid], items))
    expect_uid_validity(session, place.uid_validity)
    data = next((data for data in fetched if data.uid == place.uid), None)
    if data is None:
        raise MessageNotFoundError
    return _sections(data, wanted)


def summary_of(session: Session, place: Place) -> Summary:
    """The message's summary, from the cache or the server; its folder is selected afterwards.

    Raises FolderNotFoundError, FolderRenumberedError and MessageNotFoundError.
    """
    summary = cached(session.notes, place)
    if summary is not None:
        with_selected(session, place.folder)
        expect_uid_validity(session, place.uid_validity)
        return summary
    command = imap.fetch([place.uid], summary_items(session))
    (fetched,) = with_selected(session, place.folder, command)
    expect_uid_validity(session, place.uid_validity)
    index_of(session, fetched)
    found = keep(session.notes, place.folder, place.uid_validity, fetched).get(place.uid)
    if found is None:
        raise MessageNotFoundError
    return found


def _sections(data: Fetched, wanted: Mapping[str, int]) -> dict[str, Raw]:
    found = {name: data.sections.get(name.upper()) or b"" for name in wanted}
    return {name: Raw(octets, complete=len(octets) < wanted[name]) for name, octets in found.items()}


def _cut(summary: Summary, text: bytes) -> dict[str, Raw]:
    if summary.root is None:
        return {}
    cut = slice_text(text, summary.root)
    # A message that fits the window is there to its last octet, whatever its boundaries look like.
    whole = len(text) < WINDOW
    return {name: Raw(data, complete or whole) for name, (data, complete) in cut.items()}
