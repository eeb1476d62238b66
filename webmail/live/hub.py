"""All watchers and streams of this process: shared, bounded, ended with the sign-in. One thread for all of them."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from webmail.imap.connection import Connection
from webmail.imap.holder import Holder, moment
from webmail.imap.server import Server

from .errors import EndedError, FullError
from .streams import SocketStream, Stream
from .watcher import Watcher

T = TypeVar("T")

HEARTBEAT: Final = b":\n\n"
HEARTBEAT_SECONDS: Final = 15.0
_ANSWER_SECONDS: Final = 10.0
_MOST_DRAINED: Final = 20_000
_WRONG_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class HubStats:
    people: int
    streams: int


@dataclass(slots=True)
class _Seat:
    watcher: Watcher
    task: asyncio.Task[None]
    leaving: asyncio.TimerHandle | None = None


class Hub:
    """`connect` makes a signed-in connection, `told` is called (in the loop's thread) when somebody's mail changed,
    `allowed` says now and then (in a thread of its own) which of these accounts may still listen.

    A stream ends after `lasting` seconds, so that its page asks again whether it may listen; a watcher `linger`
    seconds after its last stream, since a page that follows another opens the next. Safe in any thread; make it
    after forking.
    """

    def __init__(
        self,
        *,
        connect: Callable[[Holder], Connection],
        told: Callable[[Holder], None] = lambda _: None,
        allowed: Callable[[set[str]], set[str]] = lambda keys: keys,
        total: int = 1000,
        per_person: int = 6,
        linger: float = 45.0,
        lasting: float = 900.0,
        threads: int = 8,
    ) -> None:
        self._connect, self._told, self._allowed = connect, told, allowed
        self._total, self._per_person = total, per_person
        self._linger, self._lasting, self._threads = linger, lasting, threads
        self._seats: dict[tuple[str, bytes], _Seat] = {}
        self._open: dict[Stream, tuple[_Seat, asyncio.TimerHandle]] = {}
        self._drained: OrderedDict[str, int] = OrderedDict()
        self._wrong: OrderedDict[tuple[str, bytes], float] = OrderedDict()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def join(self, holder: Holder, stream: Stream, *, since: str = "") -> None:
        """From now on the stream is told. Raises FullError and EndedError."""
        with self._lock:
            if self._closed:
                raise EndedError
            loop = self._running()
        _call(loop, lambda: self._join(holder, stream, since))

    def attach(self, stream: SocketStream, sock: socket.socket) -> None:
        """The socket of a stream that has joined."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(stream.attach(sock), self._loop)

    def leave(self, stream: Stream) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave, stream)

    def mark(self, holder: Holder) -> str:
        """What a page made now has to say when it joins; "" where nobody watches yet."""
        seat = self._seats.get(holder.identity)
        return seat.watcher.mark if seat else ""

    def poke(self, key: str) -> None:
        """This account's mail was changed by ourselves."""
        if self._loop is not None and self._seats:
            self._loop.call_soon_threadsafe(self._poke, key)

    def drain(self, key: str) -> None:
        """Sign-out: every stream of this account ends, and no holder made before now may join."""
        self._drained[key] = moment()
        self._drained.move_to_end(key)
        while len(self._drained) > _MOST_DRAINED:
            self._drained.popitem(last=False)
        self._end_those(lambda identity: identity[0] == key)

    def end_others(self, holder: Holder) -> None:
        """A sign-in: streams of the same account with other credentials end, for the password was changed."""
        self._wrong.pop(holder.identity, None)
        self._end_those(lambda identity: identity[0] == holder.key and identity != holder.identity)

    def end_elsewhere(self, servers: Collection[Server]) -> None:
        """Only these servers are asked from now on."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(
                self._end_where, lambda watcher: watcher.holder.server not in servers
            )

    def close(self) -> None:
        """End all, at once; nobody joins any more. May be called from a signal handler, and twice."""
        self._closed = True
        self._end_those(lambda _: True)

    def stats(self) -> HubStats:
        return HubStats(len(self._seats), len(self._open))

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = loop = asyncio.new_event_loop()
            self._few = asyncio.Semaphore(self._threads)
            threading.Thread(target=loop.run_forever, name="live", daemon=True).start()
            asyncio.run_coroutine_threadsafe(self._beat(), loop)
        return self._loop

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for number, stream in enumerate(tuple(self._open)):
                stream.send(HEARTBEAT)
                if number % 50 == 49:
                    await asyncio.sleep(0)
            await self._end_blocked()

    async def _end_blocked(self) -> None:
        """Whoever was blocked by another process."""
        keys = {key for key, _ in self._seats}
        if keys:
            with suppress(Exception):  # Asked again with the next beat.
                allowed = await self._blocking(lambda: self._allowed(keys))
                self._end_named(lambda identity: identity[0] in keys - allowed)

    def _join(self, holder: Holder, stream: Stream, since: str) -> None:
        if self._closed or holder.made < self._drained.get(holder.key, 0) or self._is_wrong(holder):
            raise EndedError
        own = sum(len(seat.watcher.streams) for key, seat in self._seats.items() if key[0] == holder.key)
        if len(self._open) >= self._total or own >= (holder.room.streams or self._per_person):
            raise FullError
        seat = self._seats.get(holder.identity)
        if seat is None:
            seat = self._seats[holder.identity] = self._seated(holder)
        if seat.leaving is not None:
            seat.leaving.cancel()
            seat.leaving = None
        stream.left = lambda: self.leave(stream)
        lasting = self._lasting * random.uniform(0.75, 1.0)  # noqa: S311 - spread, no secret
        self._open[stream] = (seat, asyncio.get_running_loop().call_later(lasting, stream.end))
        seat.watcher.join(stream, since)

    def _is_wrong(self, holder: Holder) -> bool:
        """Refused lately: asked again and again, the server would lock the person out."""
        return time.monotonic() < self._wrong.get(holder.identity, 0.0)

    def _seated(self, holder: Holder) -> _Seat:
        watcher = Watcher(holder, connect=self._connect, blocking=self._blocking, told=self._told)
        task = asyncio.get_running_loop().create_task(watcher.run())
        task.add_done_callback(lambda _: self._finished(watcher))
        return _Seat(watcher, task)

    async def _blocking(self, work: Callable[[], Any]) -> Any:
        """In a thread that the end of the process does not wait for; a few at a time."""
        async with self._few:
            loop = asyncio.get_running_loop()
            done: asyncio.Future[Any] = loop.create_future()

            def run() -> None:
                try:
                    result = work()
                except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
                    loop.call_soon_threadsafe(done.set_exception, error)
                else:
                    loop.call_soon_threadsafe(done.set_result, result)

            threading.Thread(target=run, name="live-imap", daemon=True).start()
            return await done

    def _poke(self, key: str) -> None:
        for identity, seat in self._seats.items():
            if identity[0] == key:
                seat.watcher.poke()

    def _leave(self, stream: Stream) -> None:
        seat, timer = self._open.pop(stream, (None, None))
        if seat is None or timer is None:
            return
        timer.cancel()
        seat.watcher.streams.discard(stream)
        if not seat.watcher.streams and seat.leaving is None:
            later = asyncio.get_running_loop().call_later
            seat.leaving = later(self._linger, self._end, seat.watcher)

    def _end_those(self, named: Callable[[tuple[str, bytes]], bool]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end_named, named)

    def _end_named(self, named: Callable[[tuple[str, bytes]], bool]) -> None:
        for identity in [identity for identity in self._seats if named(identity)]:
            self._end(self._seats[identity].watcher)

    def _end_where(self, named: Callable[[Watcher], bool]) -> None:
        for watcher in [seat.watcher for seat in self._seats.values() if named(seat.watcher)]:
            self._end(watcher)

    def _end(self, watcher: Watcher) -> None:
        seat = self._seats.pop(watcher.holder.identity, None)
        if seat is None:
            return
        watcher.end()
        for stream in tuple(watcher.streams):
            stream.end()
            self._leave(stream)

    def _finished(self, watcher: Watcher) -> None:
        """Its task is over: by our wish, by the server's refusal of the credentials, or by a fault of ours."""
        if watcher.refused:
            self._wrong[watcher.holder.identity] = time.monotonic() + _WRONG_SECONDS
            while len(self._wrong) > _MOST_DRAINED:
                self._wrong.popitem(last=False)
        seat = self._seats.get(watcher.holder.identity)
        if seat is not None and seat.watcher is watcher:
            self._end(watcher)


def _call(loop: asyncio.AbstractEventLoop, work: Callable[[], T]) -> T:
    async def run() -> T:
        return work()

    return asyncio.run_coroutine_threadsafe(run(), loop).result(_ANSWER_SECONDS)
