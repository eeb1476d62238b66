"""What changes in the person's mail, told as it happens: server-sent events."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from webmail.accounts.access import access_of
from webmail.accounts.connections import hub
from webmail.accounts.errors import SignInEndedError
from webmail.live import EndedError, FullError, SocketStream, ThreadStream
from webmail.live.streams import take_over

from ..request import Request

_threads = threading.Semaphore(settings.LIVE_THREADS)


@require_GET
def live(request: Request) -> HttpResponseBase:
    """204 tells a browser to listen no more, 429 that too many listen already."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return _no(403)
    since = (request.headers.get("Last-Event-ID") or request.GET.get("since", ""))[:100]
    sock = _socket_of(request.META)
    stream = SocketStream(chunked=request.META["SERVER_PROTOCOL"] == "HTTP/1.1") if sock else ThreadStream()
    if sock is None and not _threads.acquire(blocking=False):
        return _no(429)
    try:
        hub().join(access_of(request).holder, stream, since=since)
    except (SignInEndedError, EndedError, FullError) as error:
        if sock is None:
            _threads.release()
        return _no(429 if isinstance(error, FullError) else 204)
    body = _on_thread(stream) if isinstance(stream, ThreadStream) else _handed_over(stream, sock)
    return StreamingHttpResponse(body, content_type="text/event-stream", headers=_HEADERS)


_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def _no(status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store"})


def _opening() -> bytes:
    """After how long to come again: not everybody at once, where a restart sent everybody away."""
    return b"retry: %d\n\n" % (1000 + secrets.randbelow(3000))


def _socket_of(environ: dict[str, Any]) -> socket.socket | None:
    """The client's socket, where gunicorn gives it and it is a plain one that only this response is written to."""
    sock = environ.get("gunicorn.socket")
    plain = type(sock) is socket.socket and environ.get("HTTP_VERSION") is None
    return sock if plain and environ.get("SERVER_PROTOCOL") in ("HTTP/1.0", "HTTP/1.1") else None


def _handed_over(stream: SocketStream, sock: socket.socket | None) -> Iterator[bytes]:
    """When more is asked for, headers and opening have been written: from then on the loop writes, and the thread
    is free."""
    attached = False
    try:
        yield _opening()
        assert sock is not None
        hub().attach(stream, take_over(sock))
        attached = True
    finally:
        if not attached:
            hub().leave(stream)


def _on_thread(stream: ThreadStream) -> Iterator[bytes]:
    try:
        yield _opening()
        yield from stream
    finally:
        stream.left()
        _threads.release()
