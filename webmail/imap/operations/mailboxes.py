"""The tree of mailboxes, with counts, from any server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from webmail.imap.commands import COUNTS, list_mailboxes, lsub, status
from webmail.imap.commands import namespace as ask_namespace
from webmail.imap.errors import BadError, CommandError
from webmail.imap.operations.session import Session
from webmail.imap.types import ListedMailbox, Namespace, Status

MOST_ASKED: Final = 300
_NOT_SELECTABLE: Final = frozenset({"\\noselect", "\\nonexistent"})


def list_with_status(
    session: Session, *, items: Iterable[str] = COUNTS, subscribed: bool = False
) -> tuple[ListedMailbox, ...]:
    """Every mailbox, INBOX among them, each with its counts as far as they could be had; those that are subscribed
    to are told apart by "\\subscribed" where that is asked for.

    One round trip with LIST-STATUS; else LIST and then STATUS of the first MOST_ASKED that can be selected, in
    one write.
    """
    items = tuple(items)
    listed = _with_list_status(session, items, subscribed=subscribed)
    if listed is None:
        listed = _listed(session)
        listed = _asked(session, listed, items)
        if subscribed:
            (ours,) = session.run(lsub("", "*"))
            listed = _subscribed(listed, ours)
    return listed


def _subscribed(
    listed: tuple[ListedMailbox, ...], ours: tuple[ListedMailbox, ...]
) -> tuple[ListedMailbox, ...]:
    known = {mailbox.wire for mailbox in ours if is_selectable(mailbox)}
    return tuple(
        replace(one, attributes=one.attributes | {"\\subscribed"}) if one.wire in known else one
        for one in listed
    )


def is_selectable(mailbox: ListedMailbox) -> bool:
    return mailbox.attributes.isdisjoint(_NOT_SELECTABLE)


def namespace(session: Session) -> Namespace:
    """NAMESPACE; where it is absent or empty, no prefix and the delimiter that LIST tells."""
    if session.has("NAMESPACE"):
        try:
            (told,) = session.run(ask_namespace())
        except CommandError:
            session.distrust("NAMESPACE")
        else:
            if isinstance(told, Namespace) and told.personal and told != Namespace():
                return told
    (root,) = session.run(list_mailboxes("", ""))
    return Namespace(personal=(("", root[0].delimiter if root else None),))


def _with_list_status(
    session: Session, items: tuple[str, ...], *, subscribed: bool
) -> tuple[ListedMailbox, ...] | None:
    if not session.has("LIST-STATUS"):
        return None
    special_use = session.has("SPECIAL-USE")
    try:
        (listed,) = session.run(
            list_mailboxes("", "*", special_use=special_use, subscribed=subscribed, status_items=items)
        )
    except CommandError:
        session.distrust("LIST-STATUS")
        return None
    listed = _with_inbox(listed)
    if any(mailbox.status is not None for mailbox in listed):
        return listed
    session.distrust("LIST-STATUS")
    return _asked(session, listed, items)


def _listed(session: Session) -> tuple[ListedMailbox, ...]:
    if session.has("SPECIAL-USE") and session.has("LIST-EXTENDED"):
        try:
            (listed,) = session.run(list_mailboxes("", "*", special_use=True))
        except CommandError:
            session.distrust("LIST-EXTENDED")
        else:
            return _with_inbox(listed)
    (listed,) = session.run(list_mailboxes("", "*"))
    return _with_inbox(listed)


def _with_inbox(listed: tuple[ListedMailbox, ...]) -> tuple[ListedMailbox, ...]:
    """INBOX is there whether or not it is listed (RFC 9051, 5.1)."""
    if any(mailbox.name.upper() == "INBOX" for mailbox in listed):
        return listed
    delimiter = listed[0].delimiter if listed else None
    return (ListedMailbox("INBOX", b"INBOX", delimiter), *listed)


def _asked(
    session: Session, listed: tuple[ListedMailbox, ...], items: tuple[str, ...]
) -> tuple[ListedMailbox, ...]:
    def rank(mailbox: ListedMailbox) -> tuple[bool, bool]:
        return mailbox.name.upper() != "INBOX", not mailbox.attributes

    asked = sorted(filter(is_selectable, listed), key=rank)[:MOST_ASKED]
    answers = session.gather(*(status(mailbox.wire, items) for mailbox in asked))
    if answers and all(isinstance(answer, BadError) for answer in answers) and len(items) > len(_EVERYWHERE):
        return _asked(session, listed, _EVERYWHERE)
    known = {
        mailbox.wire: answer
        for mailbox, answer in zip(asked, answers, strict=True)
        if isinstance(answer, Status)
    }
    return tuple(replace(mailbox, status=known.get(mailbox.wire)) for mailbox in listed)


_EVERYWHERE: Final = ("MESSAGES", "UNSEEN")
