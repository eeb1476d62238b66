"""A submission server's address, how patiently to talk to it, and how much of it to take in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from webmail.wire import server as wire
from webmail.wire.credentials import Credentials, OAuthToken, Password
from webmail.wire.server import SLOWEST, Tls

__all__ = ["SLOWEST", "Credentials", "Limits", "OAuthToken", "Password", "Server", "Timeouts", "Tls"]


class Server(wire.Server):
    """From "smtps://host[:465]", "smtp+starttls://host[:587]" or "smtp://host[:587]"."""

    __slots__ = ()
    protocol: ClassVar[str] = "SMTP"
    schemes: ClassVar[dict[str, tuple[Tls, int]]] = {
        "smtps": ("implicit", 465),
        "smtp+starttls": ("starttls", 587),
        "smtp": ("none", 587),
    }


@dataclass(frozen=True, slots=True)
class Timeouts(wire.Timeouts):
    """Seconds. `total` bounds everything before the content and, by SLOWEST longer, the content itself; `answer` the
    wait after the final dot (RFC 5321, 4.5.3.2.6: 10 minutes)."""

    read: float = 60.0
    total: float = 180.0
    answer: float = 600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server may make us hold: octets of a line, lines of a reply, octets not yet asked for."""

    line: int = 4096
    lines: int = 200
    unread: int = 1 << 20
