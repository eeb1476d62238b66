"""How signing in ends, counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from webmail.metrics.registry import SIGN_INS

from .errors import (
    AccessError,
    MailServerError,
    SecondStepNeededError,
    SecondStepOverError,
    TooManyAttemptsError,
    WrongCodeError,
    WrongCredentialsError,
)

RESULTS: Final[dict[type[AccessError], str]] = {
    WrongCredentialsError: "wrong",
    WrongCodeError: "wrong",
    SecondStepOverError: "wrong",
    SecondStepNeededError: "half",
    TooManyAttemptsError: "limited",
    MailServerError: "server",
}


@contextmanager
def tallied() -> Iterator[None]:
    """One try to sign in, inside."""
    try:
        yield
    except AccessError as error:
        SIGN_INS.labels(RESULTS.get(type(error), "other")).inc()
        raise
    SIGN_INS.labels("accepted").inc()
