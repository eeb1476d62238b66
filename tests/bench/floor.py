"""The least a webmail does that keeps nothing: a fresh connection, and each command a round trip of its own."""

from __future__ import annotations

import re
import socket
from typing import Self

PAGE = 50
ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"
_NUMBER = re.compile(rb"\d+")
_TAGGED = re.compile(rb"(?:^|\r\n)t(\d+) (OK|NO|BAD)[^\r\n]*\r\n$")


def _thread_of(answer: bytes) -> list[bytes]:
    """The trees of a THREAD answer, each as it was sent."""
    start = answer.index(b"* THREAD") + 9
    line = answer[start : answer.index(b"\r\n", start)]
    trees, depth, begun = [], 0, 0
    for match in re.finditer(rb"[()]", line):
        begun = match.start() if depth == 0 else begun
        depth += 1 if match[0] == b"(" else -1
        if depth == 0:
            trees.append(line[begun : match.end()])
    return trees


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

    def page(self, number: int, *, order: str = "REVERSE DATE", key: str = "ALL") -> str:
        """A list page: the whole order, then the rows shown, as a set of UIDs."""
        self._do(f'SELECT "{self._mailbox}"')
        answer = self._do(f"UID SORT ({order}) UTF-8 {key}")
        start = answer.index(b"* SORT") + 6
        uids = answer[start : answer.index(b"\r\n", start)].split()
        shown = b",".join(uids[(number - 1) * PAGE : number * PAGE]).decode()
        self._do(f"UID FETCH {shown} {ITEMS}")
        return shown

    def threads(self, number: int) -> None:
        """A page of threads: all of them, then the newest message of each that is shown."""
        self._do(f'SELECT "{self._mailbox}"')
        answer = self._do("UID THREAD REFS UTF-8 ALL")
        newest = sorted((max(map(int, _NUMBER.findall(one))) for one in _thread_of(answer)), reverse=True)
        shown = ",".join(map(str, newest[(number - 1) * PAGE : number * PAGE]))
        self._do(f"UID FETCH {shown} {ITEMS}")

    def star(self, *, on: bool) -> None:
        """A page's messages, and the page again."""
        self._do(f"UID STORE {self.page(1)} {'+' if on else '-'}FLAGS (\\Flagged)")
        self.page(1)

    def archive_and_back(self) -> None:
        """A page's messages, taken back by the UIDs that COPYUID told; the page after each."""
        moved = self._do(f'UID MOVE {self.page(1)} "Archive"')
        self.page(1)
        told = re.search(rb"\[COPYUID \d+ \S+ (\S+)\]", moved)
        assert told is not None
        self._do('SELECT "Archive"')
        self._do(f'UID MOVE {told[1].decode()} "{self._mailbox}"')
        self.page(1)

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
