"""One message of the demo, and the building of its octets (RFC 5322, 2045, 2047, 2231)."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import encode_rfc2231, format_datetime

from .people import Person

SEEN = frozenset({"\\Seen"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored message: `data` with CRLF, `date` its INTERNALDATE, `flags` as IMAP spells them."""

    folder: str
    data: bytes
    date: datetime
    flags: frozenset[str] = SEEN


@dataclass(frozen=True, slots=True)
class Part:
    """A MIME entity without the message's own fields: (name, value) pairs, then the encoded body."""

    fields: tuple[tuple[str, str], ...]
    body: bytes

    def octets(self) -> bytes:
        return "".join(f"{name}: {value}\r\n" for name, value in self.fields).encode() + b"\r\n" + self.body


def plain(
    content: str,
    *,
    subtype: str = "plain",
    charset: str = "utf-8",
    encoding: str = "quoted-printable",
    flowed: bool = False,
) -> Part:
    """Text, its lines ended with LF; `charset` and `encoding` as the sender's program would have chosen."""
    data = content.rstrip("\n").encode(charset) + b"\n"
    params = f"; charset={charset}" + ("; format=flowed" if flowed else "")
    return Part(
        (("Content-Type", f"text/{subtype}{params}"), ("Content-Transfer-Encoding", encoding)),
        encoded(data, encoding, text=True),
    )


def encoded(data: bytes, encoding: str, *, text: bool = False) -> bytes:
    if encoding == "base64":
        return base64_lines(data.replace(b"\n", b"\r\n") if text else data)
    if encoding == "quoted-printable":
        data = binascii.b2a_qp(data, istext=True)
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def base64_lines(data: bytes) -> bytes:
    whole = binascii.b2a_base64(data, newline=False)
    return b"\r\n".join([*re.findall(rb".{1,76}", whole), b""])


def multipart(subtype: str, *parts: Part, params: str = "", preamble: str = "") -> Part:
    """The boundary comes from the content, so that the same mail is made each time."""
    bodies = [part.octets() for part in parts]
    boundary = (
        "=_" + hashlib.sha256(b"".join(body[:2000] for body in bodies) + subtype.encode()).hexdigest()[:24]
    )
    delimiter = f"--{boundary}\r\n".encode()
    text = preamble.encode() + (b"\r\n" if preamble else b"")
    for body in bodies:
        text += delimiter + body + (b"" if body.endswith(b"\r\n") else b"\r\n")
    return Part(
        (("Content-Type", f'multipart/{subtype}; boundary="{boundary}"{params}'),),
        text + f"--{boundary}--\r\n".encode(),
    )


def attached(
    data: bytes,
    type_: str,
    filename: str = "",
    *,
    inline: str = "",
    encoding: str = "base64",
    params: str = "",
) -> Part:
    """A file; `inline` is its Content-ID where the HTML shows it."""
    fields = [("Content-Type", type_ + params + _parameter("name", filename))]
    fields.append(
        ("Content-Disposition", ("inline" if inline else "attachment") + _parameter("filename", filename))
    )
    if inline:
        fields.append(("Content-ID", f"<{inline}>"))
    if encoding != "7bit":
        fields.append(("Content-Transfer-Encoding", encoding))
    return Part(tuple(fields), encoded(data, encoding))


def _parameter(name: str, value: str) -> str:
    if not value:
        return ""
    if value.isascii():
        return f'; {name}="{value}"'
    return f"; {name}*={encode_rfc2231(value, 'utf-8')}"


def words(value: str, charset: str = "utf-8") -> str:
    """A header field's text, in encoded words and folded where it has to be."""
    return value if value.isascii() and len(value) < 900 else Header(value, charset).encode(linesep="\r\n")


def address(person: Person) -> str:
    name = person.name
    if not name:
        return person.address
    if not name.isascii():
        name = Header(name, "utf-8").encode(linesep="\r\n")
    elif set(name) & set(',."()@:;'):
        name = f'"{name}"'
    return f"{name} <{person.address}>"


def message_id(*seed: object, host: str = "post.fjord.example") -> str:
    return f"<{hashlib.sha256(repr(seed).encode()).hexdigest()[:20]}@{host}>"


def compose(
    content: Part,
    *,
    sender: Person | None,
    to: Sequence[Person],
    subject: str | None,
    date: datetime,
    id_: str,
    cc: Sequence[Person] = (),
    references: Sequence[str] = (),
    extra: Mapping[str, str] | Iterable[tuple[str, str]] = (),
) -> bytes:
    """The whole message. None leaves the field out; `references` ends with the parent."""
    fields: list[tuple[str, str]] = []
    if sender:
        fields.append(("From", address(sender)))
    if to:
        fields.append(("To", ",\r\n ".join(address(person) for person in to)))
    if cc:
        fields.append(("Cc", ",\r\n ".join(address(person) for person in cc)))
    if subject is not None:
        fields.append(("Subject", words(subject)))
    fields += [("Date", format_datetime(date)), ("Message-ID", id_)]
    if references:
        fields.append(("In-Reply-To", references[-1]))
        fields.append(("References", "\r\n ".join(references)))
    fields += extra.items() if isinstance(extra, Mapping) else extra
    fields.append(("MIME-Version", "1.0"))
    return Part(tuple(fields) + content.fields, content.body).octets()
