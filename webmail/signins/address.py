"""Where a request comes from, behind proxies or not."""

from __future__ import annotations

import ipaddress
from functools import cache
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: HttpRequest) -> str:
    """The IP address that asks; "" where none is known.

    A proxy adds the address that it was asked from at the end of X-Forwarded-For, and what stands before that a
    browser may have made up. With BEHIND_PROXY the last entry counts; with TRUSTED_PROXIES the last that is none of
    those, and only where the request comes from one of them (or through a socket of this machine).
    """
    asked_by = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.BEHIND_PROXY:
        return _canonical(asked_by)
    entries = [entry.strip() for entry in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    forwarded = [entry for entry in entries if entry]
    if not forwarded:
        return _canonical(asked_by)
    trusted = networks(tuple(settings.TRUSTED_PROXIES))
    if not trusted:
        return _canonical(forwarded[-1])
    if asked_by and not _is_in(asked_by, trusted):
        return _canonical(asked_by)
    strangers = (entry for entry in reversed(forwarded) if not _is_in(entry, trusted))
    return _canonical(next(strangers, forwarded[0]))


def client_network(request: HttpRequest) -> str:
    """The same, of IPv6 the network that one customer gets."""
    address = client_address(request)
    return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address


@cache
def networks(entries: tuple[str, ...]) -> tuple[Network, ...]:
    """Raises ValueError for what is neither an address nor a network."""
    return tuple(ipaddress.ip_network(entry.strip(), strict=False) for entry in entries)


def _is_in(address: str, trusted: tuple[Network, ...]) -> bool:
    found = _canonical(address)
    return bool(found) and any(ipaddress.ip_address(found) in network for network in trusted)


def _canonical(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None) or found
    # Without an interface's name, which is no part of the address and may be any text.
    return str(mapped).partition("%")[0]
