"""An IMAP server that stops in the middle: between a client and a real one, until a command has gone through whose
answer then never comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self


class Staller:
    """`stall_at = b"APPEND"` keeps back every answer from the first such command on, and sets `stalled`; None lets
    everything through again, on new connections."""

    def __init__(self, port: int) -> None:
        self.stall_at: bytes | None = None
        self.stalled = threading.Event()
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self.url = f"imap://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sock in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += (client, server)
                silent = threading.Event()
                threading.Thread(target=self._up, args=(client, server, silent), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client, silent), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                if self.stall_at and self.stall_at in data:
                    silent.set()
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)

    def _down(self, server: socket.socket, client: socket.socket, silent: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if not silent.is_set():
                    client.sendall(data)
                elif b"OK" in data:
                    # It is done on the server, and nobody hears of it.
                    self.stalled.set()
            client.shutdown(socket.SHUT_WR)
