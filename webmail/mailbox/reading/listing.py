"""A page of a folder in order of arrival, newest first, at the cost of that page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from webmail.accounts.access import Access
from webmail.imap import commands as imap
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import Fetched

from ..errors import FolderNotFoundError
from ..pages import ListPage, Row
from . import folders
from .index import Index, index_of
from .marking import keeps, keeps_keywords
from .selecting import is_selected, select, session_of
from .summary import Summary, cached_many, keep, summary_items

OUTGOING = frozenset({"sent", "drafts"})
NO_FLAGS: frozenset[str] = frozenset()


def list_messages(*, access: Access, folder: str, page: int = 1, size: int = 50) -> ListPage:
    """Raises FolderNotFoundError, MailServerError and SignInEndedError. A page past the end is the last one."""
    folder = folders.canonical(folder)
    with session_of(access, folder) as session:
        tree, known = _bring_up_to_date(session, folder, page, size)
        shown, state, index = folders.folder_named(tree, folder), session.selected, index_of(session)
        if state is None:
            raise FolderNotFoundError
        total = state.exists
        pages = max(1, -(-total // size))
        number = min(max(1, page), pages)
        first_seq, last_seq = _range(total, number, size)
        known |= _known(session, index, folder, first_seq, last_seq, known)
        if wanted := _missing(index, known, first_seq, last_seq):
            fetched = _fetch(session, wanted)
            known |= _keep(session, folder, fetched)
            index_of(session, fetched)
        shown = replace(shown, total=total)
        return ListPage(
            folder=shown,
            folders=tree.folders,
            uid_validity=state.uid_validity,
            rows=tuple(
                row_of(
                    known.get(index.uids[seq]), index.uids[seq], index.flags.get(seq, NO_FLAGS), shown.role
                )
                for seq in range(last_seq, first_seq - 1, -1)
                if seq in index.uids
            ),
            number=number,
            pages=pages,
            total=total,
            unseen=shown.unseen,
            first=total - last_seq + 1 if total else 0,
            last=total - first_seq + 1 if total else 0,
            outgoing=shown.role in OUTGOING,
            keywords=keeps_keywords(state),
            read_only=not keeps(state, "\\Deleted"),
            last_uid=(state.uid_next or 1) - 1,
            alerts=tuple(session.take_alerts()),
        )


def _bring_up_to_date(
    session: Session, folder: str, page: int, size: int
) -> tuple[folders.Tree, dict[int, Summary]]:
    """One write: SELECT or NOOP, the folder counts where they are old, and of a folder that is selected already
    the messages of the page that we don't know, where it stood when we last heard. The summaries are by UID."""
    cache = session.notes
    tree = folders.cached_tree(cache)
    known: dict[int, Summary] = {}
    old = tree is None or not tree.fresh or tree.find(folder) is None
    together = old and session.has("LIST-STATUS")
    commands: list[imap.Command[Any]] = []
    state, wanted = session.selected, list[int]()
    if state is not None and is_selected(session, folder):
        first, last = _range(state.exists, min(max(1, page), max(1, -(-state.exists // size))), size)
        index = index_of(session)
        known = _known(session, index, folder, first, last, known)
        wanted = _missing(index, known, first, last)
        commands.append(imap.noop())
    else:
        commands.append(select(session, folder))
    if together:
        commands.append(folders.list_command(session))
    if wanted:
        commands.append(imap.fetch(wanted, summary_items(session), uid=False))
    opened, *others = session.gather(*commands)
    listed = others.pop(0) if together else None
    if together:
        listed = folders.listed_after(session, state, listed)
    index_of(session, *others)
    for fetched in others:
        known |= _keep(session, folder, fetched)
    if old:
        tree = folders.keep_listed(session, cache, listed)
    assert tree is not None
    if isinstance(opened, CommandError):
        folders.folder_named(tree, folder)
        select_as_listed(session, tree, folder)
    return tree, known


def select_as_listed(session: Session, tree: folders.Tree, folder: str) -> None:
    """A second try with the server's own spelling: some names do not survive being decoded."""
    try:
        session.run(imap.select(tree.wire.get(folder, folder)))
    except CommandError as error:
        raise FolderNotFoundError from error


def _range(total: int, number: int, size: int) -> tuple[int, int]:
    """First and last sequence number of a page."""
    last = total - (number - 1) * size
    return max(1, last - size + 1), last


def _known(
    session: Session, index: Index, folder: str, first: int, last: int, known: Collection[int]
) -> dict[int, Summary]:
    """What the cache holds of a page beside what is `known`."""
    state, uids = session.selected, index.uids
    if state is None:
        return {}
    wanted = [uids[seq] for seq in range(first, last + 1) if seq in uids and uids[seq] not in known]
    return cached_many(session.notes, folder, state.uid_validity, wanted) if wanted else {}


def _missing(index: Index, known: Collection[int], first: int, last: int) -> list[int]:
    uids, flags = index.uids, index.flags
    return [seq for seq in range(first, last + 1) if seq not in flags or uids[seq] not in known]


def _keep(session: Session, folder: str, fetched: object) -> dict[int, Summary]:
    if session.selected is None or not isinstance(fetched, list | tuple):
        return {}
    return keep(session.notes, folder, session.selected.uid_validity, fetched)


def _fetch(session: Session, seqs: list[int]) -> list[Fetched]:
    """A server that chokes on one message must not cost the page: then each is asked for by itself."""
    (fetched,) = session.gather(imap.fetch(seqs, summary_items(session), uid=False))
    found = [] if isinstance(fetched, CommandError) else list(fetched)
    left = sorted(set(seqs) - {data.seq for data in found if data.uid})
    if not left:
        return found
    each = session.gather(*(imap.fetch([seq], summary_items(session), uid=False) for seq in left))
    bare = [
        seq for seq, answer in zip(left, each, strict=True) if isinstance(answer, CommandError) or not answer
    ]
    found += [data for answer in each if not isinstance(answer, CommandError) for data in answer]
    if bare:
        answers = session.gather(*(imap.fetch([seq], (imap.UID, imap.FLAGS), uid=False) for seq in bare))
        found += [data for answer in answers if not isinstance(answer, CommandError) for data in answer]
    return found


def row_of(summary: Summary | None, uid: int, flags: frozenset[str], role: str) -> Row:
    summary = summary or Summary(uid=uid)
    return Row(
        uid=uid,
        people=summary.recipients if role in OUTGOING else summary.head.from_,
        subject=summary.head.subject,
        snippet=summary.snippet,
        date=summary.head.date,
        size=summary.size,
        unread="\\seen" not in flags,
        starred="\\flagged" in flags,
        answered="\\answered" in flags,
        forwarded="$forwarded" in flags,
        muted="$muted" in flags,
        attachment=summary.attachment,
        broken=summary.broken,
        flags=flags,
    )
