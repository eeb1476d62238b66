"""A URL taken apart by the strictest reading, so that nobody further on can read it otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from webmail.remote.address import IPAddress, literal
from webmail.remote.errors import UrlError

# Encoded and signed it has to fit into a request line of 4094 octets, gunicorn's limit.
LONGEST_URL: Final = 2800
PORTS: Final = {"http": 80, "https": 443}

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# Names that are only ever somebody's own (RFC 6761, 6762, 8375, 9476; ICANN's "internal").
_INWARD_ENDS: Final = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "alt"}
)


@dataclass(frozen=True, slots=True)
class Target:
    """`host` is ASCII without brackets, `address` set where it spells one; `path` begins with a slash, has the
    query, and is ASCII."""

    scheme: str
    host: str
    port: int
    path: str
    address: IPAddress | None = None

    @property
    def authority(self) -> str:
        """As the Host header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def join(self, location: str) -> Target:
        """Where a redirect leads. UrlError."""
        try:
            return parse(urljoin(self.url, location.strip(" \t")))
        except ValueError as error:
            raise UrlError("The redirect can't be read.") from error


def parse(url: str) -> Target:
    """UrlError says why this is not fetched."""
    url = url.strip(" ")
    if len(url) > LONGEST_URL:
        raise UrlError("The address is too long.")
    if _UNSEEN.search(url):
        raise UrlError("The address holds a control character or a backslash.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlError("The address can't be read.") from None
    if parts.scheme not in PORTS:
        raise UrlError("Only http and https are fetched.")
    if "@" in parts.netloc:
        raise UrlError("The address holds credentials.")
    name = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.removesuffix(":")
    host = _host(name)
    address = literal(host)
    if address is not None:
        host = str(address)
    elif host.rpartition(".")[2] in _INWARD_ENDS or "." not in host:
        raise UrlError("The host's name is not a public one.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~-._[]')}" if parts.query else ""
    return Target(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path + query, address)


def _host(name: str) -> str:
    """Lower case ASCII, without a trailing dot; full-width and the like become what they stand for."""
    if name.startswith("["):
        if not name.endswith("]"):
            raise UrlError("The host can't be read.")
        return name.lower()
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise UrlError("The host's name can't be read.") from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise UrlError("The host's name can't be read.")
    return host
