"""One try at signing in: counted, and put into the log where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest

from webmail.signins import events, limits
from webmail.signins.models import Kind, SignInEvent

from .errors import MailServerError, TooManyAttemptsError, WrongCredentialsError

Outcome = SignInEvent.Outcome


@contextmanager
def counted(request: HttpRequest, account: str, *, kind: Kind = Kind.MAIL) -> Iterator[None]:
    """One try at `account`, inside. Only those that end in WrongCredentialsError stay counted.

    Raises TooManyAttemptsError before anybody is asked.
    """
    try:
        with limits.counted(request, account, kind) as one:
            try:
                yield
            except WrongCredentialsError:
                one.wrong = True
                raise
    except limits.TooManyTriesError as error:
        events.record(request, outcome=Outcome.LOCKED, account=account, kind=kind, keep=error.is_first)
        raise TooManyAttemptsError(error.until) from error
    except WrongCredentialsError as error:
        events.record(request, outcome=Outcome(error.why), account=account, kind=kind)
        raise
    except MailServerError:
        events.record(request, outcome=Outcome.SERVER, account=account, kind=kind)
        raise
