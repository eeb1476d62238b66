"""A picture from an address that a stranger chose."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from webmail.remote.errors import NotAPictureError, RedirectError, StatusError, TooLargeError
from webmail.remote.guard import PUBLIC, Guard, guarded
from webmail.remote.picture import Kind, kind_of
from webmail.remote.target import Target, parse
from webmail.remote.wire import Answer, get

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


@dataclass(frozen=True, slots=True)
class Picture:
    """`type` is ours, read from the octets: the only one to send it as."""

    type: str
    data: bytes
    width: int
    height: int


def fetch_picture(url: str, *, limits: FetchLimits = FetchLimits(), guard: Guard = PUBLIC) -> Picture:
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
    with guarded(target, guard=guard, deadline=deadline) as sock:
        return get(sock, target, accept=ACCEPT, agent=AGENT, deadline=deadline, octets=limits.octets)


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
