"""Which server to hand mail to, how patiently, and as whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Self
from urllib.parse import urlsplit

Tls = Literal["implicit", "starttls", "none"]

_SCHEMES: Final[dict[str, tuple[Tls, int]]] = {
    "smtp": ("none", 587),
    "smtps": ("implicit", 465),
    "smtp+starttls": ("starttls", 587),
}


@dataclass(frozen=True, slots=True)
class Server:
    """One submission server. `verify` False trusts any certificate; `ca_file` adds a PEM bundle to trust."""

    host: str
    port: int
    tls: Tls
    ca_file: str | None = None
    verify: bool = True

    @classmethod
    def parse(cls, url: str, *, ca_file: str | None = None, verify: bool = True) -> Self:
        """From "smtps://host[:465]", "smtp+starttls://host[:587]" or "smtp://host[:587]".

        ValueError says in a plain sentence what is wrong with the URL.
        """
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("The SMTP URL has a host or port that can't be read.") from None
        if parts.scheme not in _SCHEMES:
            raise ValueError("The SMTP URL has to start with smtps://, smtp+starttls:// or smtp://.")
        if parts.username is not None or parts.password is not None:
            raise ValueError("The SMTP URL must not hold a user or a password.")
        if not host:
            raise ValueError("The SMTP URL names no host.")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("The SMTP URL ends after the host and the port.")
        if port == 0:
            raise ValueError("The SMTP URL has port 0.")
        tls, default = _SCHEMES[parts.scheme]
        return cls(host, port or default, tls, ca_file, verify)

    def __str__(self) -> str:
        scheme = next(name for name, (tls, _) in _SCHEMES.items() if tls == self.tls)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


SLOWEST: Final = 16_384  # Octets a second; a server that takes content more slowly is given up on.


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` bounds each wait, `total` everything before the content and, by SLOWEST longer, the content
    itself, however slowly bytes drip; `answer` the wait after the final dot (RFC 5321, 4.5.3.2.6: 10 minutes)."""

    connect: float = 10.0
    tls: float = 10.0
    read: float = 60.0
    total: float = 180.0
    answer: float = 600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server may make us hold: octets of a line, lines of a reply, octets not yet asked for."""

    line: int = 4096
    lines: int = 200
    unread: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Password:
    """A mail account's name and password. The password shows in no repr."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Password(user={self.user!r})"


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """An OAuth 2 bearer token for XOAUTH2 (Google, Microsoft) or OAUTHBEARER (RFC 7628). Shows in no repr."""

    user: str
    token: str
    mechanism: Literal["XOAUTH2", "OAUTHBEARER"] = "OAUTHBEARER"

    def __repr__(self) -> str:
        return f"OAuthToken(user={self.user!r}, mechanism={self.mechanism!r})"


Credentials = Password | OAuthToken
