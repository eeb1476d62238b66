"""Guessing passwords is slow: so many wrong ones in a while for an account, from an address, and for both together.

Counted in Django's cache, which instances share where they share one. The pair is counted low and the account high,
so that a stranger who guesses does not lock the person out of their own mail.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .client import client_network
from .errors import TooManyAttemptsError, WrongCredentialsError

SECONDS = 15 * 60
BY_BOTH, BY_ACCOUNT, BY_ADDRESS = 10, 100, 200


@contextmanager
def counted(request: HttpRequest, account: str) -> Iterator[None]:
    """One try at `account`, inside. Only those that end in WrongCredentialsError stay counted.

    Raises TooManyAttemptsError before anybody is asked.
    """
    address = client_network(request)
    limits = {_key("both", account, address): BY_BOTH, _key("account", account): BY_ACCOUNT}
    if _is_somebodys(address):
        limits[_key("address", address)] = BY_ADDRESS
    # Counted before the answer, or a hundred tries at once would all find the count low.
    full = [_add(key) > most for key, most in limits.items()]
    try:
        if any(full):
            raise TooManyAttemptsError
        yield
    except WrongCredentialsError:
        raise
    except BaseException:
        _take_back(limits)
        raise
    else:
        _take_back(limits)


def _is_somebodys(address: str) -> bool:
    """Behind a proxy that we were not told of all come from this machine: one of them must not stop the rest."""
    return bool(address) and not ipaddress.ip_network(address).is_loopback


def _key(*words: str) -> str:
    return "attempts:" + salted_hmac("ekorn.attempts", "\0".join(words), algorithm="sha256").hexdigest()


def _add(key: str) -> int:
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # its time was over just now
        return 1


def _take_back(keys: Iterable[str]) -> None:
    for key in keys:
        try:
            cache.decr(key)
        except ValueError:
            continue
