"""A submission server that says exactly what a test wants, over a real socket: for faults that no real server makes.

    with Scripted({"RCPT": b"450 4.7.1 Come back later"}) as server:

Commands are answered from the table by their name ("EHLO", "MAIL", …; "greeting" before all, "." after the content);
an answer is the reply's octets, a list of them one for each time, or a function of the command for anything else.
What is not in the table goes well. Content is taken in as a strict server does: until CRLF, dot, CRLF alone.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from webmail.smtp.server import Password, Server, Timeouts

ALICE = Password("alice", "s3cret-pässword")
QUICK = Timeouts(connect=5, tls=5, read=0.8, total=1.6, answer=0.8)
PATIENT = Timeouts(connect=5, tls=5, read=5, total=10, answer=5)
EXTENSIONS = (
    "PIPELINING",
    "SIZE 1000000",
    "8BITMIME",
    "SMTPUTF8",
    "DSN",
    "AUTH PLAIN LOGIN",
    "ENHANCEDSTATUSCODES",
)
USUAL = {
    "greeting": b"220 mail.example ESMTP ready",
    "MAIL": b"250 2.1.0 OK",
    "RCPT": b"250 2.1.5 OK",
    "DATA": b"354 Go on",
    ".": b"250 2.0.0 Taken as 1",
    "AUTH": b"235 2.7.0 In",
    "QUIT": b"221 2.0.0 Bye",
}


@dataclass
class Asked:
    """One command as it came, without its CRLF; for "." the content, still dot-stuffed."""

    name: str
    wire: bytes
    conversation: Conversation

    def answer(self, reply: bytes) -> None:
        self.conversation.sock.sendall(reply + b"\r\n")
        if self.name == "DATA" and reply.startswith(b"354"):
            self.conversation.take_content()


Answer = bytes | Sequence[bytes] | Callable[[Asked], None]


@dataclass
class Conversation:
    """One client's connection, served in a thread of its own."""

    server: Scripted
    sock: socket.socket
    buffer: bytes = b""
    times: dict[str, int] = field(default_factory=dict)

    def hang_up(self) -> None:
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Like a machine that was switched off and on: RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()

    def until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            self.receive()
        data, _, self.buffer = self.buffer.partition(end)
        return data

    def receive(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError
        self.server.received += data
        self.buffer += data

    def take_content(self) -> None:
        self.buffer = b"\r\n" + self.buffer
        content = (self.until(b"\r\n.\r\n") + b"\r\n").removeprefix(b"\r\n")
        self.server.contents.append(content)
        self.meet(".", content)

    def meet(self, name: str, wire: bytes) -> None:
        asked = Asked(name, wire, self)
        self.server.asked.append(asked)
        count = self.times[name] = self.times.get(name, 0) + 1
        answer = self.server.table.get(name, b"502 5.5.2 What?")
        if callable(answer):
            answer(asked)
        else:
            asked.answer(answer if isinstance(answer, bytes) else answer[min(count, len(answer)) - 1])

    def serve(self) -> None:
        try:
            self.meet("greeting", b"")
            while True:
                wire = self.until(b"\r\n")
                self.meet(wire[:4].upper().decode("latin-1").strip() or "empty", wire)
        except (OSError, ValueError):
            return
        finally:
            self.sock.close()


class Scripted:
    """`asked` holds every command, `contents` each content, `received` all octets of all connections, in clear."""

    host = "127.0.0.1"

    def __init__(
        self, table: Mapping[str, Answer] | None = None, *, extensions: Sequence[str] = EXTENSIONS
    ) -> None:
        lines = ["mail.example greets", *extensions]
        ehlo = [f"250{' ' if line == lines[-1] else '-'}{line}" for line in lines]
        self.table: dict[str, Answer] = {**USUAL, "EHLO": "\r\n".join(ehlo).encode(), **(table or {})}
        self.asked: list[Asked] = []
        self.contents: list[bytes] = []
        self.received = b""
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._conversations: list[tuple[Conversation, threading.Thread]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for conversation, thread in self._conversations:
            with contextlib.suppress(OSError):
                conversation.hang_up()
            thread.join(5)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def address(self) -> Server:
        return Server.parse(self.url)

    @property
    def names(self) -> list[str]:
        return [asked.name for asked in self.asked if asked.name != "greeting"]

    def wires(self, name: str) -> list[bytes]:
        return [asked.wire for asked in self.asked if asked.name == name]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conversation = Conversation(self, sock)
            thread = threading.Thread(target=conversation.serve, daemon=True)
            self._conversations.append((conversation, thread))
            thread.start()


def cut(said: bytes = b"") -> Callable[[Asked], None]:
    """Say this, then hang up."""

    def answer(asked: Asked) -> None:
        asked.conversation.sock.sendall(said)
        asked.conversation.hang_up()

    return answer


def silence(asked: Asked) -> None:
    """Take whatever comes and answer nothing."""
    while True:
        asked.conversation.receive()
