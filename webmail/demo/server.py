"""The demo's mail server: IMAP and submission on loopback, in one thread with one event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from .imap import ImapBackend, Mailboxes
from .letter import Letter
from .people import ACCOUNTS, Account
from .post import believable_mail
from .smtp import Submission

START_SECONDS = 60


class MailServer:
    """Both servers while the `with` block runs.

    `mail` maps an address to the letters in its mailboxes; None is the believable mail of the demo, dated
    relative to now, and an empty mapping gives empty inboxes. Ports of 0 are chosen by the system:
    `imap_port` and `smtp_port` say which. Raises OSError where a port is taken.
    """

    def __init__(
        self,
        *,
        accounts: Iterable[Account] = ACCOUNTS,
        mail: Mapping[str, Iterable[Letter]] | None = None,
        imap_port: int = 0,
        smtp_port: int = 0,
    ) -> None:
        self.accounts = tuple(accounts)
        self.imap_port, self.smtp_port = imap_port, smtp_port
        self._mail = mail
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo mail server", daemon=True)

    @property
    def imap_url(self) -> str:
        return f"imap://127.0.0.1:{self.imap_port}"

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise TimeoutError("The demo's mail server did not start")
        if self._failure:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop and self._stop and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(START_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_quiet)
        self._stop = asyncio.Event()
        mail = believable_mail() if self._mail is None else self._mail
        backend = ImapBackend()
        mailboxes: dict[str, Mailboxes] = {}
        for account in self.accounts:
            mailboxes[account.address] = backend.add(account.address, account.password)
            await mailboxes[account.address].fill(mail.get(account.address, ()))
        submission = Submission({account.address: account.password for account in self.accounts}, mailboxes)
        async with AsyncExitStack() as stack:
            imap = await backend.listen(self.imap_port)
            stack.callback(imap.close)
            smtp = await submission.listen(self.smtp_port)
            stack.callback(smtp.close)
            self.imap_port, self.smtp_port = (each.sockets[0].getsockname()[1] for each in (imap, smtp))
            self._ready.set()
            await self._stop.wait()


def _quiet(_loop: asyncio.AbstractEventLoop, _context: dict[str, Any]) -> None:
    """A connection that broke ends there: pymap has told its client, and a traceback would hold mail."""
