"""A page that listens, by hand: one socket, its events as they come."""

from __future__ import annotations

import json
import re
import socket
import urllib.parse
from dataclasses import dataclass
from typing import Any, Self

from tests.servers.program import Program

_TOKEN = re.compile(rb'csrfmiddlewaretoken" value="([^"]+)')


@dataclass
class Browser:
    """The cookies of one sign-in."""

    program: Program
    cookies: dict[str, str]

    @classmethod
    def signed_in(cls, program: Program, user: str, password: str) -> Self:
        browser = cls(program, {})
        browser.post("/sign-in/", username=user, password=password)
        assert "session" in browser.cookies
        return browser

    def ask(self, request: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body, with a connection of its own."""
        with self.connect() as sock:
            head = f"{request} HTTP/1.0\r\nHost: localhost\r\n{self.cookie}"
            if body:
                head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            sock.sendall(head.encode() + b"\r\n" + body)
            head_octets, _, rest = sock.makefile("rb").read().partition(b"\r\n\r\n")
        for name, value in re.findall(rb"(?i)^set-cookie: ([^=]+)=([^;\r]*)", head_octets, re.MULTILINE):
            self.cookies[name.decode()] = value.decode()
        return int(head_octets.split()[1]), rest

    def post(self, path: str, **fields: str) -> int:
        token = _TOKEN.search(
            self.ask("GET " + ("/sign-in/" if path == "/sign-in/" else "/folder/INBOX/"))[1]
        )
        assert token
        form = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token[1].decode()})
        return self.ask(f"POST {path}", form.encode())[0]

    @property
    def cookie(self) -> str:
        return "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()) + "\r\n"

    def connect(self) -> socket.socket:
        return socket.create_connection((self.program.host, self.program.port), timeout=30)

    def listen(self, *, since: str = "", version: str = "1.1", headers: str = "") -> Listener:
        sock = self.connect()
        request = f"GET /live/?since={since} HTTP/{version}\r\nHost: localhost\r\n{self.cookie}{headers}\r\n"
        sock.sendall(request.encode())
        return Listener(sock)


class Listener:
    """`status`, and events as (name, data); `None` once the stream has ended."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._file = sock.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = dict(
            line.decode().rstrip().lower().split(": ", 1) for line in iter(self._file.readline, b"\r\n")
        )
        self.mark = ""

    def event(self) -> tuple[str, Any] | None:
        name, beats = "", 0
        for line in self._file:
            beats += line.startswith(b":")
            assert beats < 3, "nothing but heartbeats"
            if line.startswith(b"event: "):
                name = line[7:].decode().rstrip()
            elif line.startswith(b"id: "):
                self.mark = line[4:].decode().rstrip()
            elif line.startswith(b"data: "):
                return name, json.loads(line[6:])
        return None

    def changes(self) -> list[dict[str, Any]]:
        """Those of the next event that tells of any."""
        while (event := self.event()) is not None:
            if event[0] == "changed":
                return event[1]
        raise AssertionError("the stream ended")

    def settled(self) -> Self:
        """Once it is live and was told that anything may have changed."""
        assert self.status == 200
        assert self.changes()[0]["folder"] is None
        return self

    def ended(self) -> bool:
        while self.event() is not None:
            pass
        return True

    def close(self) -> None:
        self._file.close()
        self.sock.close()
