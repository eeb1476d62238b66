"""Pages at a fifth of their size over the wire. Static files were compressed once, when they were collected."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SMALLEST = 1000
# A quarter of a millisecond for a list: more would cost more than it saves. The window is that of a page.
QUALITY, WINDOW = 3, 18
PADDING = 200


class CompressionMiddleware:
    """Brotli where the browser takes it, which all do that offer TLS. What others get is left to a proxy.

    A header of random length blurs the compressed length, from which somebody who can have text put into pages
    and sees their sizes could try to guess what stands beside it (BREACH; as Django's own GZipMiddleware).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not _is_page(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if _takes_brotli(request.headers.get("Accept-Encoding", "")):
            response.content = brotli.compress(
                response.content, mode=brotli.MODE_TEXT, quality=QUALITY, lgwin=WINDOW
            )
            response.headers["Content-Encoding"] = "br"
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["X-Padding"] = "x" * secrets.randbelow(PADDING)
        return response


def _is_page(response: HttpResponse) -> bool:
    return (
        not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Encoding" not in response.headers
        and len(response.content) >= SMALLEST
    )


def _takes_brotli(accepted: str) -> bool:
    for item in accepted.lower().split(","):
        name, _, weight = item.partition(";")
        if name.strip() == "br":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
