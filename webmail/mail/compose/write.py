"""A message's octets (RFC 5322, 2045 to 2049, 6532), in pieces and the same each time: no clock, no chance."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from webmail.mail.address import Mailbox
from webmail.mail.compose.bcc import without_bcc
from webmail.mail.compose.encode import Survey, base64, crlf, encode_text, read, survey
from webmail.mail.compose.fields import (
    MAX_FILENAME,
    address_field,
    date_field,
    extra_field,
    fold,
    ids,
    one_line,
    references_field,
    text_field,
    with_params,
)
from webmail.mail.compose.flowed import flowed
from webmail.mail.compose.message import ComposeError, File, Message
from webmail.mail.compose.wire_address import is_utf8
from webmail.mail.params import decode_params, parse_params

_PRIORITIES = {"high": ("1 (Highest)", "high"), "low": ("5 (Lowest)", "low")}
_UNKNOWN = "application/octet-stream"
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
# RFC 2045, 6.4: what holds fields of mail is not encoded.
_AS_THEY_ARE = frozenset(
    {"message/rfc822", "message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}
)


@dataclass(frozen=True, slots=True)
class Written:
    """`size` in octets. `eight_bit`: a server without 8BITMIME (RFC 6152) may not be given it."""

    size: int
    eight_bit: bool


@dataclass(frozen=True, slots=True)
class _Entity:
    """A part: its fields with their line ends, and its body in pieces."""

    fields: str
    body: Callable[[], Iterable[bytes]]
    eight_bit: bool = False

    def octets(self) -> Iterator[bytes]:
        yield f"{self.fields}\r\n".encode()
        yield from self.body()


def write(message: Message, target: BinaryIO) -> Written:
    """Write `message` with CRLF throughout. `ComposeError` comes before the first octet.

    Attachments are read as they are written, attached messages twice. A message that can't stand in another as
    it is (lines past 998 octets, CR alone) goes as a file. Either loses its Bcc, which one's own from Sent has.
    """
    header = _header(message)
    entity = _entity(message)
    size = target.write((header + "MIME-Version: 1.0\r\n").encode())
    for piece in entity.octets():
        target.write(piece)
        size += len(piece)
    return Written(size, entity.eight_bit)


def needs_utf8(message: Message) -> bool:
    """Whether an address needs SMTPUTF8 (RFC 6531): a domain alone never does."""
    alone = (message.from_, message.sender, message.receipt_to)
    return any(
        is_utf8(mailbox.address) for mailbox in (*filter(None, alone), *message.reply_to, *message.recipients)
    )


def needs_eight_bit(message: Message) -> bool:
    """Whether the body needs 8BITMIME: attached messages are sent as they are. Reads them."""
    return _entity(message).eight_bit


def _header(message: Message) -> str:
    own_id = ids(message.message_id)
    if len(own_id) != 1 or "@" not in own_id[0]:
        raise ComposeError("message-id", "bad-characters")
    answers = ids(message.in_reply_to)
    out = [
        date_field("Date", message.date),
        address_field("From", (message.from_,)),
        _people("Sender", (message.sender,) if message.sender else ()),
        _people("Reply-To", message.reply_to),
        _people("To", message.to) or _nobody(message),
        _people("Cc", message.cc),
        _people("Bcc", message.bcc if message.write_bcc else ()),
        text_field("Subject", message.subject),
        fold("Message-ID", own_id),
        fold("In-Reply-To", answers) if answers else "",
        references_field(message.references),
        _people("Disposition-Notification-To", (message.receipt_to,) if message.receipt_to else ()),
    ]
    if message.priority in _PRIORITIES:
        number, word = _PRIORITIES[message.priority]
        out += (text_field("X-Priority", number), text_field("Importance", word))
    out += (extra_field(name, value) for name, value in message.extra)
    address_field("Bcc", message.bcc)  # as strict where it is not written
    return "".join(out)


def _nobody(message: Message) -> str:
    """Where all are hidden, the field that says so (RFC 5322, A.1.3): some servers would put one of their own."""
    hidden = message.bcc and not message.cc and not message.write_bcc
    return fold("To", ("undisclosed-recipients:;",)) if hidden else ""


def _people(name: str, mailboxes: tuple[Mailbox, ...]) -> str:
    return address_field(name, mailboxes) if mailboxes else ""


def _entity(message: Message) -> _Entity:
    """Text, or alternatives of text and HTML with its pictures, and attachments around either."""
    boundary = _boundary(message)
    body = (
        _text("plain", flowed(message.text), is_flowed=True)
        if message.flowed
        else _text("plain", message.text)
    )
    inline, attached = message.inline, message.attachments
    versions = [body]
    if message.html:
        rich = _text("html", message.html)
        if inline:
            pictures = (_file(file, boundary, "inline") for file in inline)
            rich = _multipart("related", boundary, (rich, *pictures), ("type", "text/html"))
        versions.append(rich)
    else:
        attached = (*inline, *attached)
    versions += (_file(file, boundary, "") for file in message.versions)
    if len(versions) > 1:
        body = _multipart("alternative", boundary, versions)
    if message.report:
        if not message.report.replace("-", "").isalpha() or not message.report.isascii():
            raise ComposeError("report", "bad-characters")
        files = (_file(file, boundary, "") for file in attached)
        return _multipart("report", boundary, (body, *files), ("report-type", message.report))
    if attached:
        files = (_file(file, boundary, "attachment") for file in attached)
        return _multipart("mixed", boundary, (body, *files))
    return body


def _boundary(message: Message) -> str:
    """From the Message-ID, which nobody else knows before. With "=_" it is in no encoded text (RFC 2045, 6.7)."""
    return "=_" + hashlib.sha256("".join(ids(message.message_id)).encode()).hexdigest()[:32]


def _multipart(kind: str, boundary: str, parts: Sequence[_Entity], *params: tuple[str, str]) -> _Entity:
    boundary = f"{boundary}_{kind}"
    eight_bit = any(part.eight_bit for part in parts)
    fields = with_params("Content-Type", f"multipart/{kind}", (*params, ("boundary", boundary)))

    def body() -> Iterator[bytes]:
        for part in parts:
            yield f"--{boundary}\r\n".encode()
            yield from part.octets()
            yield b"\r\n"
        yield f"--{boundary}--\r\n".encode()

    return _Entity(fields + _transfer("8bit" if eight_bit else "7bit"), body, eight_bit)


def _transfer(encoding: str) -> str:
    return "" if encoding == "7bit" else fold("Content-Transfer-Encoding", (encoding,))


def _text(kind: str, text: str, *, is_flowed: bool = False) -> _Entity:
    encoded = encode_text(text)
    params = [("charset", encoded.charset)]
    if is_flowed:
        params.append(("format", "flowed"))
    fields = with_params("Content-Type", f"text/{kind}", params) + _transfer(encoded.encoding)
    return _Entity(fields, lambda: (encoded.octets,))


def _file(file: File, boundary: str, disposition: str) -> _Entity:
    """A part with a file's octets; without a `disposition` it is a part of the text, and has no name."""
    kind, params = _type(file.type)
    name = one_line(file.name)[:MAX_FILENAME] if disposition else ""
    found, octets = Survey(eight_bit=False, plain=False), _octets(kind, file)
    if kind in _AS_THEY_ARE:
        found = survey(file.open(), boundary.encode())
        if not found.plain:
            kind, name = _UNKNOWN, name or "message.eml"
    fields = with_params("Content-Type", kind, (*params, ("name", name)) if name else params, old=True)
    if disposition:
        fields += with_params("Content-Disposition", disposition, (("filename", name),) if name else ())
    if file.content_id:
        content_id = ids(file.content_id)
        if len(content_id) != 1:
            raise ComposeError("inline", "bad-characters")
        fields += fold("Content-ID", content_id)
    if found.plain:
        fields += _transfer("8bit" if found.eight_bit else "7bit")
        return _Entity(fields, octets, found.eight_bit)
    return _Entity(fields + _transfer("base64"), lambda: base64(octets()))


def _octets(kind: str, file: File) -> Callable[[], Iterator[bytes]]:
    if kind == "message/rfc822":
        return lambda: without_bcc(crlf(file.open()))
    return lambda: crlf(file.open()) if kind in _AS_THEY_ARE else read(file.open())


def _type(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A file's type and parameters. What only a mail's own structure may be (RFC 2045, 6.4) is plain octets."""
    kind, raw = parse_params(one_line(text).encode())
    if not _TYPE.fullmatch(kind) or (
        kind.startswith(("multipart/", "message/")) and kind not in _AS_THEY_ARE
    ):
        return _UNKNOWN, []
    params = decode_params(raw).items()
    return kind, [
        (name, value) for name, value in params if name.isalpha() and name.isascii() and name != "name"
    ]
