"""Guessing passwords is slow: so many wrong ones in a while for an account, from an address, and for both together.

Counted in the database, so that it holds over all processes whatever the cache is. The pair is counted low and the
account high, so that a stranger who guesses does not lock the person out of their own mail; a known device of theirs
is counted by itself alone, and works on even then. What was too many locks out for a while, that grows each time for
the same pair, address or device.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import known
from .address import client_network
from .models import Kind, Tries
from .names import folded, labelled

WINDOW: Final = timedelta(minutes=15)
FIRST_LOCK_OUT: Final = timedelta(minutes=15)
LONGEST_LOCK_OUT: Final = timedelta(hours=24)
# After so long without a wrong password, lock-outs are short again.
FORGIVEN: Final = timedelta(hours=48)
BY_BOTH, BY_ACCOUNT, BY_ADDRESS, BY_DEVICE = 10, 100, 200, 10

Scope = Tries.Scope
_COUNTS: Final = ["count", "failed", "since", "lock_outs", "locked_until", "refused", "touched"]


class TooManyTriesError(Exception):
    """Not before `until`. `is_first`: nobody was turned away before in this lock-out."""

    def __init__(self, until: datetime, *, is_first: bool) -> None:
        super().__init__(str(until))
        self.until, self.is_first = until, is_first


@dataclass(slots=True)
class Try:
    """Set `wrong` where it was a wrong password; else it counts as none."""

    wrong: bool = False


@contextmanager
def counted(request: HttpRequest, account: str, *, kind: Kind = Kind.MAIL, typed: str = "") -> Iterator[Try]:
    """One try at `account`, inside, for which somebody `typed` this.

    Raises TooManyTriesError before anybody is asked.
    """
    account, address = folded(account), client_network(request)
    limits = _limits(request, kind, account, address)
    # Counted before the answer, or a hundred tries at once would all find the count low.
    _enter(limits)
    one = Try()
    try:
        yield one
    finally:
        _leave(limits, wrong=one.wrong, name=(account, typed), address=address)


def locked_out() -> QuerySet[Tries]:
    """Who has to wait now, who longest first."""
    return Tries.objects.filter(locked_until__gt=timezone.now()).order_by("-locked_until")


def lift(locked: Iterable[Tries]) -> int:
    """They may try again at once, and nothing is held against them. Returns how many."""
    return Tries.objects.filter(pk__in=[one.pk for one in locked]).delete()[0]


def to_be_forgotten(now: datetime) -> QuerySet[Tries]:
    """Counts that mean nothing any more."""
    over = Q(locked_until=None) | Q(locked_until__lt=now - FORGIVEN)
    return Tries.objects.filter(over, touched__lt=now - FORGIVEN)


def _limits(request: HttpRequest, kind: Kind, account: str, address: str) -> dict[str, tuple[Scope, int]]:
    """By key: what is counted, and how many are too many."""
    if browser := known.number(request, kind, account):
        return {_key(Scope.DEVICE, kind, browser, account): (Scope.DEVICE, BY_DEVICE)}
    limits = {
        _key(Scope.BOTH, kind, account, address): (Scope.BOTH, BY_BOTH),
        _key(Scope.ACCOUNT, kind, account): (Scope.ACCOUNT, BY_ACCOUNT),
    }
    if _is_somebodys(address):
        limits[_key(Scope.ADDRESS, address)] = (Scope.ADDRESS, BY_ADDRESS)
    return limits


def _is_somebodys(address: str) -> bool:
    """Behind a proxy that we were not told of all come from this machine: one of them must not stop the rest."""
    return bool(address) and not ipaddress.ip_network(address).is_loopback


def _key(scope: Scope, *words: str) -> str:
    return salted_hmac("ekorn.attempts", "\0".join((scope, *words)), algorithm="sha256").hexdigest()


def _enter(limits: dict[str, tuple[Scope, int]]) -> None:
    now = timezone.now()
    with transaction.atomic():
        new = [Tries(key=key, scope=scope) for key, (scope, _) in sorted(limits.items())]
        Tries.objects.bulk_create(new, ignore_conflicts=True)
        rows = _held(limits)
        for row in rows:
            _renew(row, now)
        full = [row for row in rows if row.locked_until or row.count >= limits[row.key][1]]
        first = all(row.refused == 0 for row in full)
        for row in full or rows:
            if full:
                row.refused += 1
            else:
                row.count += 1
        Tries.objects.bulk_update(rows, _COUNTS)
    if full:
        # Without a lock-out, others that are under way have to end first.
        raise TooManyTriesError(max(row.locked_until or now for row in full), is_first=first)


def _leave(limits: dict[str, tuple[Scope, int]], *, wrong: bool, name: tuple[str, str], address: str) -> None:
    now = timezone.now()
    label = labelled(*name)[0] if wrong else ""
    with transaction.atomic():
        rows = _held(limits)
        for row in rows:
            if not wrong:
                row.count = max(0, row.count - 1)
                continue
            row.failed, row.touched = row.failed + 1, now
            row.account = label if row.scope != Scope.ADDRESS else ""
            row.address = address if row.scope != Scope.ACCOUNT else ""
            if row.failed >= limits[row.key][1]:
                _lock(row, now)
        Tries.objects.bulk_update(rows, [*_COUNTS, "account", "address"])


def _held(keys: Iterable[str]) -> list[Tries]:
    """In one order, so that two of us never wait for each other."""
    return list(Tries.objects.select_for_update().filter(key__in=list(keys)).order_by("key"))


def _renew(row: Tries, now: datetime) -> None:
    """A new while begins where the last is over, or its lock-out."""
    if row.locked_until is not None and row.locked_until > now:
        return
    if row.locked_until is not None or now - row.since > WINDOW:
        row.count = row.failed = row.refused = 0
        row.since, row.locked_until = now, None
    if now - row.touched > FORGIVEN:
        row.lock_outs = 0


def _lock(row: Tries, now: datetime) -> None:
    # An account's own stays short: a stranger could bring it about.
    doublings = 0 if row.scope == Scope.ACCOUNT else min(row.lock_outs, 10)
    row.locked_until = now + min(FIRST_LOCK_OUT * 2**doublings, LONGEST_LOCK_OUT)
    row.lock_outs, row.refused = min(row.lock_outs + 1, 1000), 0
