"""A message's MIME tree, decoded: what choosing, showing and downloading work on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """`section` is IMAP's part number ("" for the message's own multipart), `type` "text/html" in lower case.

    `size` counts encoded octets. `filename` is decoded (RFC 2231, 2047) but not yet made safe; "" where absent.
    `content_id` is without angle brackets.
    """

    section: str
    type: str
    charset: str = ""
    encoding: str = "7bit"
    size: int = 0
    disposition: str = ""
    filename: str = ""
    content_id: str = ""
    content_location: str = ""
    format_flowed: bool = False
    delsp: bool = False
    params: tuple[tuple[str, str], ...] = ()
    children: tuple[Part, ...] = ()

    def walk(self) -> Iterator[Part]:
        """Depth first, itself first; without recursion, since depth is the sender's choice."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))
