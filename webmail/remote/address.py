"""Which IP addresses are on the public Internet, and every spelling of one that a URL may hold."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from webmail.remote.errors import UrlError

IPAddress = IPv4Address | IPv6Address

# The IANA special-purpose registries (RFC 6890 and its updates), multicast and what is reserved. Written out,
# since `is_global` differs between Python's patch releases.
_INWARD_4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only global unicast, without protocol assignments (Teredo, ORCHID, benchmarks), documentation and 6to4.
_OUTWARD_6: Final = IPv6Network("2000::/3")
_INWARD_6: Final = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
# Where a network has only IPv6, its DNS64 answers with these (RFC 6052): as public as the IPv4 inside.
_NAT64: Final = IPv6Network("64:ff9b::/96")


def is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INWARD_4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _OUTWARD_6 and not any(address in network for network in _INWARD_6)


def literal(host: str) -> IPAddress | None:
    """The address that `host` spells: dotted, decimal, octal or hexadecimal IPv4 of 1 to 4 parts, or IPv6 in
    brackets. None for a name. UrlError for what looks like a number and is none (WHATWG URL, "ends in a number").
    """
    if host.startswith("[") or ":" in host:
        try:
            address = ipaddress.IPv6Address(host.removeprefix("[").removesuffix("]"))
        except ValueError:
            raise UrlError("The IPv6 address can't be read.") from None
        if address.scope_id is not None:
            raise UrlError("The IPv6 address has a zone.")
        return address
    parts = host.removesuffix(".").split(".")
    if not (parts[-1].isdigit() or parts[-1].startswith("0x")):
        return None
    if len(parts) > 4:
        raise UrlError("The IPv4 address has too many parts.")
    numbers = [_number(part) for part in parts]
    *leading, last = numbers
    if any(number > 255 for number in leading) or last >= 256 ** (5 - len(numbers)):
        raise UrlError("The IPv4 address is out of range.")
    return IPv4Address(last + sum(number << (8 * (3 - place)) for place, number in enumerate(leading)))


def _number(part: str) -> int:
    if not part or len(part) > 16:
        raise UrlError("The IPv4 address can't be read.")
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8 if part.startswith("0") else 10)
    except ValueError:
        raise UrlError("The IPv4 address can't be read.") from None
