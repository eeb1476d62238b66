"""What an event in a mail wants of the person (iTIP, RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from webmail.mail.event import Attendee, Event
from webmail.mail.reply.own import Own

Kind = Literal["invitation", "update", "cancellation", "answer", "proposal", "refusal", "question", "notice"]
"""Of an "answer" the one attendee has given it; a "proposal" is another time (COUNTER), a "refusal" the organiser's
no to that (DECLINECOUNTER), a "question" asks for the event as it stands now (REFRESH). A "notice" is to be known."""

_KINDS: dict[str, Kind] = {
    "request": "invitation",
    "add": "update",
    "cancel": "cancellation",
    "reply": "answer",
    "counter": "proposal",
    "declinecounter": "refusal",
    "refresh": "question",
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """`me` is the attendee that is the person, None where only an alias or a list was invited.

    `answerable`: the organiser waits for an answer, and can be sent one.
    """

    event: Event
    kind: Kind
    me: Attendee | None
    answerable: bool


def invitation_of(event: Event, own: Iterable[str]) -> Invitation:
    mine = Own(own)
    kind = "cancellation" if event.cancelled else _KINDS.get(event.method, "notice")
    if kind == "invitation" and event.sequence > 0:
        kind = "update"
    organiser = event.organiser
    return Invitation(
        event=event,
        kind=kind,
        me=next((one for one in event.attendees if one.mailbox.address in mine), None),
        answerable=(
            event.method == "request"
            and kind != "cancellation"
            and event.kind in ("event", "task")
            and bool(event.uid)
            and organiser is not None
            and "@" in organiser.address
            and organiser.address not in mine
        ),
    )
