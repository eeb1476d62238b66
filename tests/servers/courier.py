"""A private Courier-IMAP, unpacked from Debian's packages by `make test`: `with Courier() as server: ...`.

What a client meets after signing in is Courier's own `imapd`. Its sign-in goes through a daemon whose socket is
compiled in and needs root, so the greeting and LOGIN are answered here as Courier's `imaplogin` does, and `imapd`
is then started on the socket in the environment it expects.
"""

from __future__ import annotations

import atexit
import contextlib
import imaplib
import itertools
import os
import re
import secrets
import shutil
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from tests.servers.maildir import Maildir
from tests.servers.ports import LOOPBACK
from tests.servers.process import leashed

ROOT = Path(os.environ.get("EKORN_CACHE") or Path(__file__).resolve().parents[2] / ".cache") / "courier"
CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
ENVIRONMENT = {
    "IMAP_CAPABILITY": CAPABILITY,
    "IMAP_KEYWORDS": "1",
    "IMAP_ACL": "1",
    "IMAP_IDLE_TIMEOUT": "1",
    "PROTOCOL": "IMAP",
    "TCPREMOTEIP": LOOPBACK,
    "TCPREMOTEPORT": "1",
}
LOGIN_SECONDS = 60


class CourierMissingError(Exception):
    """Courier is not unpacked; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class CourierUser:
    """One person; as Dovecot's `MailUser`. Mailbox names start with `INBOX.`."""

    name: str
    password: str
    server: Courier
    maildir: Maildir

    def deliver(
        self, mailbox: str, raw: bytes, *, flags: Iterable[str] = (), date: datetime | None = None
    ) -> None:
        """Put one message in. In a mailbox that only this fills, the n-th call's message has UID n."""
        self.maildir.deliver(mailbox, raw, flags=flags, date=date)

    def bulk(self, mailbox: str, messages: Iterable[bytes]) -> int:
        return sum(1 for raw in messages if self.maildir.deliver(mailbox, raw))

    @contextlib.contextmanager
    def imap(self) -> Iterator[imaplib.IMAP4]:
        """Another client of the same person, signed in."""
        client = imaplib.IMAP4(self.server.host, self.server.port, timeout=LOGIN_SECONDS)
        try:
            client.login(self.name, self.password)
            yield client
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                client.logout()


