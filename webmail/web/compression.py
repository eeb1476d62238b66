"""Pages at a fifth of their size over the wire. Static files were compressed once, when they were collected."""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SMALLEST = 1000
# A quarter of a millisecond for a list: more would cost more than it saves. The window is that of a page.
QUALITY, WINDOW = 3, 18
PADDING = 200


class CompressionMiddleware:
    """Brotli where the browser takes it (over TLS all do), else gzip.

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
        accepted = _accepted(request.headers.get("Accept-Encoding", ""))
        encoding = next((encoding for encoding in _ENCODERS if encoding in accepted), None)
        if encoding is not None:
            response.content = _ENCODERS[encoding](response.content)
            response.headers["Content-Encoding"] = encoding
            response.headers["Content-Length"] = str(len(response.content))
            response.headers["X-Padding"] = "x" * (1 + secrets.randbelow(PADDING))
        return response


def _is_page(response: HttpResponse) -> bool:
    return (
        not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Encoding" not in response.headers
        and len(response.content) >= SMALLEST
    )


def _accepted(header: str) -> frozenset[str]:
    """The codings of an Accept-Encoding that are not refused (RFC 9110, 12.5.3)."""
    items = (item.partition(";") for item in header.lower().replace(" ", "").split(","))
    return frozenset(name for name, _, weight in items if not _REFUSED.fullmatch(weight))


def _brotli(page: bytes) -> bytes:
    return bytes(brotli.compress(page, mode=brotli.MODE_TEXT, quality=QUALITY, lgwin=WINDOW))


def _gzip(page: bytes) -> bytes:
    return zlib.compress(page, level=1, wbits=31)


_REFUSED = re.compile(r"q=0(\.0*)?")
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}
