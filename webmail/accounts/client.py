"""Where a request comes from, and which instance serves it, behind a proxy or not."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

ROUTE_COOKIE = "route"


def client_address(request: HttpRequest) -> str:
    """The IP address that asks: behind a proxy what that wrote last, since what stands before it a browser may have
    made up. "" where none is known."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)


def client_network(request: HttpRequest) -> str:
    """The same, of IPv6 the network that one customer gets."""
    address = client_address(request)
    return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address


def route_of(pk: int) -> str:
    """What nginx chooses a person's instance by (deploy/nginx): the same on all their devices, and says nothing of
    them. Whoever makes one up meets another instance, which is only slower."""
    return salted_hmac("ekorn.route", str(pk), algorithm="sha256").hexdigest()[:16]