class Courier:
    """One Courier with its own directory and port, ended with this process. It has no TLS."""

    host = LOOPBACK

    def __init__(self) -> None:
        if not (ROOT / "complete").exists():
            raise CourierMissingError("Courier is not unpacked: `make packages` does it")
        libraries = sorted({str(path.parent) for path in ROOT.rglob("*.so*") if "usr/share" not in str(path)})
        self.directory = Path(tempfile.mkdtemp(prefix="ekorn-courier-"))
        self.environment = ENVIRONMENT | {
            "LD_LIBRARY_PATH": ":".join(libraries),
            "GAM_CLIENT_ID": self.directory.name,
        }
        self.users: dict[str, CourierUser] = {}
        self.sessions: dict[subprocess.Popen[bytes], CourierUser] = {}
        self._names = itertools.count(1)
        self._monitor: subprocess.Popen[bytes] | None = None
        self._listener = _Listener((LOOPBACK, 0), _Connection)
        self._listener.courier = self
        self.port = self._listener.server_address[1]
        atexit.register(self.close)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        return f"imap://{self.host}:{self.port}"

    def start(self) -> None:
        # imapd looks for a file monitor, and waits a second where there is none.
        monitor = next(ROOT.glob("usr/lib*/gam_server"), None)
        if monitor:
            self._monitor = subprocess.Popen(
                leashed([str(monitor), "--notimeout", self.environment["GAM_CLIENT_ID"]]),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        atexit.unregister(self.close)
        self._listener.shutdown()
        self._listener.server_close()
        self.kill_connections()
        if self._monitor:
            self._monitor.terminate()
            self._monitor.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def user(self, name: str | None = None, *, password: str | None = None) -> CourierUser:
        """A new person with an empty mailbox."""
        name = name or f"user{next(self._names)}-{secrets.token_hex(3)}"
        home = self.directory / name
        home.mkdir(mode=0o700)
        user = CourierUser(
            name, password or secrets.token_hex(8), self, Maildir(home / "Maildir", ".", "INBOX.", utf8=True)
        )
        user.maildir.directory("INBOX")
        self.users[name] = user
        return user

    def kill_connections(self, user: CourierUser | None = None) -> int:
        """Cut sessions off and say how many."""
        found = [process for process, owner in list(self.sessions.items()) if user in (None, owner)]
        for process in found:
            process.send_signal(signal.SIGKILL)
        return len(found)

    def session(self, user: CourierUser, tag: str, connection: socket.socket) -> subprocess.Popen[bytes]:
        """Courier's own imapd on a signed-in connection; it answers `tag` itself."""
        with (self.directory / "log").open("ab") as log:
            process = subprocess.Popen(
                [ROOT / "usr/bin/imapd", "Maildir"],
                cwd=user.maildir.path.parent,
                env=self.environment
                | {"AUTHENTICATED": user.name, "AUTHADDR": user.name, "IMAPLOGINTAG": tag},
                stdin=connection,
                stdout=connection,
                stderr=log,
            )
        self.sessions[process] = user
        return process


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    courier: Courier


class _Connection(socketserver.BaseRequestHandler):
    """The part of a connection before sign-in. Reads no octet too much: the rest is imapd's."""

    server: _Listener

    def handle(self) -> None:
        self.request.settimeout(LOGIN_SECONDS)
        with contextlib.suppress(OSError):
            self._say(f"* OK [CAPABILITY {CAPABILITY}] Courier-IMAP ready.")
            while (words := self._command()) and self._answer(words):
                pass

    def _answer(self, words: list[str]) -> bool:
        tag, command, *arguments = words if len(words) > 1 else (*words, "")
        match command.upper(), arguments:
            case "CAPABILITY", []:
                self._say(f"* CAPABILITY {CAPABILITY}\r\n{tag} OK CAPABILITY completed")
            case "NOOP", []:
                self._say(f"{tag} OK NOOP completed")
            case "LOGOUT", []:
                self._say(f"* BYE Courier-IMAP server shutting down\r\n{tag} OK LOGOUT completed")
                return False
            case "LOGIN", [name, password]:
                user = self.server.courier.users.get(name)
                if user and secrets.compare_digest(user.password.encode(), password.encode()):
                    self._serve(user, tag)
                    return False
                self._say(f"{tag} NO Login failed.")
            case _:
                self._say(f"{tag} NO Error in IMAP command received by server.")
        return True

    def _serve(self, user: CourierUser, tag: str) -> None:
        courier = self.server.courier
        self.request.settimeout(None)
        process = courier.session(user, tag, self.request)
        process.wait()
        courier.sessions.pop(process, None)

    def _command(self) -> list[str]:
        """The words of one command, quoted strings and literals resolved; none at the end."""
        words: list[str] = []
        while line := self._line():
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            text = line[: literal.start()] if literal else line
            for quoted, atom in re.findall(rb'"((?:[^"\\]|\\.)*)"|([^\s"]+)', text):
                words.append((re.sub(rb"\\(.)", rb"\1", quoted) or atom).decode())
            if literal is None:
                return words
            self._say("+ OK")
            words.append(self._exactly(int(literal.group(1))).decode())
        return []

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and (octet := self.request.recv(1)):
            line += octet
        return line if line.endswith(b"\n") else b""

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count and (octets := self.request.recv(count - len(data))):
            data += octets
        return data

    def _say(self, line: str) -> None:
        self.request.sendall(f"{line}\r\n".encode())
