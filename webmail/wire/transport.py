"""A socket with deadlines: TCP, TLS, and writing that never stops reading."""

from __future__ import annotations

import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from webmail.wire import errors
from webmail.wire.errors import ConnectError, ConnectionLostError, TlsError
from webmail.wire.server import Server, Timeouts

CHUNK: Final = 1 << 16
_LOST: Final = "The connection to the mail server was lost."


class Transport:
    """One connected socket, non-blocking inside. `deadline` (monotonic seconds) bounds all, `patience` each wait."""

    def __init__(self, sock: socket.socket, timeouts: Timeouts) -> None:
        sock.setblocking(False)
        self.tls = False
        self.deadline = time.monotonic() + timeouts.total
        self.patience = timeouts.read
        self._sock = sock
        self._timeouts = timeouts
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    @classmethod
    def connect(cls, server: Server, timeouts: Timeouts) -> Transport:
        try:
            sock = socket.create_connection((server.host, server.port), timeout=timeouts.connect)
        except TimeoutError as error:
            raise ConnectError(f"{server} did not answer in {timeouts.connect:g} seconds.") from error
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "the name can't be resolved"
            raise ConnectError(f"No connection to {server}: {reason}.") from error
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # An answer may take minutes; routers forget a silent connection sooner.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, seconds in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
            if hasattr(socket, option):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), seconds)
        return cls(sock, timeouts)

    def begin(self, seconds: float, *, patience: float | None = None) -> None:
        """Whatever comes now has to be over in so many seconds."""
        self.deadline = time.monotonic() + seconds
        self.patience = self._timeouts.read if patience is None else patience

    @property
    def loopback(self) -> bool:
        """Whether the peer is this very machine."""
        try:
            peer = ipaddress.ip_address(self._sock.getpeername()[0].partition("%")[0])
        except (OSError, ValueError):
            return False
        mapped = peer.ipv4_mapped if isinstance(peer, ipaddress.IPv6Address) else None
        return (mapped or peer).is_loopback

    @property
    def own_address(self) -> str:
        """This end's IP address; ConnectionLostError where the connection is gone."""
        try:
            return str(self._sock.getsockname()[0]).partition("%")[0]
        except OSError as error:
            raise ConnectionLostError(_LOST) from error

    def start_tls(self, server: Server) -> None:
        """The handshake, in its own time within the deadline; TlsError closes."""
        deadline = self.deadline
        self.deadline = min(deadline, time.monotonic() + self._timeouts.tls)
        try:
            context = tls_context(server.ca_file, verify=server.verify, ca_pem=server.ca_pem)
            self._poll.unregister(self._sock)
            self._sock = context.wrap_socket(
                self._sock, server_hostname=server.host, do_handshake_on_connect=False
            )
            self._poll.register(self._sock, select.POLLIN)
            self._handshake()
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise TlsError(f"The certificate of {server} is not trusted: {error.verify_message}") from error
        except errors.TimeoutError as error:
            self.close()
            raise TlsError(f"{server} did not finish the TLS handshake in time.") from error
        except (OSError, ValueError, ConnectionLostError) as error:
            self.close()
            reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "connection closed"
            raise TlsError(f"TLS with {server} failed: {reason}") from error
        self.tls = True
        self.deadline = deadline

    def _handshake(self) -> None:
        sock = self._sock
        assert isinstance(sock, ssl.SSLSocket)
        while True:
            try:
                sock.do_handshake()
            except ssl.SSLWantReadError:
                self._wait(select.POLLIN)
            except ssl.SSLWantWriteError:
                self._wait(select.POLLOUT)
            else:
                return

    def receive(self) -> bytes:
        """Some bytes, waited for. EOF is ConnectionLostError, silence TimeoutError."""
        while True:
            data = self.receive_now()
            if data:
                return data
            self._wait(select.POLLIN)

    def receive_now(self) -> bytes:
        """What is there, b"" where nothing is; never waits."""
        try:
            data = self._sock.recv(CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return b""
        except ssl.SSLWantWriteError:
            self._wait(select.POLLOUT)
            return b""
        except (OSError, ValueError) as error:
            raise ConnectionLostError(_LOST) from error
        if not data:
            raise ConnectionLostError("The mail server closed the connection.")
        return data

    def readable(self, seconds: float, *others: int) -> bool:
        """Wait so long, past any deadline, for bytes here or on another file descriptor; False if only those."""
        if self._pending():
            return True
        poll = select.poll()
        for descriptor in (self._sock.fileno(), *others):
            poll.register(descriptor, select.POLLIN)
        ready = poll.poll(max(0.0, seconds) * 1000)
        return any(descriptor == self._sock.fileno() for descriptor, _ in ready)

    def send(self, data: bytes, heard: Callable[[bytes], None]) -> None:
        """All of it. What the server says meanwhile goes to `heard`, lest both sides wait for each other."""
        view = memoryview(data)
        while view:
            try:
                sent = self._sock.send(view[:CHUNK] if self.tls else view)
            except (BlockingIOError, ssl.SSLWantWriteError):
                events = self._wait(select.POLLIN | select.POLLOUT)
                if events & select.POLLIN and (answer := self.receive_now()):
                    heard(answer)
            except ssl.SSLWantReadError:
                self._wait(select.POLLIN)
            except (OSError, ValueError) as error:
                raise ConnectionLostError(_LOST) from error
            else:
                view = view[sent:]

    def _pending(self) -> bool:
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    def _wait(self, events: int) -> int:
        patience = min(self.patience, self.deadline - time.monotonic())
        if patience > 0:
            try:
                self._poll.modify(self._sock, events)
                ready = self._poll.poll(patience * 1000)
            except (OSError, ValueError) as error:
                raise ConnectionLostError(_LOST) from error
            if ready:
                return ready[0][1]
        raise errors.TimeoutError("The mail server did not answer in time.")

    def fileno(self) -> int:
        return self._sock.fileno()

    def shut(self) -> None:
        """End the conversation from any thread: whoever waits on this socket wakes up to an EOF."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        self._sock.close()

    def certificate(self) -> bytes | None:
        """The server's, as DER; None without TLS."""
        return self._sock.getpeercert(binary_form=True) if isinstance(self._sock, ssl.SSLSocket) else None

    def describe_tls(self) -> tuple[str, str] | None:
        """(protocol, cipher), such as ("TLSv1.3", "TLS_AES_256_GCM_SHA384"); None without TLS."""
        if not isinstance(self._sock, ssl.SSLSocket):
            return None
        cipher = self._sock.cipher()
        return self._sock.version() or "", cipher[0] if cipher else ""


@lru_cache(maxsize=64)
def tls_context(ca_file: str | None, *, verify: bool, ca_pem: str | None = None) -> ssl.SSLContext:
    """Kept, since reading the system's authorities takes longer than a handshake. OSError: no such bundle, or one
    that can't be read."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    if ca_pem:
        context.load_verify_locations(cadata=ca_pem)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
