"""Small HTTP servers on loopback that say exactly what a test wants, and a guard that lets the fetcher there."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import Self

from webmail.remote.guard import Guard

Script = Callable[[socket.socket, str], None]


def answer(body: bytes, *headers: str, status: str = "200 OK") -> Script:
    """Says this and hangs up; Content-Length is added where no header speaks of length."""
    lines = list(headers)
    if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1")
    return lambda sock, request: sock.sendall(head + body)


def redirect(location: str, status: str = "302 Found") -> Script:
    return answer(b"", f"Location: {location}", status=status)


class WebServer:
    """One answer for each path; `requests` holds what was asked, with its headers."""

    def __init__(
        self,
        paths: dict[str, Script] | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.paths = paths or {}
        self.requests: list[str] = []
        self._tls = tls
        self._listener = socket.create_server(
            (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            sock.close()

    def url(self, path: str = "/", *, host: str = "pictures.example") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def guard(self, **options: object) -> Guard:
        """Every name is this machine, and loopback is allowed: for this server's port only."""
        chosen: dict[str, object] = {
            "resolve": lambda host, seconds: [ip_address("127.0.0.1")],
            "allow": lambda address: address.is_loopback,
            "ports": frozenset({self.port}),
        }
        return Guard(**(chosen | options))  # type: ignore[arg-type]  # as the dataclass has them

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
            with sock:
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = sock.recv(4096)
                    if not piece:
                        return
                    request += piece
                head, _, body = request.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
                while length and len(body) < int(length[1]) and (piece := sock.recv(4096)):
                    request, body = request + piece, body + piece
                text = request.decode("latin-1")
                self.requests.append(text)
                self.paths[text.split(" ")[1]](sock, text)
