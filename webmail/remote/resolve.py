"""A name to its addresses, once and in bounded time."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Final

from webmail.remote.address import IPAddress
from webmail.remote.errors import BusyError, TooSlowError, UnreachableError

# (host, seconds left) to addresses, best first. Raises a RemoteError; an empty answer counts as no such host.
Resolver = Callable[[str, float], Sequence[IPAddress]]

# The system's resolver can't be told when to give up: a slow name server may hold so many threads, not all.
_places: Final = threading.BoundedSemaphore(32)


def resolve(host: str, seconds: float) -> list[IPAddress]:
    """By the system's resolver. Raises UnreachableError, TooSlowError, BusyError."""
    if not _places.acquire(timeout=max(0.0, seconds)):
        raise BusyError("Too many names are being looked up.")
    found: list[IPAddress] = []
    done = threading.Event()

    def look_up() -> None:
        try:
            for *_, address in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM):
                found.append(ipaddress.ip_address(address[0]))
        except (OSError, UnicodeError, ValueError):
            found.clear()
        finally:
            _places.release()
            done.set()

    threading.Thread(target=look_up, name="remote-resolve", daemon=True).start()
    if not done.wait(max(0.0, seconds)):
        raise TooSlowError("The name was not found in time.")
    if not found:
        raise UnreachableError("There is no such host.")
    return list(dict.fromkeys(found))
