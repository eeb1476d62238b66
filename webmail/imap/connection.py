"""One IMAP connection: opened, signed in, asked, closed. For one thread at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, overload

from webmail.imap.commands.command import Command
from webmail.imap.commands.session import Capability, Logout
from webmail.imap.errors import CommandError, ConnectionLostError, MissingError, TlsError
from webmail.imap.exchange import Entry, Exchange
from webmail.imap.greeting import greet, start_tls
from webmail.imap.idle import idle
from webmail.imap.reader import Reader
from webmail.imap.selected import Changes, SelectedState
from webmail.imap.server import SLOWEST, Credentials, Limits, Server, Timeouts
from webmail.imap.sign_in import sign_in
from webmail.imap.state import State
from webmail.imap.stream import Stream
from webmail.imap.types import Namespace
from webmail.metrics.registry import IMAP_CONNECTS
from webmail.wire.transport import Transport

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")

_PEEK = 2.0  # Seconds for the rest of a response that has begun to arrive.


class Connection:
    """`selected` is live; `last_used` is time.monotonic() of the last traffic. Any failure but a CommandError
    or an EncodeError closes the connection, since nobody knows where in the conversation it stands."""

    def __init__(self, transport: Transport, server: Server, timeouts: Timeouts, limits: Limits) -> None:
        self.server = server
        self.timeouts = timeouts
        self.limits = limits
        self.authenticated = False
        self.preauthenticated = False
        self.closed = False
        self.last_used = time.monotonic()
        self.transport = transport
        self.reader = Reader(transport, limits)
        self._state = State()
        self._lock = threading.Lock()
        self._tags = 0
        self._riders: tuple[Command[Any], ...] = ()

    @classmethod
    def open(
        cls, server: Server, *, timeouts: Timeouts | None = None, limits: Limits | None = None
    ) -> Connection:
        """TCP, TLS, greeting, STARTTLS, capabilities.

        Raises ConnectError, TlsError, UnavailableError (the server has no room for us now), ConnectionLostError.
        """
        timeouts = timeouts or Timeouts()
        try:
            connection = cls._opened(server, timeouts, limits or Limits())
        except BaseException:
            IMAP_CONNECTS.labels("failed").inc()
            raise
        IMAP_CONNECTS.labels("opened").inc()
        return connection

    @classmethod
    def _opened(cls, server: Server, timeouts: Timeouts, limits: Limits) -> Connection:
        connection = cls(Transport.connect(server, timeouts), server, timeouts, limits)
        transport = connection.transport
        try:
            if server.tls == "implicit":
                transport.start_tls(server)
            greet(connection)
            if server.tls == "starttls":
                start_tls(connection)
            if not connection.capabilities:
                connection.run(Capability())
        except BaseException:
            connection.close()
            raise
        return connection

    def login(self, credentials: Credentials) -> None:
        """Raises AuthenticationError (wrong credentials), UnavailableError (not now), TlsError (not without TLS),
        ConnectionLostError."""
        sign_in(self, credentials)

    @property
    def selected(self) -> SelectedState | None:
        return self._state.selected

    @property
    def capabilities(self) -> frozenset[str]:
        """In upper case."""
        return self._state.capabilities

    @property
    def enabled(self) -> frozenset[str]:
        """What ENABLE has switched on, in upper case."""
        return self._state.enabled

    @property
    def namespace(self) -> Namespace | None:
        """What NAMESPACE has told, if it was asked."""
        return self._state.namespace

    @property
    def alerts(self) -> list[str]:
        return self._state.alerts

    @property
    def bye(self) -> str | None:
        """The text of the BYE that was heard."""
        return self._state.bye

    def has(self, name: str) -> bool:
        """Does the server offer this capability?"""
        return self._state.has(name)

    def distrust(self, name: str) -> None:
        """The server offers it and refuses it: on this connection it is as if it were not offered."""
        self._state.distrusted.add(name.upper())

    @property
    def secure(self) -> bool:
        return self.transport.tls

    def describe_tls(self) -> tuple[str, str] | None:
        """(protocol, cipher); None without TLS."""
        return self.transport.describe_tls()

    def forget_capabilities(self) -> None:
        """They change with TLS and with sign-in; until they are told again the old ones stand."""
        self._state.told = False

    @property
    def told_capabilities(self) -> bool:
        return self._state.told

    def upgrade(self) -> None:
        """TLS on this connection, once STARTTLS was agreed on; all that was heard in clear is forgotten."""
        with self.exclusively():
            if self.reader.buffered:
                raise TlsError(
                    f"{self.server} sent more than its answer to STARTTLS: somebody may be listening in."
                )
            self.transport.start_tls(self.server)
            self._state = State()

    @overload
    def run(self, a: Command[A], /) -> tuple[A]: ...
    @overload
    def run(self, a: Command[A], b: Command[B], /) -> tuple[A, B]: ...
    @overload
    def run(self, a: Command[A], b: Command[B], c: Command[C], /) -> tuple[A, B, C]: ...
    @overload
    def run(self, a: Command[A], b: Command[B], c: Command[C], d: Command[D], /) -> tuple[A, B, C, D]: ...
    @overload
    def run(
        self, a: Command[A], b: Command[B], c: Command[C], d: Command[D], e: Command[E], /
    ) -> tuple[A, B, C, D, E]: ...
    @overload
    def run(self, *commands: Command[A]) -> tuple[A, ...]: ...
    def run(self, *commands: Command[Any]) -> tuple[Any, ...]:
        """All of them in one write; their results. The first CommandError is raised once all have answered."""
        outcomes = self.gather(*commands)
        for outcome in outcomes:
            if isinstance(outcome, CommandError):
                raise outcome
        return tuple(outcomes)

    def gather(self, *commands: Command[A]) -> list[A | CommandError]:
        """As `run`, with each CommandError in its command's place."""
        with self.exclusively():
            riders = [self.entry(command) for command in self._riders]
            entries = [self.entry(command) for command in commands]
            self._riders = ()
            octets = sum(entry.size for entry in entries)
            with self.conversation(seconds=self.timeouts.total + octets / SLOWEST):
                self.exchange().run([*riders, *entries])
            return [entry.outcome for entry in entries]

    def ride_along(self, command: Command[Any]) -> None:
        """Send this with the next pipeline, whatever comes of it: it costs no round trip."""
        self._riders = (*self._riders, command)

    def stream(self, *, uid: int, section: str, chunk: int = 1 << 16) -> Stream:
        """One section of a message of the selected mailbox, in pieces of at most `chunk` octets.

        Its `size` is known at once. It holds the connection until it is exhausted or closed; closed early, it
        reads past a short rest and closes the connection where the rest is long. Raises MissingError.
        """
        return Stream.open(self, uid=uid, section=section, chunk=chunk)

    def idle(self, *, seconds: float, wake: int | None = None) -> bool:
        """IDLE (RFC 2177) until the server tells something, the time is over, or the descriptor `wake` is
        readable. True if something was told: `take_changes()` has it. CommandError where IDLE is refused."""
        return idle(self, seconds=seconds, wake=wake)

    def check_alive(self) -> bool:
        """Without asking: False if the server has hung up or said BYE. Takes in what it said meanwhile."""
        if self.closed:
            return False
        with self.exclusively():
            try:
                with self.conversation(seconds=_PEEK, used=False):
                    while data := self.transport.receive_now():
                        self.reader.feed(data)
                    exchange = self.exchange()
                    while self.reader.whole_line_ready():
                        exchange.listen()
            except ConnectionLostError:
                return False
        return not self.closed

    def take_changes(self) -> Changes:
        """What changed in the selected mailbox since this was last asked."""
        return self.selected.take_changes() if self.selected else Changes()

    def take_alerts(self) -> list[str]:
        """What the server wants shown to the person (RFC 9051, 7.1: ALERT); untrusted text."""
        alerts, self._state.alerts = self._state.alerts, []
        return alerts

    def logout(self) -> None:
        """Say goodbye and close; never raises for a server that is gone."""
        if self.closed:
            return
        try:
            with self.exclusively():
                self.transport.begin(min(5.0, self.timeouts.read))
                self.exchange().run([self.entry(Logout())])
        except ConnectionLostError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """From any thread. One that is in the middle of something gets ConnectionLostError."""
        self.closed = True
        if self._lock.acquire(blocking=False):
            self.transport.close()
            self._lock.release()
        else:
            self.transport.shut()

    def entry(self, command: Command[Any]) -> Entry:
        self._tags += 1
        return Entry.of(command, f"A{self._tags}", self._state.dialect)

    def exchange(self) -> Exchange:
        state = self._state
        return Exchange(
            self.transport,
            self.reader,
            self.limits,
            utf8=state.dialect.utf8,
            hear=state.hear,
            done=state.done,
        )

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """RuntimeError where another thread, or a stream that was not closed, is using this connection."""
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("This connection is in use.")
        try:
            yield
        finally:
            self.release()

    def release(self) -> None:
        if self.closed:
            self.transport.close()
        self._lock.release()

    def allow(self, seconds: float) -> None:
        """From now on the conversation may take so long."""
        self.transport.begin(seconds)

    @contextmanager
    def conversation(self, *, seconds: float | None = None, used: bool = True) -> Iterator[None]:
        """Traffic that has to be over in time and complete, or the connection is closed."""
        if self.closed:
            raise ConnectionLostError("The connection is closed.")
        self.transport.begin(seconds or self.timeouts.total)
        self.reader.taken = 0
        try:
            yield
        except (CommandError, MissingError):
            raise
        except BaseException as error:
            self.closed = True
            if type(error) is ConnectionLostError and self.bye is not None:
                raise ConnectionLostError(f"The mail server said goodbye: {self.bye[:200]}") from error
            raise
        if self.bye is not None:
            self.closed = True
        if used:
            self.last_used = time.monotonic()
