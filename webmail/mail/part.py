"""A message's MIME tree, decoded: what choosing, showing and downloading work on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from webmail.mail.header import clean, decode_header
from webmail.mail.params import decode_params

DEFAULT_TYPE = "text/plain"


@dataclass(frozen=True, slots=True)
class Part:
    """`section` is IMAP's part number ("" for the message's own multipart), `type` "text/html" in lower case.

    `size` counts encoded octets. `filename` is decoded (RFC 2231, 2047) but not yet made safe; "" where absent.
    `content_id` is without angle brackets. `subject` is that of the message inside a message/rfc822.
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
    description: str = ""
    subject: str = ""

    def walk(self) -> Iterator[Part]:
        """Depth first, itself first; without recursion, since depth is the sender's choice."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))

    def param(self, name: str) -> str:
        """A parameter of the content type; "" where absent."""
        return next((value for key, value in self.params if key == name), "")


def make_part(
    *,
    section: str,
    type: str,  # noqa: A002 (RFC 2045's word)
    params: Mapping[str, bytes],
    encoding: str = "7bit",
    size: int = 0,
    disposition: str = "",
    disposition_params: Mapping[str, bytes] | None = None,
    content_id: bytes | None = None,
    location: bytes | None = None,
    description: bytes | None = None,
    subject: bytes | None = None,
    children: tuple[Part, ...] = (),
) -> Part:
    """A part from raw octets, as BODYSTRUCTURE and the header of a part have them alike."""
    decoded, items = _params(params)
    named = decode_params(disposition_params) if disposition_params else {}
    return Part(
        section=section,
        type=intern(type.lower()) or DEFAULT_TYPE,
        charset=decoded.get("charset", ""),
        encoding=intern(encoding.lower()) or "7bit",
        size=max(0, size),
        disposition=disposition.lower(),
        filename=named.get("filename")
        or named.get("name")
        or decoded.get("name")
        or decoded.get("filename", ""),
        content_id=clean((content_id or b"").decode("utf_8", "replace")).strip("<> "),
        content_location=clean((location or b"").decode("utf_8", "replace")),
        format_flowed=decoded.get("format", "").lower() == "flowed",
        delsp=decoded.get("delsp", "").lower() == "yes",
        params=items,
        children=children,
        description=decode_header(description),
        subject=decode_header(subject),
    )


Params = tuple[Mapping[str, str], tuple[tuple[str, str], ...]]


def _params(params: Mapping[str, bytes]) -> Params:
    """Decoded, as a mapping and as its items. Most parts have one of a few sets, which they share."""
    if params.keys() <= _SHARED:
        return _shared_params(tuple(params.items()))
    decoded = decode_params(params)
    return decoded, tuple(decoded.items())


_SHARED = frozenset({"charset", "format", "delsp"})


@lru_cache(maxsize=256)
def _shared_params(items: tuple[tuple[str, bytes], ...]) -> Params:
    decoded = decode_params(dict(items))
    return decoded, tuple(decoded.items())
