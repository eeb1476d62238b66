"""The sign-in log: a row, and for a failure one line that fail2ban reads (`deploy/fail2ban/`).

The line, at level WARNING of the logger "ekorn.signin":
`sign-in failed: address=192.0.2.1 reason=password kind=mail account=kari@example.org`. The address stands first, and
what was typed last, without anything that could end a line or be taken for another word of it.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest

from .address import client_address
from .device import words
from .models import Kind, SignInEvent
from .names import labelled, shown

Outcome = SignInEvent.Outcome
# What a stranger may have done; a mail server that is away is nobody's guess.
_GUESSES: Final = (Outcome.PASSWORD, Outcome.FACTOR, Outcome.BLOCKED, Outcome.LOCKED)
_ODD: Final = re.compile(r"[^A-Za-z0-9.@+_#-]")
_log = logging.getLogger("ekorn.signin")


def record(
    request: HttpRequest,
    *,
    outcome: SignInEvent.Outcome,
    account: str,
    typed: str = "",
    person: AbstractBaseUser | None = None,
    kind: Kind = Kind.MAIL,
    keep: bool = True,
) -> None:
    """The account's person is looked up where none is given; where there is none, what was `typed` for it counts.
    Without `keep` only the line."""
    name, person = (shown(account, known=True), person) if person else labelled(account, typed)
    address = client_address(request)
    if outcome in _GUESSES:
        _log.warning("%s", line(outcome=outcome, account=name, address=address, kind=kind))
    if keep:
        SignInEvent.objects.create(
            outcome=outcome,
            kind=kind,
            account=name,
            person_id=person.pk if person else None,
            address=address or None,
            device=words(request.headers.get("User-Agent", "")),
        )


def line(*, outcome: SignInEvent.Outcome, account: str, address: str, kind: Kind) -> str:
    plain = _ODD.sub("?", account) or "-"
    return f"sign-in failed: address={address or '-'} reason={outcome} kind={kind} account={plain}"


def events_of(person: AbstractBaseUser) -> QuerySet[SignInEvent]:
    """Theirs, the newest first."""
    return SignInEvent.objects.filter(person_id=person.pk)


def to_be_forgotten(now: datetime) -> QuerySet[SignInEvent]:
    """What is older than SIGN_IN_LOG_DAYS."""
    return SignInEvent.objects.filter(at__lt=now - timedelta(days=settings.SIGN_IN_LOG_DAYS))


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


def as_csv(entries: Iterable[SignInEvent]) -> Iterator[str]:
    """Lines of RFC 4180, the first with the names; times in ISO 8601, UTC."""
    writer = csv.writer(_Echo())
    yield writer.writerow(("at", "outcome", "kind", "account", "address", "device"))
    for one in entries:
        values = (one.outcome, one.kind, one.account, one.address or "", one.device)
        yield writer.writerow((one.at.astimezone(UTC).isoformat(timespec="seconds"), *map(_inert, values)))


def _inert(value: str) -> str:
    """A spreadsheet takes what starts so for a formula."""
    return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
