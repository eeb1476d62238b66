"""What became of a submission, and what the server said to each recipient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from webmail.smtp.reply import Reply

State = Literal["accepted", "refused", "deferred", "unknown"]
Stage = Literal[
    "address",
    "connect",
    "tls",
    "sign-in",
    "utf8",
    "eight-bit",
    "size",
    "sender",
    "recipients",
    "data",
    "content",
]


@dataclass(frozen=True, slots=True)
class RecipientAnswer:
    """What the server said to RCPT for this address."""

    address: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is

    "accepted": the message was taken for at least one recipient, whose `reply` is positive;
    "refused": a permanent no, from the server or because it can't be sent to this server at all;
    "deferred": not now (4xx, unreachable, broken off before content was sent), so safe to try again;
    "unknown": content was on its way, perhaps all of it, and no answer came: never to be repeated blindly.

    `stage` is how far it got; `reply` the reply that decided, None where none did; `recipients` the answers that
    came, in order; `cause` says in English, for logs, what was wrong where no reply says it.
    """

    state: State
    recipients: tuple[RecipientAnswer, ...] = ()
    reply: Reply | None = None
    stage: Stage = "connect"
    cause: str = ""
