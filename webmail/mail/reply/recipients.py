"""Whom an answer goes to: RFC 5322, 3.6.3, mailing lists (RFC 2369), and Mail-Followup-To where it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webmail.mail.address import Mailbox
from webmail.mail.reply.original import Original
from webmail.mail.reply.own import Own, address_key

_VIA = " via "


@dataclass(frozen=True, slots=True)
class Reply:
    """Everybody once; nobody in `cc` is in `to` as well. Empty where there is nobody to answer."""

    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()


def reply_to_sender(original: Original, own: Iterable[str]) -> Reply:
    """The author alone, or whom the author names in Reply-To; of one's own message, whom it was sent to."""
    mine = Own(own)
    if _is_own(original, mine):
        return _reply(original.to or original.cc, (), mine, original)
    return _reply(_senders(original, mine), (), mine, original)


def reply_to_all(original: Original, own: Iterable[str]) -> Reply:
    """The author and everybody else, each where they were: those in To stay in To, those in Cc in Cc.

    Mail-Followup-To replaces it all. Whoever writes to a list that puts itself into Reply-To is answered beside
    the list.
    """
    mine = Own(own)
    if _is_own(original, mine):
        return _reply(original.to, original.cc, mine, original)
    if any(one.address not in mine for one in original.followup_to):
        return _reply(original.followup_to, (), mine, original)
    answered = original.mail_reply_to or original.reply_to
    return _reply((*_senders(original, mine), *answered, *original.to), original.cc, mine, original)


def reply_to_list(original: Original) -> Reply:
    """The list alone; empty where the message came by none, or by one that takes no answers."""
    if not original.list_post:
        return Reply()
    key = address_key(original.list_post)
    known = (*original.to, *original.cc, *original.reply_to)
    named = next((one for one in known if address_key(one.address) == key), None)
    return Reply((named or Mailbox("", original.list_post),))


def own_address_used(original: Original, own: Iterable[str]) -> str:
    """The own address (as given in `own`) that the message is from, or was sent or delivered to; "" for none."""
    mine = Own(own)
    people = (*original.from_, *original.to, *original.cc)
    used = (*(one.address for one in people), *original.delivered_to)
    return next(filter(None, map(mine.which, used)), "")


def _is_own(original: Original, mine: Own) -> bool:
    """A form on one's own site writes from and to one's own address, with the visitor in Reply-To: that is not."""
    if not original.from_ or any(one.address not in mine for one in original.from_):
        return False
    to_others = any(one.address not in mine for one in (*original.to, *original.cc))
    return to_others or all(one.address in mine for one in original.reply_to)


def _senders(original: Original, mine: Own) -> tuple[Mailbox, ...]:
    """Reply-To, but not where only the list or oneself is in it, for then the author would be lost."""
    if original.mail_reply_to:
        return original.mail_reply_to
    list_key = address_key(original.list_post) if original.list_post else None
    answers = tuple(
        one for one in original.reply_to if address_key(one.address) != list_key and one.address not in mine
    )
    if answers:
        return answers
    if list_key is None or all(address_key(one.address) != list_key for one in original.from_):
        return original.from_
    return original.original_from or _hidden_author(original) or original.from_


def _hidden_author(original: Original) -> tuple[Mailbox, ...]:
    """A list that sends as itself ("Ann via Walks") names the author in Cc, so that they are not lost (DMARC)."""
    names = {one.name.partition(_VIA)[0].strip("'\" ") for one in original.from_ if _VIA in one.name}
    return tuple(one for one in original.cc if one.name and one.name in names)


def _reply(to: Iterable[Mailbox], cc: Iterable[Mailbox], mine: Own, original: Original) -> Reply:
    """Without oneself, but for a message to oneself that went to nobody else."""
    seen: set[str] = set()
    to_others = _once((one for one in to if one.address not in mine), seen)
    cc_others = _once((one for one in cc if one.address not in mine), seen)
    if to_others:
        return Reply(to_others, cc_others)
    return Reply(cc_others or _once(original.from_, seen))


def _once(people: Iterable[Mailbox], seen: set[str]) -> tuple[Mailbox, ...]:
    found: list[Mailbox] = []
    for one in people:
        key = address_key(one.address)
        if key not in seen:
            seen.add(key)
            found.append(one)
    return tuple(found)
