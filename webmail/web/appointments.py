"""An event in a mail as its card shows it: every word ready, and whether it can be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from webmail.mail.address import Mailbox
from webmail.mail.event import Event
from webmail.mail.html.links import web_address
from webmail.mail.invitation import Invitation
from webmail.mailbox.pages import MessagePage

from .dates import Calendar, span
from .marks import Mark
from .recurrence import recurrence_words

MOST_GUESTS = 50


@dataclass(frozen=True, slots=True)
class Appointment:
    """`attendees`: name, address where that is another, what they say in words, and as a code. `organiser` is in full.

    `answer_to` is "" where nothing can be answered; `answer` the state that the person has given, `stranger` whether
    the answer goes to somebody else than the sender.
    """

    title: str
    when: str
    where: str
    organiser: str
    attendees: tuple[tuple[str, str, str, str], ...]
    guests: int
    description: str
    url: str
    state: str
    said: str
    comment: str
    cancelled: bool
    day: str
    month: str
    repeats: str
    uid: str
    answer_to: str
    stranger: bool
    answer: str
    answer_words: str


def appointments(page: MessagePage, calendar: Calendar, answer: Mark) -> tuple[Appointment, ...]:
    """Once each: an invitation often comes as a part and as a file."""
    found = {(one.event.uid or one.event.summary, one.event.start): one for one in page.invitations}
    return tuple(appointment(one, page, calendar, answer) for one in found.values())


def appointment(invitation: Invitation, page: MessagePage, calendar: Calendar, answer: Mark) -> Appointment:
    event = invitation.event
    start = event.start
    local = calendar.local(start) if isinstance(start, datetime) else start
    answerable = invitation.answerable and not page.section and event.organiser is not None
    to = event.organiser.address if answerable and event.organiser else ""
    return Appointment(
        title=event.summary or _("(no title)"),
        when=span(calendar, event.start, event.end),
        where=event.place,
        organiser=_in_full(event.organiser) if event.organiser else "",
        attendees=tuple(
            (
                attendee.mailbox.display,
                attendee.mailbox.display_address if attendee.mailbox.name else "",
                _attendance(attendee.status),
                attendee.status,
            )
            for attendee in event.attendees[:MOST_GUESTS]
        ),
        guests=len(event.attendees),
        description=event.description,
        # Rebuilt, so that it leads where it reads: no user before "@", no other scheme.
        url=web_address(event.url) or "",
        state=_state(invitation),
        said=_said(invitation),
        comment=event.comment if invitation.kind in ("answer", "proposal") else "",
        cancelled=invitation.kind == "cancellation",
        day=str(local.day) if local else "",
        month=calendar.words.short_months[local.month - 1] if local else "",
        repeats=_repeats(event, calendar),
        uid=event.uid,
        answer_to=to,
        stranger=bool(to) and to.casefold() not in {one.address.casefold() for one in page.from_},
        answer=answer.value if to else "",
        answer_words=_answered(answer) if to else "",
    )


def _in_full(person: Mailbox) -> str:
    """An answer goes to the address, whatever the name says."""
    return f"{person.name} <{person.display_address}>" if person.name else person.display_address


def _repeats(event: Event, calendar: Calendar) -> str:
    if event.instance is not None:
        return _("only this one of several")
    return recurrence_words(event.recurrence, calendar) if event.recurrence else ""


def _state(invitation: Invitation) -> str:
    match invitation.kind:
        case "invitation":
            return _("Invitation")
        case "update":
            return _("Changed invitation")
        case "cancellation":
            return _("Cancelled")
        case "answer":
            return _("Answer to an invitation")
        case "proposal":
            return _("Another time is proposed")
        case "refusal":
            return _("The other time was turned down")
        case "question":
            return _("Somebody asks for this event as it is now")
    return _("Task") if invitation.event.kind == "task" else _("Event")


def _said(invitation: Invitation) -> str:
    """Who answered what."""
    if invitation.kind not in ("answer", "proposal") or not invitation.event.attendees:
        return ""
    attendee = invitation.event.attendees[0]
    return f"{_in_full(attendee.mailbox)}: {_attendance(attendee.status)}"


def _answered(answer: Mark) -> str:
    if answer.pending:
        return _("Your answer is on its way.")
    match answer.value:
        case "accepted":
            return _("You have said that you are coming.")
        case "tentative":
            return _("You have said that you may come.")
        case "declined":
            return _("You have said that you are not coming.")
    return ""


def _attendance(status: str) -> str:
    match status:
        case "accepted":
            return _("coming")
        case "declined":
            return _("not coming")
        case "tentative":
            return _("maybe")
        case "delegated":
            return _("sends someone else")
    return _("has not answered")
