"""An IMAP server's address, and how much of it to take in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from webmail.wire import server as wire
from webmail.wire.credentials import Credentials, OAuthToken, Password
from webmail.wire.server import SLOWEST, Timeouts, Tls

__all__ = ["SLOWEST", "Credentials", "Limits", "OAuthToken", "Password", "Server", "Timeouts", "Tls"]


class Server(wire.Server):
    """From "imaps://host[:993]", "imap+starttls://host[:143]" or "imap://host[:143]"."""

    __slots__ = ()
    protocol: ClassVar[str] = "IMAP"
    schemes: ClassVar[dict[str, tuple[Tls, int]]] = {
        "imaps": ("implicit", 993),
        "imap+starttls": ("starttls", 143),
        "imap": ("none", 143),
    }


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server may make us hold. Octets, but for `depth` and `responses`.

    A literal above `literal` is read past and stands as NIL; above `drain`, or with any other limit passed, the
    connection ends with LimitError. `memory` bounds all responses of one `run()` together.
    """

    line: int = 16 << 20
    literal: int = 16 << 20
    drain: int = 64 << 20
    memory: int = 64 << 20
    depth: int = 100
    responses: int = 250_000
