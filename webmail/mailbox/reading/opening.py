"""Opening a message: one round trip on a folder that is selected, none when it was fetched ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webmail.accounts.access import Access
from webmail.accounts.models import TrustedSender
from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.mail.header import decode_header
from webmail.mail.part import Part

from ..errors import FolderNotFoundError, MessageNotFoundError, PartNotFoundError
from ..pages import Body, MessagePage
from ..structure import find, mailboxes_of
from . import folders
from .attached import attachment_cards, events_of
from .content import Content, cached_content, content_command, content_from, with_bodies
from .index import index_of
from .links import Links
from .neighbours import neighbour_command, neighbours
from .plan import Plan, plan_of
from .selecting import expect_uid_validity, is_selected, select, session_of
from .showing import show
from .summary import Place, Summary, cached


@dataclass(frozen=True, slots=True)
class Opened:
    """A message that is here: its folder's tree, what was fetched, and who stands beside it."""

    tree: folders.Tree
    content: Content
    flags: frozenset[str]
    newer: int | None
    older: int | None


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
) -> MessagePage:
    """The message, or with `section` the message inside it. `view` is "html", "text" or "" (as the person prefers).

    Raises FolderNotFoundError, FolderRenumberedError, MessageNotFoundError, PartNotFoundError and the others.
    """
    place = Place(folders.canonical(folder), uid_validity, uid)
    prefer = view or access.person.prefer
    with session_of(access, place.folder) as (session, cache):
        opened = _open(session, cache, place, section, prefer)
        summary = opened.content.summary
        head, root = _inside(summary, section)
        trusted = _is_trusted(access, head)
        plan = plan_of(root, prefer)
        content = with_bodies(session, cache, place, opened.content, plan.sections)
        shown = show(
            session, cache, place, content, root, plan, remote=remote or trusted, links=links
        )
        return MessagePage(
            folder=folders.folder_named(opened.tree, place.folder),
            folders=opened.tree.folders,
            uid_validity=uid_validity,
            uid=uid,
            subject=head.subject,
            from_=head.from_,
            reply_to=head.reply_to,
            to=head.to,
            cc=head.cc,
            bcc=head.bcc,
            date=head.date,
            size=head.size,
            flags=opened.flags,
            body=shown.body,
            attachments=attachment_cards(session, cache, place, root, shown.used),
            events=events_of(shown.content, plan),
            list_id=_list_id(opened.content.list_header),
            newer=opened.newer,
            older=opened.older,
            section=section,
            trusted=trusted,
            alerts=tuple(session.take_alerts()),
        )


def _open(session: Session, cache: PersonCache, place: Place, section: str, prefer: str) -> Opened:
    """Everything that isn't known yet in one write: SELECT, the message, its neighbours, old folder counts."""
    selected = is_selected(session, place.folder)
    if selected:
        expect_uid_validity(session, place.uid_validity)
    content, summary = cached_content(cache, place), cached(cache, place)
    wanted = None
    if summary is not None and summary.root is not None:
        wanted = plan_of(_inside(summary, section)[1], prefer).sections
    tree = folders.cached_tree(cache)
    commands: dict[str, imap.Command[Any]] = {}
    if not selected:
        commands["select"] = select(session, cache, place.folder)
    if content is None:
        commands["content"] = content_command(session, cache, place, wanted)
    if (beside := neighbour_command(session, place.uid, selected=selected)) is not None:
        commands["beside"] = beside
    if (tree is None or not tree.fresh) and session.has("LIST-STATUS"):
        commands["list"] = folders.list_command(session)
    answers = dict(zip(commands, session.gather(*commands.values()), strict=True)) if commands else {}
    if tree is None or not tree.fresh:
        tree = folders.keep_listed(session, cache, answers.get("list"))
    if isinstance(answers.get("select"), CommandError):
        raise FolderNotFoundError
    expect_uid_validity(session, place.uid_validity)
    index = index_of(session, answers.get("content"), answers.get("beside"))
    if content is None:
        content = _content(session, cache, place, answers["content"], wanted)
    newer, older = neighbours(session, place.uid)
    seq = index.seq_of(place.uid)
    flags = index.flags.get(seq, content.flags) if seq is not None else content.flags
    return Opened(tree, content, flags, newer, older)


def _content(
    session: Session, cache: PersonCache, place: Place, answer: Any, wanted: dict[str, int] | None
) -> Content:
    """What was fetched; a server that refuses to describe a message may still hand out its octets."""
    if isinstance(answer, CommandError):
        (answer,) = session.run(content_command(session, cache, place, {}))
    content = content_from(cache, place, answer, wanted)
    if content is None:
        raise MessageNotFoundError
    return content


@dataclass(frozen=True, slots=True)
class _Head:
    subject: str
    from_: tuple[Any, ...]
