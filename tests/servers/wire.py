"""Lines of an IMAP stream as a listener in the middle sees them: literals skipped, secrets left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LITERAL = re.compile(rb"\{(\d+)\+?\}$")


class Lines:
    """Puts chunks together to logical lines; a literal stands as `<octets>`."""

    def __init__(self) -> None:
        self._rest = b""
        self._line = b""
        self._skip = 0

    def feed(self, data: bytes) -> Iterator[str]:
        data = self._rest + data
        self._rest = b""
        at = 0
        while at < len(data):
            if self._skip:
                step = min(self._skip, len(data) - at)
                at, self._skip = at + step, self._skip - step
                continue
            end = data.find(b"\n", at)
            if end < 0:
                self._rest = data[at:]
                return
            line, at = data[at:end].rstrip(b"\r"), end + 1
            if literal := _LITERAL.search(line):
                self._skip = int(literal.group(1))
                self._line += line[: literal.start()] + b"<%d>" % self._skip
                continue
            whole, self._line = self._line + line, b""
            yield whole.decode("utf-8", "replace")


class ClientLines:
    """What a client asks: (tag, command) with the password elided; DONE and SASL answers have no tag."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._secret_next = False

    def feed(self, data: bytes) -> Iterator[tuple[str, str]]:
        for line in self._lines.feed(data):
            if self._secret_next:
                self._secret_next = False
                yield "", "***"
                continue
            tag, _, command = line.partition(" ")
            if not command:
                yield "", line
                continue
            words = command.split(" ")
            match words[0].upper():
                case "AUTHENTICATE":
                    self._secret_next = len(words) < 3
                    words[2:] = ["***"] * (len(words) > 2)
                case "LOGIN":
                    words[2:] = ["***"]
            yield tag, " ".join(words)


class ServerTags:
    """The tags that a server's stream answers."""

    def __init__(self) -> None:
        self._lines = Lines()

    def feed(self, data: bytes) -> Iterator[str]:
        for line in self._lines.feed(data):
            tag, _, _ = line.partition(" ")
            if tag not in ("*", "+"):
                yield tag
