"""Whose connections: a mail account, its server, and the credentials of one sign-in."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import astuple, dataclass, field
from hashlib import blake2b
from typing import Final

from webmail.imap.server import Credentials, Server

_DIGEST_KEY: Final = secrets.token_bytes(32)
_moments: Final = itertools.count(1)


def moment() -> int:
    """Numbers that only grow, in any thread: what came before what, whatever the clock does."""
    return next(_moments)


@dataclass(frozen=True, slots=True)
class Room:
    """How much one account may take up: its connections and streams, and the requests that may wait for its server
    together with everybody else's. 0 where no bound of its own is set."""

    connections: int = 0
    streams: int = 0
    requests: int = 0


@dataclass(frozen=True)
class Holder:
    """`key` is an opaque id of the mail account. Make one for each request: it remembers when it was made,
    and what is borrowed by one that is older than the sign-out of its account is not kept.

    `identity` is equal for equal key, server and credentials only; it holds a keyed digest of them, so that
    no password is compared or kept where connections are looked up.
    """

    key: str
    server: Server
    credentials: Credentials = field(repr=False)
    room: Room = field(default=Room(), repr=False, compare=False)
    identity: tuple[str, bytes] = field(init=False, repr=False, compare=False)
    made: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        bound = (self.key, astuple(self.server), type(self.credentials).__name__, astuple(self.credentials))
        digest = blake2b(repr(bound).encode("utf-8", "backslashreplace"), key=_DIGEST_KEY, digest_size=16)
        object.__setattr__(self, "identity", (self.key, digest.digest()))
        object.__setattr__(self, "made", moment())
