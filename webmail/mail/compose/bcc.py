"""A received or sent message without its Bcc, for when it is given to others (RFC 5322, 3.6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_HELD = 65_536

# Also what only our own drafts have, for Bcc is in it as it was typed.
_BCC = re.compile(rb"(?:(?:Resent-)?Bcc|X-Ekorn-Draft)[ \t]{0,50}:", re.IGNORECASE)


def without_bcc(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """`pieces` of a message, whose lines end with CRLF, which no piece divides; a header without end gets one."""
    held, hidden = b"", False
    for piece in pieces:
        *lines, held = (held + piece).split(b"\r\n")
        for index, line in enumerate(lines):
            if not line:
                yield b"\r\n".join((*lines[index:], held))
                yield from pieces
                return
            hidden = _is_hidden(line, hidden)
            if not hidden:
                yield line + b"\r\n"
        if len(held) > MAX_HELD:  # of a line that is hidden, its beginning is enough
            if not _is_hidden(held, hidden):
                yield held
            held = held[:100] if _is_hidden(held, hidden) else b""
    if held and not _is_hidden(held, hidden):
        yield held + b"\r\n"
    yield b"\r\n"


def _is_hidden(line: bytes, before: bool) -> bool:
    return before if line[:1] in (b" ", b"\t") else bool(_BCC.match(line))
