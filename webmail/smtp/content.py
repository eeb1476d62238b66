"""A message as it goes over the wire (RFC 5321, 2.3.8 and 4.5.2): every line ends with CRLF, dots doubled.

Servers disagree about a lone CR or LF, which lets a message end early and a second begin within it ("SMTP
smuggling"). So none is ever sent: CRLF, CR and LF all become CRLF.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

PIECE: Final = 1 << 16
END: Final = b".\r\n"


def on_the_wire(message: BinaryIO) -> Iterator[bytes]:
    """What goes before END, in pieces; it is empty or ends with CRLF."""
    held = b""
    line_start = True
    while data := message.read(PIECE):
        data = held + data
        # Whether a CR at the end stands alone is for the next piece to say.
        held = b"\r" if data.endswith(b"\r") else b""
        lines = data.removesuffix(held).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if lines:
            yield _stuffed(lines, line_start=line_start)
            line_start = lines.endswith(b"\n")
    if held or not line_start:
        yield b"\r\n"


def _stuffed(lines: bytes, *, line_start: bool) -> bytes:
    first = b"." if line_start and lines.startswith(b".") else b""
    return first + lines.replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")
