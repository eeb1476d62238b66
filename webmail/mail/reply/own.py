"""One's own addresses, as mail writes them: in any case, with "+" and a word, its domain in Unicode or punycode."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress


class Own:
    """A set of addresses that knows its own variants: "Me+shop@example.org" is in {"me@example.org"}."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._by_key: dict[str, str] = {}
        for address in addresses:
            self._by_key.setdefault(address_key(address), address)

    def __contains__(self, address: str) -> bool:
        return bool(self.which(address))

    def which(self, address: str) -> str:
        """The own address that this one stands for, as it was given; "" where it is somebody else's."""
        key = address_key(address)
        local, at, domain = key.rpartition("@")
        return self._by_key.get(key) or self._by_key.get(f"{local.partition('+')[0]}{at}{domain}", "")


def address_key(address: str) -> str:
    """Equal for addresses that reach the same person in practice: case doesn't count (RFC 5321, 2.4)."""
    local, at, domain = address.strip().rpartition("@")
    if not domain.isascii() and len(domain) < 256:
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode("ascii")
    return f"{local}{at}{domain}".casefold()
