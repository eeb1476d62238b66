"""What the outbox shows of a message: values, words are the web's business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webmail.mailbox.reading.summary import Place


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to `address` ("" where it said it to the whole message); `text` is to be escaped.
    `accepted`: the message went to this recipient."""

    address: str
    accepted: bool
    code: int
    enhanced: str = ""
    text: str = ""

    @property
    def refused(self) -> bool:
        return self.code >= 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message of the outbox.

    `phase` is what a person understands:
    "held" (may be undone until `not_before`), "scheduled" (for `not_before`), "waiting" (tried in vain, next at
    `next_try`), "going" (just now), "sent", "partly" (sent, but refused for some), "refused", "unknown" (handed over,
    no answer came) or "cancelled".

    `state` is the row's. `reason` is "" or a code: where it was stopped, one of `webmail.smtp.outcome.Stage`, "expired"
    (its credentials), "gave-up" (after many tries), "fault"; after acceptance "quota", "server" or "access" (waits for
    the person to be signed in), which keep the copy for Sent from being made.

    `to`, `subject` are of the message, "" once it is done. `answers` are those to each recipient, `reply` the
    one to all of it. `draft` is where its text was put back. `copy_missing`: sent, but not in Sent yet.
    `made`: by the program, with nothing that could be written on.
    `again`: this very message was asked to be sent before; `differs`: and was another then.
    """

    pk: int
    message_id: str
    phase: str
    state: str
    reason: str
    created: datetime
    not_before: datetime
    next_try: datetime | None
    attempts: int
    finished: datetime | None
    sender: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    answers: tuple[Answer, ...] = ()
    reply: Answer | None = None
    draft: Place | None = None
    copy_missing: bool = False
    has_text: bool = False
    made: bool = False
    again: bool = False
    differs: bool = False

    @property
    def final(self) -> bool:
        """Nothing will change by itself any more."""
        return self.phase not in ("held", "scheduled", "waiting", "going") and self.next_try is None

    @property
    def refused_for(self) -> tuple[str, ...]:
        return tuple(answer.address for answer in self.answers if not answer.accepted)
