"""What machines ask one process: does it live, can it serve, and what does it count. No session, no host name."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from webmail.accounts.client import client_address
from webmail.metrics.registry import exposition

from ..readiness import readiness

TEXT = "text/plain; version=0.0.4; charset=utf-8"


def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked."""
    return _unkept(HttpResponse("ok\n", content_type="text/plain; charset=utf-8"))


def ready(request: HttpRequest) -> HttpResponse:
    """503 while the database or the cache is away. A mail server that is away is said, and takes no instance out:
    the next could not reach it either, and this one shows a page that explains."""
    now = readiness.now()
    return _unkept(JsonResponse(now.words(), status=200 if now.ready else 503))


def metrics(request: HttpRequest) -> HttpResponse:
    """As Prometheus reads them, for those who may; for all others there is no such page."""
    if not _may_see(request):
        return _unkept(HttpResponse("Not Found\n", status=404, content_type="text/plain; charset=utf-8"))
    return _unkept(HttpResponse(exposition(), content_type=TEXT))


def _may_see(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and kind.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    address = client_address(request)
    if not address or not settings.METRICS_ALLOWED:
        return False
    found = ipaddress.ip_address(address)
    return any(found in ipaddress.ip_network(entry, strict=False) for entry in settings.METRICS_ALLOWED)


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
