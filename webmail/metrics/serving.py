"""The metrics of a process that serves no pages, for this machine alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Final

from .registry import exposition

LOOPBACK: Final = "127.0.0.1"


def serve(port: int, *, after: Callable[[], None] = lambda: None) -> HTTPServer:
    """At http://127.0.0.1:port/metrics, in a thread of its own; `after` is called there after each answer. OSError
    where somebody else listens there."""

    class Answer(BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self) -> None:
            if self.path != "/metrics":
                self.send_error(404)
                return
            body = exposition()
            after()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody wants to read it."""

    server = HTTPServer((LOOPBACK, port), Answer)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server
