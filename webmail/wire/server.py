"""Which server to talk to, and how patiently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, Self
from urllib.parse import urlsplit

Tls = Literal["implicit", "starttls", "none"]

SLOWEST: Final = 16_384  # Octets a second; who takes or gives large things more slowly is given up on.


@dataclass(frozen=True, slots=True)
class Server:
    """One server of a protocol. `verify` False trusts any certificate; `ca_file` adds a PEM bundle to trust, `ca_pem`
    one as text."""

    protocol: ClassVar[str]
    schemes: ClassVar[dict[str, tuple[Tls, int]]]
    """URL scheme to TLS mode and default port."""

    host: str
    port: int
    tls: Tls
    ca_file: str | None = None
    verify: bool = True
    ca_pem: str | None = field(default=None, repr=False)

    @classmethod
    def parse(
        cls, url: str, *, ca_file: str | None = None, verify: bool = True, ca_pem: str | None = None
    ) -> Self:
        """From "scheme://host[:port]". ValueError says in a plain sentence what is wrong with the URL."""
        name = f"The {cls.protocol} URL"
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError(f"{name} has a host or port that can't be read.") from None
        if parts.scheme not in cls.schemes:
            *others, last = (f"{scheme}://" for scheme in cls.schemes)
            raise ValueError(f"{name} has to start with {', '.join(others)} or {last}.")
        if parts.username is not None or parts.password is not None:
            raise ValueError(f"{name} must not hold a user or a password.")
        if not host:
            raise ValueError(f"{name} names no host.")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError(f"{name} ends after the host and the port.")
        if port == 0:
            raise ValueError(f"{name} has port 0.")
        tls, default = cls.schemes[parts.scheme]
        return cls(host, port or default, tls, ca_file, verify, ca_pem)

    def __str__(self) -> str:
        scheme = next(name for name, (tls, _) in self.schemes.items() if tls == self.tls)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` bounds each wait for bytes, `total` one whole conversation, however slowly bytes drip, and
    longer only for what is large (by SLOWEST)."""

    connect: float = 10.0
    tls: float = 10.0
    read: float = 30.0
    total: float = 120.0
