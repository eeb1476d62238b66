"""Where a request comes from, and which instance serves it."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from webmail.signins.address import client_address, client_network

__all__ = ["ROUTE_COOKIE", "client_address", "client_network", "route_of"]

ROUTE_COOKIE = "route"


def route_of(pk: int) -> str:
    """What nginx chooses a person's instance by (deploy/nginx): the same on all their devices, and says nothing of
    them. Whoever makes one up meets another instance, which is only slower."""
    return salted_hmac("ekorn.route", str(pk), algorithm="sha256").hexdigest()[:16]
