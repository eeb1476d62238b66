"""Around every request: its number, how long it took, and the addresses that machines ask.

Those are answered here, before anything looks at the host name, sends to HTTPS, or opens a session: whoever asks for
them asks this one process.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from webmail.metrics import request_id
from webmail.metrics.logs import view_of
from webmail.metrics.registry import REQUEST_SECONDS, REQUESTS
from webmail.metrics.slow import SLOW

from .views import health

log = logging.getLogger(__name__)

HEADER, _GIVEN = "X-Request-ID", "HTTP_X_REQUEST_ID"
_MACHINES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/health/live": health.live,
    "/health/ready": health.ready,
    "/metrics": health.metrics,
}


@cache
def _meters(view: str, hundreds: int) -> tuple[Counter, Histogram]:
    """To find them by their labels each time would take longer than to count."""
    return REQUESTS.labels(view, f"{hundreds}xx"), REQUEST_SECONDS.labels(view)


class WatchMiddleware:
    """Outermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only a proxy of ours is believed: else anybody could write another's number into the log.
        number = request_id.begin(request.META.get(_GIVEN, "") if settings.BEHIND_PROXY else "")
        answer = _MACHINES.get(request.path_info)
        response = answer(request) if answer else self._measured(request)
        response.headers[HEADER] = number
        return response

    def _measured(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        view = view_of(request)
        requests, took = _meters(view, response.status_code // 100)
        requests.inc()
        took.observe(seconds)
        if seconds > SLOW.request:
            log.warning("slow request: %s took %.1f s", view, seconds)
        return response
