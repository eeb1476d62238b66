"""Leaving a mailing list: with one click where that is safe (RFC 8058), by a letter, or at a page of the list's."""

from __future__ import annotations

from typing import Final

from webmail.accounts.access import Access
from webmail.accounts.identities import identity_for
from webmail.mail.reply import original_of
from webmail.mail.unsubscribe import Unsubscribe
from webmail.remote.errors import RemoteError
from webmail.remote.gate import Gate
from webmail.remote.guard import PUBLIC
from webmail.remote.post import post_one_click

from ..errors import MailboxError
from ..reading.asking import unsubscribe
from ..writing import Composition
from ..writing.starting import fresh_message_id
from .response import NothingToAnswerError, opened, sendable

GUARD = PUBLIC
_gate: Final = Gate(total=8, each=2)
LONGEST_SUBJECT, LONGEST_TEXT = 500, 10_000


class NoAnswerError(MailboxError):
    """The list's server could not be asked, or did not answer."""


def ways_to_leave(*, access: Access, folder: str, uid_validity: int, uid: int) -> Unsubscribe:
    """What is offered. Raises NothingToAnswerError where nothing is."""
    found = opened(access, folder, uid_validity, uid)
    offered = unsubscribe(access, found.content.header, found.role)
    if not offered:
        raise NothingToAnswerError
    return offered


def leave_at_once(*, access: Access, folder: str, uid_validity: int, uid: int) -> int:
    """The status of the server's answer. Raises NothingToAnswerError where one click isn't offered, NoAnswerError."""
    offered = ways_to_leave(access=access, folder=folder, uid_validity=uid_validity, uid=uid)
    if not offered.one_click_url:
        raise NothingToAnswerError
    try:
        with _gate.enter(access.holder.key):
            return post_one_click(offered.one_click_url, guard=GUARD)
    except RemoteError as error:
        raise NoAnswerError from error


def letter_to_leave(
    *, access: Access, folder: str, uid_validity: int, uid: int, message_id: str = ""
) -> Composition:
    """The plain letter that the list wants, from the identity that gets its mail. Raises NothingToAnswerError.

    `message_id` is the one that it had when it was shown.
    """
    found = opened(access, folder, uid_validity, uid)
    offered = unsubscribe(access, found.content.header, found.role).mailto
    if offered is None or not sendable(offered.to[0].address):
        raise NothingToAnswerError
    original = original_of(found.content.header)
    people = (*original.delivered_to, *(one.address for one in (*original.to, *original.cc)))
    identity = identity_for(person=access.person, addresses=people)
    return Composition(
        message_id=message_id or fresh_message_id(identity),
        identity=identity.key,
        to=offered.to[0].address,
        subject=offered.subject[:LONGEST_SUBJECT] or "unsubscribe",
        text=offered.body[:LONGEST_TEXT] or "unsubscribe",
    )
