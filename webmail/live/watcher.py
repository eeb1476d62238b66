"""Keeps one ear on one person's mail for all their open pages, through every loss of the connection."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from webmail.imap.connection import Connection
from webmail.imap.errors import AuthenticationError, ImapError, UnavailableError
from webmail.imap.holder import Holder

from .changes import ANYTHING, Change, changed, event
from .ear import Ear
from .streams import Stream

# Servers may hang up after 29 minutes (RFC 2177), and routers forget a quiet connection sooner.
IDLE_SECONDS: Final = 540.0
ASK_SECONDS: Final = 60.0
NOOP_SECONDS: Final = 30.0
POKED_SECONDS: Final = 0.5
# Changes that come together are told together; those that go on and on, twice a second.
TOGETHER_SECONDS: Final = 0.05
STEADY_SECONDS: Final = 0.5
FIRST_PAUSE, LONGEST_PAUSE, BUSY_PAUSE = 1.0, 120.0, 60.0
_MOST_FOLDERS: Final = 2000


class Watcher:
    """Lives in the loop's thread; what waits for the mail server is done by `blocking`. `told` is called with each
    round of changes before the pages hear of it."""

    def __init__(
        self,
        holder: Holder,
        *,
        connect: Callable[[Holder], Connection],
        blocking: Callable[[Callable[[], Any]], Awaitable[Any]],
        told: Callable[[Holder], None],
    ) -> None:
        self.holder = holder
        self.streams: set[Stream] = set()
        self.live = False
        self.refused = False
        self._connect, self._blocking, self._told = connect, blocking, told
        self._ending = False
        self._poked = False
        self._stir = asyncio.Event()
        self._epoch, self._number = secrets.token_hex(4), 0
        self._changed_at: dict[str | None, int] = {}
        self._waiting: dict[str | None, Change] = {}
        self._last_told = 0.0
        self._loop = asyncio.get_running_loop()

    @property
    def mark(self) -> str:
        """Up to where everything was told."""
        return f"{self._epoch}-{self._number}"

    def join(self, stream: Stream, since: str) -> None:
        """`since` is the mark that the page was made at; it is told what changed after it."""
        self.streams.add(stream)
        stream.send(event("state", "live" if self.live else "waiting", mark=self.mark))
        epoch, _, number = since.partition("-")
        if not self.live:
            return
        if epoch != self._epoch or not number.isdecimal():
            stream.send(changed([ANYTHING], self.mark))
        elif missed := [folder for folder, at in self._changed_at.items() if at > int(number)]:
            stream.send(changed([Change(folder) for folder in missed], self.mark))

    def poke(self) -> None:
        """Something was changed by ourselves: where the server does not tell, ask now."""
        self._poked = True
        self._stir.set()

    def end(self) -> None:
        self._ending = True
        self._stir.set()

    async def run(self) -> None:
        pause = FIRST_PAUSE
        while not self._ending:
            try:
                await self._watch()
            except AuthenticationError:
                self.refused = True
                return
            except UnavailableError:
                pause = max(pause, BUSY_PAUSE)
            except (ImapError, OSError, ValueError):
                pass
            if self.live:
                pause = FIRST_PAUSE
            self._set_live(live=False)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause * random.uniform(0.5, 1.5)):  # noqa: S311 - spread, no secret
                    while not self._ending:
                        self._stir.clear()
                        await self._stir.wait()
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _watch(self) -> None:
        connection: Connection = await self._blocking(lambda: self._connect(self.holder))
        try:
            ear = Ear(connection)
            await self._blocking(ear.open)
            self._note(await self._blocking(ear.listen))
            self._set_live(live=True)
            while not self._ending:
                await self._hear(ear)
                self._note(await self._blocking(ear.pause))
                self._note(await self._blocking(ear.listen))
        finally:
            await self._blocking(connection.close if connection.closed or ear.fileno else connection.logout)

    async def _hear(self, ear: Ear) -> None:
        """Until it is time to pause."""
        seconds = NOOP_SECONDS if ear.fileno is None else ASK_SECONDS if ear.polls else IDLE_SECONDS
        begun = self._loop.time()
        while not self._ending:
            until = begun + (POKED_SECONDS if self._poked and ear.polls else seconds)
            if not await self._stirred(ear.fileno, until - self._loop.time()):
                break
            if ear.fileno is not None:
                self._note(await self._blocking(ear.hear))
        self._poked = False

    async def _stirred(self, descriptor: int | None, seconds: float) -> bool:
        """False where nothing happened in so long."""
        if descriptor is not None:
            self._loop.add_reader(descriptor, self._readable, descriptor)
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._stir.wait()
        except TimeoutError:
            return False
        finally:
            self._stir.clear()
            if descriptor is not None:
                self._loop.remove_reader(descriptor)
        return True

    def _readable(self, descriptor: int) -> None:
        self._loop.remove_reader(descriptor)
        self._stir.set()

    def _set_live(self, *, live: bool) -> None:
        if live == self.live:
            return
        self.live = live
        self._send(event("state", "live" if live else "waiting"))
        if live:  # Nobody knows what happened before.
            self._note([ANYTHING])

    def _note(self, changes: list[Change]) -> None:
        if not changes:
            return
        if not self._waiting:
            steady = self._last_told + STEADY_SECONDS - self._loop.time()
            self._loop.call_later(max(TOGETHER_SECONDS, steady), self._tell)
        for change in changes:
            before = self._waiting.get(change.folder)
            self._waiting[change.folder] = before + change if before else change

    def _tell(self) -> None:
        self._number += 1
        self._last_told = self._loop.time()
        if len(self._changed_at) > _MOST_FOLDERS:
            self._changed_at.clear()
            self._waiting[None] = ANYTHING
        self._changed_at.update(dict.fromkeys(self._waiting, self._number))
        self._told(self.holder)
        self._send(changed(self._waiting.values(), self.mark))
        self._waiting.clear()

    def _send(self, data: bytes) -> None:
        for stream in tuple(self.streams):
            stream.send(data)
