"""A small IMAP server over real sockets that breaks where it is told to: for faults no real server produces."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from webmail.imap.holder import Holder
from webmail.imap.server import Password, Server

CAPABILITIES = b"IMAP4rev1 LITERAL+ UIDPLUS ENABLE MOVE SASL-IR AUTH=PLAIN"


@dataclass
class Peer:
    """One connection as the server sees it; `number` counts from 1. `lines` are the commands without their tag."""

    sock: socket.socket
    number: int
    lines: list[str] = field(default_factory=list)
    tag: str = ""

    def send(self, text: str | bytes) -> None:
        self.sock.sendall(text.encode() if isinstance(text, str) else text)

    def ok(self, untagged: str = "", text: str = "done") -> None:
        self.send(f"{untagged}{self.tag} OK {text}\r\n")

    def cut(self) -> None:
        self.sock.shutdown(socket.SHUT_RDWR)


class FaultyServer:
    """`script(peer, command line) -> bool` sees every command first; True means that it has dealt with it."""

    def __init__(self, script: Callable[[Peer, str], bool | None] = lambda peer, line: False) -> None:
        self.script = script
        self.uid_validity = 7
        self.greeting = b"* OK [CAPABILITY " + CAPABILITIES + b"] ready\r\n"
        self.peers: list[Peer] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self.peers:
            peer.sock.close()

    def holder(self, key: str = "1", user: str = "u", password: str = "p") -> Holder:
        host, port = self._listener.getsockname()
        return Holder(key, Server(host, port, "none"), Password(user, password))

    def heard(self, word: str) -> list[int]:
        """The numbers of the connections on which a command with this word was heard, once for each."""
        return [peer.number for peer in self.peers for line in peer.lines if word in line]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            peer = Peer(sock, len(self.peers) + 1)
            self.peers.append(peer)
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: Peer) -> None:
        try:
            peer.send(self.greeting)
            with peer.sock.makefile("rb") as incoming:
                for line in incoming:
                    peer.tag, _, command = line.decode().rstrip("\r\n").partition(" ")
                    peer.lines.append(command)
                    if command.endswith("+}"):
                        incoming.read(int(command[command.rindex("{") + 1 : -2]) + 2)
                    if not self.script(peer, command):
                        self._answer(peer, command)
        except (OSError, ValueError):
            return
        finally:
            peer.sock.close()

    def _answer(self, peer: Peer, command: str) -> None:
        name = command.split()[0].upper()
        match name:
            case "LOGIN" | "AUTHENTICATE":
                peer.ok(text=f"[CAPABILITY {CAPABILITIES.decode()}] in")
            case "SELECT" | "EXAMINE":
                peer.ok(
                    f"* 3 EXISTS\r\n* OK [UIDVALIDITY {self.uid_validity}] x\r\n",
                    f"[{'READ-ONLY' if name == 'EXAMINE' else 'READ-WRITE'}] open",
                )
            case "ENABLE":
                peer.ok("* ENABLED CONDSTORE\r\n")
            case "UID" if "FETCH" in command:
                peer.ok("* 1 FETCH (UID 1 BODY[] {5}\r\nhello)\r\n")
            case "LOGOUT":
                peer.ok("* BYE bye\r\n")
            case _:
                peer.ok()
