"""A ManageSieve server's address."""

from __future__ import annotations

from typing import ClassVar

from webmail.wire import server as wire
from webmail.wire.server import Timeouts, Tls

__all__ = ["Server", "Timeouts", "Tls"]


class Server(wire.Server):
    """From "sieve+starttls://host[:4190]", "sieves://host[:4190]" or "sieve://host[:4190]"."""

    __slots__ = ()
    protocol: ClassVar[str] = "ManageSieve"
    schemes: ClassVar[dict[str, tuple[Tls, int]]] = {
        "sieve+starttls": ("starttls", 4190),
        "sieves": ("implicit", 4190),
        "sieve": ("none", 4190),
    }
