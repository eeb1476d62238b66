"""How signing in, and using a sign-in, can end otherwise. None carries a secret."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Person


class AccessError(Exception):
    """Base of all."""


class WrongCredentialsError(AccessError):
    """The mail server (or our own list) said no. Deliberately says nothing more to whoever asks; `why` is for the
    sign-in log: an outcome of `webmail.signins.models.SignInEvent`."""

    def __init__(self, why: str = "password") -> None:
        super().__init__()
        self.why = why


class TooManyAttemptsError(AccessError):
    """Too many wrong passwords in a while. Nobody was asked about this one, nor will be before `until`."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__()
        self.until = until


class SignInEndedError(AccessError):
    """No session, or one whose credentials can't be opened or are no longer taken by the mail server."""


class SecondStepNeededError(AccessError):
    """The mail server said yes, and `person` proves a second factor as well: see `second_step`."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person


class SecondStepOverError(AccessError):
    """Too late, or too many wrong codes: the password is asked for again."""


class WrongCodeError(AccessError):
    """Neither a code of the app nor a recovery code, used already, or not the passkey that was asked for."""


class MailServerError(AccessError):
    """The mail server did not do its work. `reason` is "down" (no connection), "lost" (it broke off), "timeout",
    "tls", "busy" (too many connections, throttled) or "refused" (it said NO); `text` is the server's own words,
    to be shown escaped."""

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(reason)
        self.reason, self.text = reason, text
