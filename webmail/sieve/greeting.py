"""What a ManageSieve server says before anybody signs in (RFC 5804, 1.7 and 2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from webmail.sieve.server import Server, Timeouts
from webmail.wire.errors import ConnectError, LimitError, ProtocolError, TlsError, WireError
from webmail.wire.transport import Transport

MOST_OCTETS: Final = 64 * 1024
MOST_LINES: Final = 200
_STRING: Final = re.compile(rb'"((?>(?:[^"\\]++|\\.)*))"', re.DOTALL)
_LITERAL: Final = re.compile(rb"\{(\d{1,6})\+?\}\Z")
_FAREWELL_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Greeting:
    """`capabilities` by name in upper case, "" for those without a value. `tls` is (protocol, cipher), None in clear;
    `certificate` the server's, as DER; `secure`: nobody listens in."""

    capabilities: Mapping[str, str] = field(default_factory=dict)
    tls: tuple[str, str] | None = None
    certificate: bytes | None = None
    secure: bool = False

    @property
    def mechanisms(self) -> tuple[str, ...]:
        return tuple(self.capabilities.get("SASL", "").upper().split())

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(self.capabilities.get("SIEVE", "").lower().split())


def probe(server: Server, timeouts: Timeouts | None = None) -> Greeting:
    """Connects, over TLS where the server's URL says so, and leaves. Raises WireError."""
    transport = Transport.connect(server, timeouts or Timeouts())
    try:
        lines = _Lines(transport.receive)
        if server.tls == "implicit":
            transport.start_tls(server)
        told = _told(server, lines)
        if server.tls == "starttls":
            _start_tls(transport, server, lines, told)
            told = _told(server, lines)
        secure = transport.tls or transport.loopback
        greeting = Greeting(told, transport.describe_tls(), transport.certificate(), secure)
        with suppress(WireError):
            transport.begin(_FAREWELL_SECONDS)
            transport.send(b"LOGOUT\r\n", lambda _: None)
        return greeting
    finally:
        transport.close()


def _start_tls(transport: Transport, server: Server, lines: _Lines, told: Mapping[str, str]) -> None:
    if "STARTTLS" not in told:
        raise TlsError(f"{server} does not offer STARTTLS.")
    transport.send(b"STARTTLS\r\n", lambda _: None)
    if not lines.next().upper().startswith(b"OK"):
        raise TlsError(f"{server} refused STARTTLS.")
    if lines.waiting:
        raise TlsError(f"{server} said more in clear after STARTTLS: the connection is tampered with.")
    transport.start_tls(server)


def _told(server: Server, lines: _Lines) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(MOST_LINES):
        line = lines.next()
        status = line.split(b" ", 1)[0].upper()
        if status == b"OK":
            return found
        if status in (b"NO", b"BYE"):
            raise ConnectError(f"{server} refused the connection: {_shown(line)}")
        strings = [_unquoted(string) for string in _STRING.findall(line)]
        if not strings:
            raise ConnectError(f"{server} does not speak ManageSieve.")
        found[strings[0].upper()] = strings[1] if strings[1:] else ""
    raise LimitError(f"{server} says more than it was asked for.")


class _Lines:
    """Lines without their ends; a literal in one stands as a quoted string."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive, self._buffer, self._heard = receive, bytearray(), 0

    @property
    def waiting(self) -> bool:
        return bool(self._buffer)

    def next(self) -> bytes:
        line = self._until_end()
        while literal := _LITERAL.search(line):
            data = self._octets(int(literal[1]))
            quoted = data.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            line = line[: literal.start()] + b'"' + quoted + b'"' + self._until_end()
        return line

    def _until_end(self) -> bytes:
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            self._hear()
        return self._take(end + 1).rstrip(b"\r\n")

    def _octets(self, count: int) -> bytes:
        if count > MOST_OCTETS:
            raise LimitError("The server says more than it was asked for.")
        while len(self._buffer) < count:
            self._hear()
        return self._take(count)

    def _hear(self) -> None:
        data = self._receive()
        self._heard += len(data)
        if self._heard > MOST_OCTETS:
            raise LimitError("The server says more than it was asked for.")
        self._buffer += data

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


def told_by(data: bytes) -> dict[str, str]:
    """The capabilities in a whole greeting. Raises WireError."""
    pieces = iter([data])

    def receive() -> bytes:
        piece = next(pieces, b"")
        if not piece:
            raise ProtocolError("The greeting has no end.")
        return piece

    return _told(Server("localhost", 4190, "none"), _Lines(receive))


def _unquoted(string: bytes) -> str:
    return re.sub(rb"\\(.)", rb"\1", string, flags=re.DOTALL).decode("utf-8", "replace")


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace")[:200]
