"""A mail server that says exactly what a test wants, over a real socket: for faults that no real server makes.

    with Scripted(b"* OK ready", {"NOOP": [b"* 3 EXISTS"]}) as server:

Commands are answered from the table by their name ("UID FETCH", "NOOP"), the tagged OK added; an answer may be
a function of the command for anything else. What is not in the table gets OK. A literal is taken in like any
server does: invited with "+" unless it is non-synchronising.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from webmail.imap.connection import Connection
from webmail.imap.server import Limits, Password, Server, Timeouts

ALICE = Password("alice", "s3cret-pässword")
QUICK = Timeouts(connect=5, tls=5, read=1, total=2)
PATIENT = Timeouts(connect=5, tls=5, read=5, total=10)
GREETING = b"* OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN] ready"
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")


@dataclass
class Asked:
    """One command as it came. `wire` is all of it with its literals and without the last CRLF."""

    tag: bytes
    name: str
    wire: bytes
    conversation: Conversation

    def ok(self, *lines: bytes, code: bytes = b"") -> None:
        self.answer(*lines, self.tag + b" OK " + (b"[" + code + b"] " if code else b"") + b"done")

    def no(self, text: bytes = b"no") -> None:
        self.answer(self.tag + b" NO " + text)

    def bad(self, text: bytes = b"bad") -> None:
        self.answer(self.tag + b" BAD " + text)

    def answer(self, *lines: bytes) -> None:
        self.conversation.send(b"".join(line + b"\r\n" for line in lines))


Answer = Callable[[Asked], None] | Iterable[bytes]


@dataclass
class Conversation:
    """One client's connection, served in a thread of its own."""

    server: Scripted
    sock: socket.socket
    buffer: bytes = b""
    asked: list[Asked] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def hang_up(self) -> None:
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Like a machine that was switched off and on: RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()

    def line(self) -> bytes:
        while b"\n" not in self.buffer:
            self._receive()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._receive()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def _receive(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError
        self.server.reads += 1
        self.buffer += data

    def serve(self) -> None:
        try:
            if callable(self.server.greeting):
                self.server.greeting(self)
            elif self.server.greeting:
                self.send(self.server.greeting + b"\r\n")
            while True:
                self.serve_one()
        except OSError:
            return
        finally:
            self.sock.close()

    def serve_one(self) -> None:
        wire = self.line()
        tag = wire.split(b" ", 1)[0].strip()
        words = wire[len(tag) + 1 :].split()
        name = words[0].upper().decode("latin-1") if words else ""
        if name == "UID" and len(words) > 1:
            name += " " + words[1].upper().decode("latin-1")
        answer = self.server.table.get(name)
        while found := _LITERAL.search(wire):
            if not found[2]:
                if name in self.server.refuse_literals:
                    self.send(tag + b" NO [TOOBIG] not that\r\n")
                    return
                self.send(b"+ go on\r\n")
            wire += self.take(int(found[1])) + self.line()
        asked = Asked(tag, name, wire.removesuffix(b"\r\n"), self)
        self.asked.append(asked)
        self.server.asked.append(asked)
        if callable(answer):
            answer(asked)
        else:
            asked.ok(*(answer or ()))


class Scripted:
    """`asked` holds every command of every connection, `reads` counts how often bytes had to be waited for."""

    host = "127.0.0.1"

    def __init__(
        self,
        greeting: bytes | Callable[[Conversation], None] = GREETING,
        table: Mapping[str, Answer] | None = None,
        *,
        refuse_literals: Iterable[str] = (),
    ) -> None:
        self.greeting = greeting
        self.table: dict[str, Answer] = dict(table or {})
        self.refuse_literals = frozenset(refuse_literals)
        self.asked: list[Asked] = []
        self.reads = 0
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
        return f"imap://{self.host}:{self.port}"

    @property
    def names(self) -> list[str]:
        return [asked.name for asked in self.asked]

    @property
    def conversations(self) -> list[Conversation]:
        return [conversation for conversation, _ in self._conversations]

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


def connect(
    server: Scripted, *, timeouts: Timeouts = PATIENT, limits: Limits | None = None, url: str = ""
) -> Connection:
    return Connection.open(Server.parse(url or server.url), timeouts=timeouts, limits=limits)


def cut(*lines: bytes) -> Callable[[Asked], None]:
    """Say this, then hang up."""

    def answer(asked: Asked) -> None:
        asked.conversation.send(b"".join(lines))
        asked.conversation.hang_up()

    return answer
