"""How sending, and changing what waits, can end otherwise. None carries a secret or message content."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webmail.mailbox.writing import Check


class OutboxError(Exception):
    """Base of all."""


class NotSendableError(OutboxError):
    """The composition can't go out as it is: `check` says why, for its form. Nothing was changed."""

    def __init__(self, check: Check) -> None:
        super().__init__("not sendable")
        self.check = check


class TooManyMessagesError(OutboxError):
    """The administrator's limit of messages an hour is reached; `again_at` is when the next may go."""

    def __init__(self, limit: int, again_at: datetime) -> None:
        super().__init__(f"{limit} messages an hour")
        self.limit, self.again_at = limit, again_at


class NoEntryError(OutboxError):
    """This person has no such entry."""


class TooLateError(OutboxError):
    """It is past the state in which this can be done: it has gone out, or somebody else was quicker."""
