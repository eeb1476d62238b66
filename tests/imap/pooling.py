"""What the pool's tests share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.servers.dovecot import MailUser
from webmail.imap.holder import Holder
from webmail.imap.pool import Pool
from webmail.imap.server import Limits, Password, Server, Timeouts

PATIENT = Timeouts(connect=20, tls=20, read=20, total=60)


def holder_of(user: MailUser, *, key: str = "", password: str = "") -> Holder:
    return Holder(
        key or user.name, Server.parse(user.server.url), Password(user.name, password or user.password)
    )


@contextmanager
def pool_of(**options: object) -> Iterator[Pool]:
    options.setdefault("timeouts", PATIENT)
    options.setdefault("limits", Limits())
    pool = Pool(**options)  # type: ignore[arg-type]  # each test names what it wants
    try:
        yield pool
    finally:
        pool.close()


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Task:
    """A function in a thread; `result()` waits for it and raises what it raised."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._result: object = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 - told to whoever asks for the result
            self._error = error

    def result(self, seconds: float = 30) -> object:
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the task did not end"
        if self._error is not None:
            raise self._error
        return self._result

    @property
    def running(self) -> bool:
        return self._thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what another thread or the server brings about."""
    event, tries = threading.Event(), int(seconds / 0.01)
    for _ in range(tries):
        if condition():
            return
        event.wait(0.01)
    raise AssertionError("it did not happen")
