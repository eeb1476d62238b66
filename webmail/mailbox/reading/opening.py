"""Opening a message: one round trip on a folder that is selected, none when it was fetched ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webmail.accounts.access import Access
from webmail.accounts.connections import pool
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import Fetched
from webmail.mail.header import decode_header
from webmail.mail.header_block import first, parse_headers
from webmail.mail.html import Sanitised

from ..errors import FolderNotFoundError, MessageNotFoundError, PartNotFoundError
from ..pages import MessagePage
from . import folders
from .asking import invitations_of, receipt_of, report_of, sender_check, unsubscribe
from .attached import attachment_cards
from .content import KIND, Content, cached_content, content_command, content_from, with_bodies
from .index import index_of
from .links import Links
from .marking import keeps, keeps_keywords
from .neighbours import neighbour_command, neighbours
from .plan import Plan, plan_of
from .recovery import recovered
from .selecting import expect_uid_validity, is_selected, select, session_of
from .showing import Reader, Shown, kept_markup, show
from .summary import Head, Place, Summary, cached, inside
from .trust import is_listed, is_trusted


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that is here, with the flags it has now."""

    content: Content
    flags: frozenset[str]


def open_message(
    *,
    access: Access,
    folder: str,
    uid_validity: int,
    uid: int,
    view: str = "",
    remote: bool = False,
    section: str = "",
    links: Links,
    beside: bool = True,
) -> MessagePage:
    """The message, or with `section` the message inside it. `view` is "html", "text" or "" (as the person prefers);
    `beside` False: nobody asks which messages arrived before and after it.

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError, PartNotFoundError and the others.
    """
    place = Place(folders.canonical(folder), uid_validity, uid)
    with session_of(access, place.folder) as session:
        opened, tree = fetch_opened(session, place, section, view or access.person.prefer, beside=beside)
        summary = opened.content.summary
        head, header = _head(summary, section), _header(opened.content, section)
        trusted = is_trusted(access, session.notes, head.from_, header)
        plan, shown = _shown(
            session, access, place, opened.content, section, view, remote=remote or trusted, links=links
        )
        root = inside(summary, section)
        newer, older = neighbours(session, uid) if beside else (None, None)
        at = folders.folder_named(tree, place.folder)
        return MessagePage(
            folder=at,
            folders=tree.folders,
            uid_validity=uid_validity,
            uid=uid,
            subject=head.subject,
            from_=head.from_,
            reply_to=head.reply_to,
            to=head.to,
            cc=head.cc,
            bcc=head.bcc,
            date=head.date,
            size=summary.size,
            flags=opened.flags,
            body=shown.body,
            attachments=attachment_cards(session, place, summary, root, plan, shown),
            invitations=invitations_of(access, shown.content, plan),
            report=report_of(shown.content, plan),
            receipt=receipt_of(access, header, opened.flags, at.role),
            unsubscribe=unsubscribe(access, header, at.role),
            check=sender_check(access, header, at.role),
            list_id=_list_id(opened.content.header),
            answers=not section and _answers(opened.content.header),
            newer=newer,
            older=older,
            section=section,
            trusted=trusted,
            trust_withheld=not trusted and is_listed(access, session.notes, head.from_),
            keywords=keeps_keywords(session.selected),
            read_only=not keeps(session.selected, "\\Deleted"),
            alerts=tuple(session.take_alerts()),
        )


def body_markup(
    *,
    access: Access,
    folder: str,
    uid_validity: int,
    uid: int,
    remote: bool = False,
    section: str = "",
    links: Links,
) -> tuple[Head, Sanitised]:
    """The HTML version, sanitised, for the frame's document or a printed page: from the cache where the message was
    opened before. Raises PartNotFoundError where there is none to show."""
    place = Place(folders.canonical(folder), uid_validity, uid)
    if (ready := _ready_markup(access, place, section, remote=remote)) is not None:
        return ready
    with session_of(access, place.folder) as session:
        content = cached_content(session, place)
        if content is None or content.summary.root is None:
            content = fetch_opened(session, place, section, "html")[0].content
        head = _head(content.summary, section)
        allowed = remote or is_trusted(access, session.notes, head.from_, _header(content, section))
        _, shown = _shown(session, access, place, content, section, "html", remote=allowed, links=links)
    if shown.html is None:
        raise PartNotFoundError
    return head, shown.html


