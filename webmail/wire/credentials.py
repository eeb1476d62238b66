"""Who signs in. The secrets show in no repr."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Literal

from webmail.wire.errors import EncodeError
from webmail.wire.server import Server


@dataclass(frozen=True, slots=True)
class Password:
    """A mail account's name and password."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Password(user={self.user!r})"

    def initial_response(self) -> bytes:
        """What PLAIN sends (RFC 4616), before base64."""
        return b"\0" + utf8(self.user) + b"\0" + utf8(self.password)


@dataclass(frozen=True, slots=True)
class OAuthToken:
    """An OAuth 2 bearer token for XOAUTH2 (Google, Microsoft) or OAUTHBEARER (RFC 7628)."""

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
            return utf8(f"user={self.user}\x01auth=Bearer {self.token}\x01\x01")
        user = self.user.replace("=", "=3D").replace(",", "=2C")
        return utf8(
            f"n,a={user},\x01host={server.host}\x01port={server.port}\x01auth=Bearer {self.token}\x01\x01"
        )


Credentials = Password | OAuthToken


def utf8(text: str) -> bytes:
    """A user name, password or token as octets; EncodeError where it can be none."""
    if "\0" in text:
        raise EncodeError("A user name, password or token holds NUL.")
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise EncodeError("A user name, password or token holds half a surrogate pair.") from None


def scrub(text: str, credentials: Credentials) -> str:
    """A server's words without the secret: some repeat the line that they did not like, password and all."""
    secret = credentials.password if isinstance(credentials, Password) else credentials.token
    plain = f"\0{credentials.user}\0{secret}".encode("utf-8", "replace")
    for hidden in (secret, b64encode(plain).decode(), b64encode(secret.encode("utf-8", "replace")).decode()):
        if hidden:
            text = text.replace(hidden, "…")
    return text
