"""A page that listens: on a socket that was handed over to the loop, or on a thread of the server's own."""

from __future__ import annotations

import asyncio
import os
import queue
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final, Protocol

# Who has not taken in so much is gone, or as good as gone.
_MOST_UNREAD: Final = 64 << 10
_MOST_WAITING: Final = 200
# With a heartbeat every 15 seconds, a client that vanished is noticed within 30.
_UNANSWERED_MILLISECONDS: Final = 10_000


class Stream(Protocol):
    """`left` is called once, when nobody listens any more."""

    left: Callable[[], None]

    def send(self, data: bytes) -> None: ...

    def end(self) -> None: ...


class SocketStream(asyncio.Protocol):
    """Sends in the loop's thread; what comes before the socket does is kept for it."""

    def __init__(self, *, chunked: bool) -> None:
        self.left: Callable[[], None] = lambda: None
        self._chunked = chunked
        self._kept: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._ended = False

    async def attach(self, sock: socket.socket) -> None:
        """Takes over the socket, for good."""
        if self._ended:
            sock.close()
            return
        sock.setblocking(False)
        with suppress(OSError, AttributeError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNANSWERED_MILLISECONDS)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: self, sock)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        for data in self._kept:
            self.send(data)
        self._kept.clear()
        if self._ended:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.left()

    def send(self, data: bytes) -> None:
        if self._transport is None:
            self._kept.append(data)
        elif self._transport.get_write_buffer_size() > _MOST_UNREAD:
            self._transport.abort()
        elif not self._transport.is_closing():
            self._transport.write(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    def end(self) -> None:
        self._ended = True
        if self._transport is None:
            return
        if self._chunked and not self._transport.is_closing():
            self._transport.write(b"0\r\n\r\n")
        if self._transport.get_write_buffer_size():
            self._transport.abort()
        else:
            self._transport.close()


class ThreadStream:
    """For a server that keeps its sockets: whoever iterates waits, in a thread of its own."""

    def __init__(self) -> None:
        self.left: Callable[[], None] = lambda: None
        self._queue: queue.Queue[bytes | None] = queue.Queue(_MOST_WAITING)

    def send(self, data: bytes) -> None:
        try:
            self._queue.put_nowait(data)
        except queue.Full:
            self.end()

    def end(self) -> None:
        with suppress(queue.Full, queue.Empty):
            if self._queue.full():
                self._queue.get_nowait()
            self._queue.put_nowait(None)

    def __iter__(self) -> Iterator[bytes]:
        try:
            while (data := self._queue.get()) is not None:
                yield data
        finally:
            self.left()


def take_over(sock: socket.socket) -> socket.socket:
    """The connection, on a socket of our own. What stays in its former owner's hands leads nowhere: it can be
    written to and closed as ever, and the client notices nothing."""
    ours = sock.dup()
    nowhere, gone = socket.socketpair()
    with nowhere, gone:
        os.dup2(nowhere.fileno(), sock.fileno(), inheritable=False)
    return ours
