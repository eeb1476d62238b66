"""Where a request may go: judged by the address that is connected to, never by a name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from webmail.remote.address import IPAddress, is_public
from webmail.remote.errors import ForbiddenAddressError, UnreachableError, UrlError
from webmail.remote.resolve import Resolver, resolve
from webmail.remote.target import PORTS, Target
from webmail.remote.wire import connect, seconds_left


@cache
def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


@dataclass(frozen=True, slots=True)
class Guard:
    """Where a request may go. The defaults are the public Internet on the two ordinary ports; only a test has
    reason to give others. `allow` judges the address that is connected to, not a name."""

    resolve: Resolver = resolve
    allow: Callable[[IPAddress], bool] = is_public
    ports: frozenset[int] = frozenset(PORTS.values())
    tls: Callable[[], ssl.SSLContext] = field(default=_trusted)


PUBLIC: Final = Guard()


def guarded(target: Target, *, guard: Guard, deadline: float) -> socket.socket:
    """A connection to what the guard lets through. Raises a RemoteError."""
    if target.port not in guard.ports:
        raise UrlError("Only the ordinary ports are fetched from.")
    addresses = _addresses(target, guard, deadline)
    return connect(addresses, target, tls=guard.tls(), deadline=deadline)


def _addresses(target: Target, guard: Guard, deadline: float) -> list[IPAddress]:
    """Resolved once, and connected to as they are. One inward address among them makes all suspect."""
    if target.address is not None:
        addresses = [target.address]
    else:
        addresses = list(guard.resolve(target.host, seconds_left(deadline)))
    if not addresses:
        raise UnreachableError("There is no such host.")
    if not all(guard.allow(address) for address in addresses):
        raise ForbiddenAddressError("The host is not on the public Internet.")
    return addresses