def _ready_markup(
    access: Access, place: Place, section: str, *, remote: bool
) -> tuple[Head, Sanitised] | None:
    """Without a connection: the frame asks while the person's own may be busy fetching ahead."""
    notes = pool().notes(access.holder)
    summary, content = cached(notes, place), notes.get(KIND, place)
    if summary is None or not isinstance(content, Content):
        return None
    head = _head(summary, section)
    allowed = remote or is_trusted(access, notes, head.from_, _header(content, section))
    kept = kept_markup(notes, place, section, remote=allowed)
    return (head, kept) if isinstance(kept, Sanitised) else None


def _shown(
    session: Session,
    access: Access,
    place: Place,
    content: Content,
    section: str,
    view: str,
    *,
    remote: bool,
    links: Links,
) -> tuple[Plan, Shown]:
    root = inside(content.summary, section)
    plan = plan_of(root, view or access.person.prefer)
    content = with_bodies(session, place, content, plan.sections)
    return plan, show(Reader(access, place, section, root, remote, links), session, content, plan)


def fetch_opened(
    session: Session, place: Place, section: str, prefer: str, *, beside: bool = True
) -> tuple[Opened, folders.Tree]:
    """Everything that isn't known yet in one write: SELECT, the message, its neighbours, old folder counts."""
    selected = is_selected(session, place.folder)
    if selected:
        expect_uid_validity(session, place.uid_validity)
    content, summary = cached_content(session, place), cached(session.notes, place)
    wanted = None
    if summary is not None and summary.root is not None:
        wanted = plan_of(inside(summary, section), prefer).sections
    tree = folders.cached_tree(session.notes)
    commands: dict[str, imap.Command[Any]] = {}
    if not selected:
        commands["select"] = select(session, place.folder)
    elif content is None and wanted is None:
        # A server tells of what has arrived since only when it is given the occasion.
        commands["news"] = imap.noop()
    if content is None:
        commands["content"] = content_command(session, place, wanted)
    around = neighbour_command(session, place.uid, selected=selected)
    # Also tells the flags of a message that no list has told of.
    if around is not None and (beside or index_of(session).seq_of(place.uid) is None):
        commands["beside"] = around
    if (tree is None or not tree.fresh) and session.has("LIST-STATUS"):
        commands["list"] = folders.list_command(session)
    answers = dict(zip(commands, session.gather(*commands.values()), strict=True)) if commands else {}
    if tree is None or not tree.fresh:
        tree = folders.keep_listed(session, session.notes, answers.get("list"))
    if isinstance(answers.get("select"), CommandError):
        raise FolderNotFoundError
    expect_uid_validity(session, place.uid_validity)
    index = index_of(session, answers.get("content"), answers.get("beside"))
    if content is None:
        content = _content(session, place, answers["content"], wanted)
    if content.summary.root is None:
        content = recovered(session, place, content)
    seq = index.seq_of(place.uid)
    flags = index.flags.get(seq, content.flags) if seq is not None else content.flags
    return Opened(content, flags), tree


def _content(session: Session, place: Place, answer: Any, wanted: dict[str, int] | None) -> Content:
    """What was fetched; a server that refuses to describe a message may still hand out its octets."""
    if isinstance(answer, CommandError):
        wanted = {}
    if not isinstance(answer, tuple) or not answer:
        # Refused; or too new: Dovecot lets its NOOP look for mail only after what was pipelined behind it.
        (answer,) = session.run(content_command(session, place, wanted))
        index_of(session, answer)
    if _is_gone(session, place, answer):
        raise MessageNotFoundError
    content = content_from(session, place, answer, wanted)
    if content is None:
        raise MessageNotFoundError
    return content


def _is_gone(session: Session, place: Place, answer: tuple[Fetched, ...]) -> bool:
    """Of a message that another client has expunged, Dovecot still tells the flags, and NIL for every octet."""
    octets = [value for data in answer if data.uid == place.uid for value in data.sections.values()]
    if not octets or any(value is not None for value in octets):
        return False
    (still,) = session.run(imap.fetch([place.uid], (imap.UID,)))
    return not any(data.uid == place.uid for data in still)


def _head(summary: Summary, section: str) -> Head:
    return summary.nested.get(section, Head()) if section else summary.head


def _header(content: Content, section: str) -> bytes:
    """Of a message inside another nothing is known but what that one says."""
    return b"" if section else content.header


def _answers(header: bytes) -> bool:
    fields = parse_headers(header)
    return bool(first(fields, "in-reply-to") or first(fields, "references"))


def _list_id(header: bytes) -> str:
    """RFC 2919: the phrase before the identifier, or else the identifier."""
    text = decode_header(first(parse_headers(header), "list-id"))
    phrase, _, identifier = text.rpartition("<")
    return phrase.strip(' "') or identifier.strip("<> ")
