"""What a calendar part tells, as values: apart from its reader, whose library takes 5 MB that few messages need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from webmail.mail.address import Mailbox


@dataclass(frozen=True, slots=True)
class Attendee:
    """`status` is "accepted", "declined", "tentative", "delegated" or "needs-action"; `role` "chair", … or ""."""

    mailbox: Mailbox
    status: str = "needs-action"
    role: str = ""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """RRULE, for a sentence in the reader's language.

    `freq` is "daily", "weekly", "monthly", "yearly", … `days` are "mo" to "su", with a number before them for the
    nth of the month ("2mo", "-1fr").
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """`start` and `end` are aware datetimes; naive where the event floats (the same clock time everywhere).

    With `all_day` they are dates, `end` the last day. `method` is "request", "cancel", "reply", "publish", … or "";
    `status` "confirmed", "tentative", "cancelled" or "". `kind` is "event", "task" or "freebusy". `instance` is which
    one of a recurring event is meant, by its first start; None for all. `comment` goes with an answer.
    """

    uid: str = ""
    kind: str = "event"
    method: str = ""
    status: str = ""
    summary: str = ""
    place: str = ""
    description: str = ""
    url: str = ""
    start: datetime | date | None = None
    end: datetime | date | None = None
    all_day: bool = False
    organiser: Mailbox | None = None
    attendees: tuple[Attendee, ...] = ()
    recurrence: Recurrence | None = None
    sequence: int = 0
    instance: datetime | date | None = None
    comment: str = ""

    @property
    def cancelled(self) -> bool:
        return self.method == "cancel" or self.status == "cancelled"
