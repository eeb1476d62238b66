"""A tap on loopback between a client and an IMAP server: what went over the wire, counted where it can't lie.

    with Tap(dovecot.port) as tap:
        ...                       # the client connects to tap.port
        mark = tap.mark()
        ...
        tap.settle()
        assert tap.since(mark).round_trips == 1

A round trip is counted when a client's octets are the first on their connection after the server's: several commands
in one write are one round trip, and so is each answer to a `+`. With a delay, each direction lags by so many seconds
without a limit on bandwidth, and the TCP handshake is charged as on a real link (greeting after two round trips).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Self

from tests.servers.ports import LOOPBACK
from tests.servers.wire import ClientLines, ServerTags

CHUNK = 1 << 16
WAIT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Traffic:
    """Sums over a stretch of time. `commands` are like "UID FETCH 1:5 (FLAGS)", literals as <n>, secrets as ***."""

    connections: int = 0
    round_trips: int = 0
    up: int = 0
    down: int = 0
    commands: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Connection:
    writers: list[asyncio.StreamWriter]
    lines: ClientLines = field(default_factory=ClientLines)
    tags: ServerTags = field(default_factory=ServerTags)
    open_tags: set[str] = field(default_factory=set)
    server_spoke: bool = True
    under_way: int = 0

    def reset(self) -> None:
        for writer in self.writers:
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Tap:
    """Listens on `port` and passes everything to `target`. `delay` (seconds, one way) may be changed at any time."""

    host = LOOPBACK

    def __init__(self, target: int, *, delay: float = 0.0, target_host: str = LOOPBACK) -> None:
        self.target = (target_host, target)
        self.delay = delay
        self.port = 0
        self._events: list[Traffic] = []
        self._changed = threading.Condition()
        self._connections: set[_Connection] = set()
        self._cut_after: int | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="tap")

    def __enter__(self) -> Self:
        self._thread.start()
        self._listener = self._do(asyncio.start_server(self._serve, LOOPBACK, 0, limit=CHUNK))
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT_SECONDS)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"imap://{self.host}:{self.port}"

    def mark(self) -> int:
        """A moment, to be given to `since`."""
        with self._changed:
            return len(self._events)

    def since(self, mark: int) -> Traffic:
        """What went over since then, over all connections."""
        with self._changed:
            events = self._events[mark:]
        return Traffic(
            connections=sum(event.connections for event in events),
            round_trips=sum(event.round_trips for event in events),
            up=sum(event.up for event in events),
            down=sum(event.down for event in events),
            commands=tuple(command for event in events for command in event.commands),
        )

    def settle(self, *, quiet: float = 0.05) -> None:
        """Wait until every command but IDLE is answered and nothing has moved for `quiet` seconds."""
        end = time.monotonic() + WAIT_SECONDS
        with self._changed:
            while True:
                seen = len(self._events)
                moved = self._changed.wait_for(lambda seen=seen: len(self._events) != seen, timeout=quiet)
                busy = any(each.open_tags or each.under_way for each in list(self._connections))
                if not moved and not busy:
                    return
                if time.monotonic() > end:
                    raise TimeoutError("the wire does not come to rest")

    def cut(self) -> None:
        """Reset every connection now."""
        self._do(self._reset_all())

    def cut_after(self, octets: int) -> None:
        """Reset the connection on which the `octets`-th octet from now comes down, once that octet was passed on."""
        self._cut_after = octets

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WAIT_SECONDS)

    async def _reset_all(self) -> None:
        for connection in list(self._connections):
            connection.reset()

    async def _end(self) -> None:
        self._listener.close()
        await self._reset_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _record(self, event: Traffic) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection([writer])
        self._connections.add(connection)
        self._record(Traffic(connections=1))
        try:
            await asyncio.sleep(3 * self.delay)
            upstream, server = await asyncio.open_connection(*self.target, limit=CHUNK)
            connection.writers.append(server)
            for each in connection.writers:
                each.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            up: _Queue = asyncio.Queue(maxsize=256)
            down: _Queue = asyncio.Queue(maxsize=256)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(connection, reader, up, self._from_client))
                group.create_task(self._send(connection, up, server))
                group.create_task(self._read(connection, upstream, down, self._from_server))
                group.create_task(self._send(connection, down, writer))
        except (OSError, asyncio.CancelledError):
            connection.reset()
        finally:
            self._connections.discard(connection)

    async def _read(
        self,
        connection: _Connection,
        reader: asyncio.StreamReader,
        queue: _Queue,
        note: Callable[[_Connection, bytes], Traffic],
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                connection.under_way += 1
                self._record(note(connection, data))
                await queue.put((time.monotonic() + self.delay, data))
        connection.open_tags.clear()
        await queue.put((time.monotonic() + self.delay, b""))

    async def _send(self, connection: _Connection, queue: _Queue, writer: asyncio.StreamWriter) -> None:
        """Pass on in order what was read, each `delay` seconds after it came."""
        down = writer is connection.writers[0]
        while True:
            due, data = await queue.get()
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            if not data:
                writer.close()
                return
            last = False
            if down and self._cut_after is not None:
                last = len(data) >= self._cut_after
                data, self._cut_after = data[: self._cut_after], None if last else self._cut_after - len(data)
            with contextlib.suppress(ConnectionError):
                writer.write(data)
                await writer.drain()
            connection.under_way -= 1
            if last:
                connection.reset()

    def _from_client(self, connection: _Connection, data: bytes) -> Traffic:
        first, connection.server_spoke = connection.server_spoke, False
        commands = []
        for tag, command in connection.lines.feed(data):
            commands.append(command)
            if tag and command.upper() != "IDLE":
                connection.open_tags.add(tag)
        return Traffic(round_trips=int(first), up=len(data), commands=tuple(commands))

    def _from_server(self, connection: _Connection, data: bytes) -> Traffic:
        connection.server_spoke = True
        connection.open_tags.difference_update(connection.tags.feed(data))
        return Traffic(down=len(data))


_Queue = asyncio.Queue[tuple[float, bytes]]
