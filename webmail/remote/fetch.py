"""A picture from an address that a stranger chose."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from webmail.remote.address import IPAddress, is_public
from webmail.remote.errors import (
    ForbiddenAddressError,
    NotAPictureError,
    RedirectError,
    StatusError,
    TooLargeError,
    UnreachableError,
    UrlError,
)
from webmail.remote.picture import Kind, kind_of
from webmail.remote.resolve import Resolver, resolve
from webmail.remote.target import PORTS, Target, parse
from webmail.remote.wire import Answer, connect, get

# Neutral: nothing of the person, of this program, or of which installation it is.
AGENT: Final = "Mozilla/5.0 (compatible; ImageProxy)"
ACCEPT: Final = "image/avif,image/webp,image/png,image/jpeg,image/gif,image/*;q=0.8"
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """`seconds` for all of it, redirects and name look-ups included; `octets` of the picture; `pixels` in all."""

    seconds: float = 10.0
    octets: int = 5 << 20
    redirects: int = 3
    side: int = 16_384
    pixels: int = 50_000_000


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


@dataclass(frozen=True, slots=True)
class Picture:
    """`type` is ours, read from the octets: the only one to send it as."""

    type: str
    data: bytes
    width: int
    height: int


def fetch_picture(url: str, *, limits: FetchLimits = FetchLimits(), guard: Guard = Guard()) -> Picture:
    """The picture at this http or https address. Raises a RemoteError, whose kind says why not.

    A redirect from https to http is refused: who wrote https was promised that nobody on the way sees or
    changes what is fetched, and a redirect must not take that back.
    """
    deadline = time.monotonic() + limits.seconds
    target = parse(url)
    for _ in range(limits.redirects + 1):
        answer = _ask(target, limits=limits, guard=guard, deadline=deadline)
        if answer.status not in _MOVED:
            return _picture(answer, limits)
        target = _next(target, answer)
    raise RedirectError("There are too many redirects.")


def _ask(target: Target, *, limits: FetchLimits, guard: Guard, deadline: float) -> Answer:
    if target.port not in guard.ports:
        raise UrlError("Only the ordinary ports are fetched from.")
    addresses = _addresses(target, guard, deadline)
    with connect(addresses, target, tls=guard.tls(), deadline=deadline) as sock:
        return get(sock, target, accept=ACCEPT, agent=AGENT, deadline=deadline, octets=limits.octets)


def _addresses(target: Target, guard: Guard, deadline: float) -> list[IPAddress]:
    """Resolved once, and connected to as they are. One inward address among them makes all suspect."""
    if target.address is not None:
        addresses = [target.address]
    else:
        addresses = list(guard.resolve(target.host, deadline - time.monotonic()))
    if not addresses:
        raise UnreachableError("There is no such host.")
    if not all(guard.allow(address) for address in addresses):
        raise ForbiddenAddressError("The host is not on the public Internet.")
    return addresses


def _next(target: Target, answer: Answer) -> Target:
    location = answer.headers.get("location", "")
    if not location:
        raise RedirectError("The redirect leads nowhere.")
    try:
        location = location.encode("latin-1").decode()
    except UnicodeError:
        raise RedirectError("The redirect can't be read.") from None
    following = target.join(location)
    if target.scheme == "https" and following.scheme == "http":
        raise RedirectError("The redirect leaves https.")
    return following


def _picture(answer: Answer, limits: FetchLimits) -> Picture:
    if answer.status != 200:
        raise StatusError(answer.status)
    if answer.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise NotAPictureError("The picture is compressed once more, unasked.")
    kind: Kind = kind_of(answer.body)
    if max(kind.width, kind.height) > limits.side or kind.width * kind.height > limits.pixels:
        raise TooLargeError("The picture has too many pixels.")
    return Picture(kind.type, answer.body, kind.width, kind.height)
