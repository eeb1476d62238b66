"""One conversation with a server: greeting, EHLO, STARTTLS (RFC 3207), and commands with their replies."""

from __future__ import annotations

import contextlib
import ipaddress
from typing import Final, Self

from webmail.smtp.errors import (
    ClosingError,
    ConnectionLostError,
    LimitError,
    ProtocolError,
    ReplyError,
    SmtpError,
    TlsError,
)
from webmail.smtp.offer import Offer
from webmail.smtp.reply import Reply, reply_line, reply_of
from webmail.smtp.server import Limits, Server, Timeouts
from webmail.wire.transport import Transport

FAREWELL_SECONDS: Final = 2.0


class Connection:
    """`offer` is what the server said last, `secure` whether nobody listens in."""

    def __init__(self, transport: Transport, server: Server, timeouts: Timeouts, limits: Limits) -> None:
        self.server = server
        self.timeouts = timeouts
        self.offer = Offer()
        self._transport = transport
        self._limits = limits
        self._buffer = bytearray()
        self._scanned = 0
        self._lines: list[str] = []
        self._told: list[str] = []
        self._code = 0

    @classmethod
    def open(cls, server: Server, *, timeouts: Timeouts | None = None, limits: Limits | None = None) -> Self:
        """Connected, greeted, over TLS where the server's URL says so. Raises SmtpError, ReplyError for a no."""
        timeouts = timeouts or Timeouts()
        connection = cls(Transport.connect(server, timeouts), server, timeouts, limits or Limits())
        try:
            if server.tls == "implicit":
                connection._transport.start_tls(server)
            _welcome("greeting", connection.reply())
            connection._hello()
            if server.tls == "starttls":
                connection._start_tls()
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def secure(self) -> bool:
        """Over TLS, or within this machine."""
        return self._transport.tls or self._transport.loopback

    def certificate(self) -> bytes | None:
        """The server's, as DER; None without TLS."""
        return self._transport.certificate()

    def ask(self, command: bytes, *, name: str = "") -> Reply:
        """One command without its CRLF, and its reply, whatever that is; 421 raises ClosingError."""
        self.send(command + b"\r\n")
        return self.reply(name or command[:4].decode("ascii", "replace"))

    def send(self, data: bytes) -> None:
        self._transport.send(data, self._hear)

    def reply(self, command: str = "greeting") -> Reply:
        """The next reply, waited for."""
        while (reply := self._take(command)) is None:
            self._hear(self._transport.receive())
        return reply

    def heard(self, command: str) -> Reply | None:
        """A reply that is here already; never waits, and an end of the connection hides none that came before."""
        lost: ConnectionLostError | None = None
        try:
            self._hear(self._transport.receive_now())
        except LimitError:
            raise
        except ConnectionLostError as error:
            lost = error
        reply = self._take(command)
        if reply is None and lost is not None:
            raise lost
        return reply

    def begin(self, seconds: float, *, patience: float | None = None) -> None:
        self._transport.begin(seconds, patience=patience)

    def quit(self) -> None:
        """A farewell, if the server has time for one; then closed."""
        with contextlib.suppress(SmtpError):
            self.begin(FAREWELL_SECONDS)
            self.ask(b"QUIT")
        self.close()

    def close(self) -> None:
        self._transport.close()

    def _hello(self) -> None:
        address = ipaddress.ip_address(self._transport.own_address)
        name = f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
        answer = self.ask(f"EHLO {name}".encode(), name="EHLO")
        offer = Offer.read(self._told[1:])
        if answer.permanent:
            answer, offer = self.ask(f"HELO {name}".encode(), name="HELO"), Offer()
        _welcome("EHLO", answer)
        self.offer = offer.over(self._transport.describe_tls())

    def _start_tls(self) -> None:
        if not self.offer.has("STARTTLS"):
            raise TlsError(f"{self.server} does not offer STARTTLS.")
        try:
            answer = self.ask(b"STARTTLS", name="STARTTLS")
        except ConnectionLostError as error:
            raise TlsError(f"{self.server} broke off at STARTTLS.") from error
        if answer.code != 220:
            raise TlsError(f"{self.server} refused STARTTLS: {answer}")
        # What came with the answer came in clear: somebody may have put it there (CVE-2011-0411).
        if self._buffer or self._lines:
            raise TlsError(
                f"{self.server} said more in clear after STARTTLS: the connection is tampered with."
            )
        self._transport.start_tls(self.server)
        self.offer = Offer()
        self._hello()

    def _hear(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > self._limits.unread:
            raise LimitError("The mail server says more than it was asked for.")

    def _take(self, command: str) -> Reply | None:
        """A whole reply out of the buffer; None where its end is not here yet."""
        while (end := self._buffer.find(b"\n", self._scanned)) >= 0:
            if end > self._limits.line:
                break
            line = bytes(self._buffer[:end]).removesuffix(b"\r")
            del self._buffer[: end + 1]
            self._scanned = 0
            read = reply_line(line)
            if read is None or (self._lines and read[0] != self._code):
                raise ProtocolError("The mail server's answer can't be understood.")
            self._code, last, text = read
            self._lines.append(text)
            if len(self._lines) > self._limits.lines:
                raise LimitError("The mail server's answer has too many lines.")
            if last:
                return self._whole(command)
        self._scanned = len(self._buffer)
        if max(end, self._scanned) > self._limits.line:
            raise LimitError("A line of the mail server's answer is too long.")
        return None

    def _whole(self, command: str) -> Reply:
        self._told, self._lines = self._lines, []
        reply = reply_of(self._code, self._told)
        if reply.code == 421:
            raise ClosingError(command, reply)
        return reply


def _welcome(command: str, reply: Reply) -> None:
    if reply.temporary or reply.permanent:
        raise ReplyError(command, reply)
    if not reply.positive:
        raise ProtocolError(f"The mail server's answer {reply.code} to {command} makes no sense.")
