"""The least a webmail does that keeps nothing: a fresh connection, and each command a round trip of its own."""

from __future__ import annotations

import re
import socket
from typing import Self

PAGE = 50
ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"
_TAGGED = re.compile(rb"(?:^|\r\n)t(\d+) (OK|NO|BAD)[^\r\n]*\r\n$")


class Floor:
    """One request's connection. `with Floor(port, name, password) as floor: floor.page(1)`."""

    def __init__(self, port: int, name: str, password: str, mailbox: str = "INBOX") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._number = 0
        self._socket.recv(4096)
        self._do(f'LOGIN "{name}" "{password}"')
        self._mailbox = mailbox

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._do("LOGOUT")
        self._socket.close()

    def page(self, number: int) -> None:
        """A list page: the whole order, then the rows shown."""
        self._do(f'SELECT "{self._mailbox}"')
        answer = self._do("UID SORT (REVERSE DATE) UTF-8 ALL")
        start = answer.index(b"* SORT") + 6
        uids = answer[start : answer.index(b"\r\n", start)].split()
        shown = b",".join(uids[(number - 1) * PAGE : number * PAGE]).decode()
        self._do(f"UID FETCH {shown} {ITEMS}")

    def open(self, uid: int, *sections: str) -> None:
        """A message: what it is made of, then the parts shown, then that it was read."""
        self._do(f'SELECT "{self._mailbox}"')
        self._do(f"UID FETCH {uid} {ITEMS}")
        for section in sections:
            self._do(f"UID FETCH {uid} (BODY.PEEK[{section}])")
        self._do(f"UID STORE {uid} +FLAGS.SILENT (\\Seen)")

    def _do(self, command: str) -> bytes:
        self._number += 1
        self._socket.sendall(f"t{self._number} {command}\r\n".encode())
        chunks = []
        tail = b""
        while True:
            data = self._socket.recv(1 << 16)
            if not data:
                raise ConnectionError(command.split()[0])
            chunks.append(data)
            tail = (tail + data)[-4096:]
            found = _TAGGED.search(tail)
            if found and int(found[1]) == self._number:
                if found[2] != b"OK":
                    raise RuntimeError(tail.decode(errors="replace"))
                return b"".join(chunks)
