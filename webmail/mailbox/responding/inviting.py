"""Accept, maybe, decline: the REPLY that goes to an invitation's organiser (RFC 5546), and to nobody else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from django.utils.translation import gettext as _

from webmail.accounts.access import Access
from webmail.accounts.identities import identity_for
from webmail.mail.invitation import Invitation
from webmail.mail.reply import original_of, thread_of

from ..reading.asking import calendar_text, invitations_of
from ..reading.content import Content, with_bodies
from ..reading.plan import Plan, plan_of
from ..reading.selecting import session_of
from ..writing import Composition
from .response import NothingToAnswerError, Opened, Response, file, message_id_once, opened, response


def answer_invitation(
    *,
    access: Access,
    folder: str,
    uid_validity: int,
    uid: int,
    event: str,
    state: str,
    comment: str = "",
    once: str,
    now: datetime,
) -> Response:
    """`event` is the UID of the event that is answered, `state` one of ANSWERS, `once` the same for the same press of
    the button. From the identity that was invited.

    Raises NothingToAnswerError, and what reading raises.
    """
    from webmail.mail.invitation_answer import answer

    found = opened(access, folder, uid_validity, uid)
    content, plan = _with_calendars(access, found)
    invitation = _invitation(access, content, plan, event)
    organiser = invitation.event.organiser
    if organiser is None:
        raise NothingToAnswerError
    original = original_of(content.header)
    invited = (invitation.me.mailbox.address,) if invitation.me else ()
    people = (*invited, *original.delivered_to, *(one.address for one in (*original.to, *original.cc)))
    identity = identity_for(person=access.person, addresses=people)
    address = invited[0] if invited else identity.address
    calendar = b""
    for text in (calendar_text(content, part).encode() for part in plan.choice.calendars):
        with suppress(ValueError):
            calendar = calendar or answer(
                text, address, _PARTSTAT[state], stamp=now, comment=comment, uid=event
            )
    if not calendar:
        raise NothingToAnswerError
    thread = thread_of(original)
    composition = Composition(
        message_id=message_id_once(access, found.place, identity, once),
        identity=identity.key,
        to=organiser.address,
        subject=_subject(state, invitation.event.summary),
        text="\n\n".join(filter(None, (_text(state, identity.name or address), comment.strip()))),
        in_reply_to=thread.in_reply_to,
        references=" ".join(thread.references),
        origins=(found.origin, replace(found.origin, kind=state)),
    )
    return response(
        composition,
        identity,
        replace(organiser, name=""),
        now=now,
        versions=(file("", "text/calendar; method=REPLY; charset=utf-8", calendar),),
        attachments=(file("invite.ics", "application/ics", calendar),),
    )


_PARTSTAT: Final[dict[str, Literal["ACCEPTED", "TENTATIVE", "DECLINED"]]] = {
    "accepted": "ACCEPTED",
    "tentative": "TENTATIVE",
    "declined": "DECLINED",
}


def _with_calendars(access: Access, found: Opened) -> tuple[Content, Plan]:
    plan = plan_of(found.content.summary.root, access.person.prefer)
    with session_of(access, found.place.folder) as session:
        return with_bodies(session, found.place, found.content, plan.sections), plan


def _invitation(access: Access, content: Content, plan: Plan, event: str) -> Invitation:
    """Raises NothingToAnswerError."""
    for invitation in invitations_of(access, content, plan):
        if invitation.answerable and invitation.event.uid == event:
            return invitation
    raise NothingToAnswerError


def _subject(state: str, title: str) -> str:
    title = title[:200] or _("(no title)")
    match state:
        case "accepted":
            return _("Accepted: {title}").format(title=title)
        case "tentative":
            return _("Maybe: {title}").format(title=title)
    return _("Declined: {title}").format(title=title)


def _text(state: str, who: str) -> str:
    match state:
        case "accepted":
            return _("{name} is coming.").format(name=who)
        case "tentative":
            return _("{name} may come.").format(name=who)
    return _("{name} is not coming.").format(name=who)
