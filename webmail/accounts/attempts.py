"""One try at signing in: counted, and put into the log where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.http import HttpRequest

from webmail.signins import events, limits
from webmail.signins.models import Kind, SignInEvent

from .errors import MailServerError, TooManyAttemptsError, WrongCredentialsError

Outcome = SignInEvent.Outcome


@contextmanager
def counted(request: HttpRequest, account: str, *, typed: str = "", kind: Kind = Kind.MAIL) -> Iterator[None]:
    """One try at `account`, inside, for which somebody `typed` this. Only those that end in WrongCredentialsError
    stay counted.

    Raises TooManyAttemptsError before anybody is asked.
    """
    record = partial(events.record, request, account=account, typed=typed, kind=kind)
    try:
        with limits.counted(request, account, kind=kind, typed=typed) as one:
            try:
                yield
            except WrongCredentialsError:
                one.wrong = True
                raise
    except limits.TooManyTriesError as error:
        record(outcome=Outcome.LOCKED, keep=error.is_first)
        raise TooManyAttemptsError(error.until) from error
    except WrongCredentialsError as error:
        record(outcome=Outcome(error.why))
        raise
    except MailServerError:
        record(outcome=Outcome.SERVER)
        raise
