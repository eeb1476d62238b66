"""Which server to talk to, and how patiently and how much of it to take in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Self
from urllib.parse import urlsplit

from webmail.imap.errors import EncodeError

Tls = Literal["implicit", "starttls", "none"]

_SCHEMES: Final[dict[str, tuple[Tls, int]]] = {
    "imap": ("none", 143),
    "imaps": ("implicit", 993),
    "imap+starttls": ("starttls", 143),
}


@dataclass(frozen=True, slots=True)
class Server:
    """One IMAP server. `verify` False trusts any certificate; `ca_file` adds a PEM bundle to trust."""

    host: str
    port: int
    tls: Tls
    ca_file: str | None = None
    verify: bool = True

    @classmethod
    def parse(cls, url: str, *, ca_file: str | None = None, verify: bool = True) -> Self:
        """From "imaps://host[:993]", "imap+starttls://host[:143]" or "imap://host[:143]".

        ValueError says in a plain sentence what is wrong with the URL.
        """
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ValueError("The IMAP URL has a host or port that can't be read.") from None
        if parts.scheme not in _SCHEMES:
            raise ValueError("The IMAP URL has to start with imaps://, imap+starttls:// or imap://.")
        if parts.username is not None or parts.password is not None:
            raise ValueError("The IMAP URL must not hold a user or a password.")
        if not host:
            raise ValueError("The IMAP URL names no host.")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("The IMAP URL ends after the host and the port.")
        if port == 0:
            raise ValueError("The IMAP URL has port 0.")
        tls, default = _SCHEMES[parts.scheme]
        return cls(host, port or default, tls, ca_file, verify)

    def __str__(self) -> str:
        scheme = next(name for name, (tls, _) in _SCHEMES.items() if tls == self.tls)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


SLOWEST: Final = 16_384  # Octets a second; who takes or gives large things more slowly is given up on.


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` bounds each wait for bytes, `total` one whole `run()`, however slowly bytes drip, and
    longer only for what is large to send or to stream (by SLOWEST)."""

    connect: float = 10.0
    tls: float = 10.0
    read: float = 30.0
    total: float = 120.0


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

    def initial_response(self, server: Server) -> bytes:
        """What the mechanism sends first, before base64."""
        if any(character in value for value in (self.user, self.token) for character in "\x00\x01\r\n"):
            raise EncodeError("A control character stands in the user or the token.")
        if self.mechanism == "XOAUTH2":
            return f"user={self.user}\x01auth=Bearer {self.token}\x01\x01".encode()
        user = self.user.replace("=", "=3D").replace(",", "=2C")
        return (
            f"n,a={user},\x01host={server.host}\x01port={server.port}\x01auth=Bearer {self.token}\x01\x01"
        ).encode()


Credentials = Password | OAuthToken
