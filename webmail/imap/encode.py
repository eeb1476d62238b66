"""The one place where values become wire: quoting, literals, modified UTF-7, sets, dates (RFC 9051, 4 and 9).

A command is a sequence of arguments; nobody outside builds its text. A value that can't stand on the wire raises
EncodeError before anything is sent.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final

from webmail.imap.errors import EncodeError
from webmail.imap.sets import format_set
from webmail.imap.utf7 import encode as utf7_encode

ATOM: Final = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|~\[\]]+")
_FLAG: Final = re.compile(r"\\?[!#$&'+,\-./0-9:;<=>?@A-Z^_`a-z|~\[]+")
_SET: Final = re.compile(r"\$|(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?(?:,(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?)*")
_PART: Final = r"[0-9]{1,10}(?:\.[0-9]{1,10}){0,400}"
_OF_PART: Final = r"(?:MIME|TEXT|HEADER(?:\.FIELDS(?:\.NOT)? \([A-Za-z0-9_.-]+(?: [A-Za-z0-9_.-]+)*\))?)"
_ITEM: Final = re.compile(
    r"[A-Z0-9][A-Z0-9.=-]*(?: \([A-Z]+\))?"
    rf"|(?:BODY(?:\.PEEK)?|BINARY(?:\.PEEK|\.SIZE)?)\[(?:{_PART}(?:\.{_OF_PART})?|{_OF_PART})?\]"
    r"(?:<[0-9]{1,10}\.[0-9]{1,10}>)?"
)
_FORBIDDEN: Final = re.compile(rb"[\x00\r\n]")
_LONGEST_QUOTED: Final = 1000
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HIGHEST: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Dialect:
    """What this connection understands: the largest literal sent without waiting, and names in UTF-8."""

    unasked_literal: int = 0
    utf8: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that this module has already made safe."""

    wire: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """A string (astring): quoted, or a literal where it is long or holds 8-bit."""

    value: str | bytes


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox name: `str` is encoded, `bytes` is the server's own spelling."""

    name: str | bytes


@dataclass(frozen=True, slots=True)
class Charset:
    """CHARSET of a search; gone once UTF8=ACCEPT is on (RFC 6855, 3)."""

    name: str


@dataclass(frozen=True, slots=True)
class Body:
    """Octets that always go as a literal: a message to APPEND. A file is read in chunks from where it stands."""

    source: bytes | BinaryIO
    size: int

    def chunks(self, size: int = 1 << 16) -> Iterator[bytes]:
        if isinstance(self.source, bytes):
            yield self.source
            return
        left = self.size
        while left:
            chunk = self.source.read(min(size, left))
            if not chunk:
                raise EncodeError("The message ended before its announced size.")
            left -= len(chunk)
            yield chunk


Argument = Raw | Text | Mailbox | Charset | Body | tuple["Argument", ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a command to send in one go. `wait`: the server's "+" has to come before the next piece."""

    pieces: tuple[bytes | Body, ...]
    wait: bool

    @property
    def size(self) -> int:
        return sum(len(piece) if isinstance(piece, bytes) else piece.size for piece in self.pieces)


def atom(word: str) -> Raw:
    """A keyword or name that stands bare."""
    if not ATOM.fullmatch(word):
        raise EncodeError("A word holds a character that an atom can't.")
    return Raw(word.encode("ascii"))


def number(value: int, *, lowest: int = 0, highest: int = 2**63 - 1) -> Raw:
    if not lowest <= value <= highest:
        raise EncodeError(f"The number {value} is outside {lowest} to {highest}.")
    return Raw(b"%d" % value)


def flag(name: str) -> Raw:
    """A system flag ("\\Seen") or a keyword."""
    if not _FLAG.fullmatch(name):
        raise EncodeError("A flag holds a character that it can't.")
    return Raw(name.encode("ascii"))


def flag_list(names: Iterable[str]) -> tuple[Raw, ...]:
    return tuple(flag(name) for name in sorted(names))


def item(name: str) -> Raw:
    """A FETCH item, section and partial included."""
    if not _ITEM.fullmatch(name):
        raise EncodeError("That is not a FETCH item.")
    return Raw(name.encode("ascii"))


def sequence_set(numbers: str | int | Iterable[int]) -> Raw:
    """A set as text ("1:50,60", "1:*", "$"), one number, or any numbers in any order."""
    if isinstance(numbers, int):
        return number(numbers, lowest=1, highest=_HIGHEST)
    if isinstance(numbers, range) and numbers.step == 1 and len(numbers):
        first, last = number(numbers[0], lowest=1), number(numbers[-1], highest=_HIGHEST)
        return first if first == last else Raw(first.wire + b":" + last.wire)
    if not isinstance(numbers, str):
        numbers = list(numbers)
        if not numbers:
            raise EncodeError("A set of messages is empty.")
        if min(numbers) < 1 or max(numbers) > _HIGHEST:
            raise EncodeError("A message number is outside 1 to 4294967295.")
        numbers = format_set(numbers)
    if not _SET.fullmatch(numbers) or any(
        not 1 <= int(value) <= _HIGHEST for value in re.findall(r"\d+", numbers)
    ):
        raise EncodeError("That is not a set of messages.")
    return Raw(numbers.encode("ascii"))


def day(value: date) -> Raw:
    """A date for SEARCH: 1-Feb-2026."""
    return Raw(b"%d-%s-%04d" % (value.day, _MONTHS[value.month - 1].encode(), value.year))


def date_time(value: datetime) -> Raw:
    """INTERNALDATE for APPEND, with its zone."""
    offset = value.utcoffset()
    if offset is None:
        raise EncodeError("A date for the server needs a time zone.")
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    hours, minutes = divmod(abs(minutes), 60)
    month = _MONTHS[value.month - 1]
    text = f'"{value.day:2d}-{month}-{value.year:04d} {value:%H:%M:%S} {sign}{hours:02d}{minutes:02d}"'
    return Raw(text.encode("ascii"))


def base64(value: bytes) -> Raw:
    """A SASL response; "=" stands for an empty one (RFC 4959)."""
    return Raw(b64encode(value) or b"=")


def mailbox_wire(name: str | bytes, *, utf8: bool = False) -> bytes:
    """The octets of a mailbox name, before quoting."""
    if isinstance(name, bytes):
        return name
    if any(character in name for character in "\0\r\n"):
        raise EncodeError("A mailbox name holds CR, LF or NUL.")
    try:
        return name.encode() if utf8 else utf7_encode(name)
    except UnicodeEncodeError:
        raise EncodeError("A mailbox name holds half a surrogate pair.") from None


def encode(tag: bytes, words: Sequence[Argument], dialect: Dialect) -> tuple[Segment, ...]:
    """One command, tag to CRLF, cut where the server has to be waited for."""
    writer = _Writer(dialect)
    writer.put(tag)
    for word in words:
        writer.write(word)
    writer.text.append(b"\r\n")
    writer.cut(wait=False)
    return tuple(writer.segments)


class _Writer:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.gap = False
        self.text: list[bytes] = []
        self.pieces: list[bytes | Body] = []
        self.segments: list[Segment] = []

    def put(self, wire: bytes) -> None:
        self.text.append(b" " + wire if self.gap else wire)
        self.gap = True

    def write(self, word: Argument) -> None:
        match word:
            case Raw(wire):
                self.put(wire)
            case Text(value):
                self.string(_octets(value))
            case Mailbox(name):
                self.string(mailbox_wire(name, utf8=self.dialect.utf8))
            case Charset(name):
                if not self.dialect.utf8:
                    self.put(b"CHARSET " + atom(name).wire)
            case Body():
                self.literal(word)
            case tuple():
                self.put(b"(")
                self.gap = False
                for inner in word:
                    self.write(inner)
                self.text.append(b")")
                self.gap = True

    def string(self, value: bytes) -> None:
        if _FORBIDDEN.search(value):
            raise EncodeError("A text holds CR, LF or NUL.")
        short = len(value) <= _LONGEST_QUOTED
        if short and (value.isascii() or (self.dialect.utf8 and _is_utf8(value))):
            self.put(b'"' + value.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"')
        else:
            self.literal(Body(value, len(value)))

    def literal(self, body: Body) -> None:
        unasked = body.size <= self.dialect.unasked_literal
        self.put(b"{%d+}\r\n" % body.size if unasked else b"{%d}\r\n" % body.size)
        if not unasked:
            self.cut(wait=True)
        if isinstance(body.source, bytes):
            self.text.append(body.source)
        else:
            self.join()
            self.pieces.append(body)

    def join(self) -> None:
        if self.text:
            self.pieces.append(b"".join(self.text))
            self.text = []

    def cut(self, *, wait: bool) -> None:
        self.join()
        self.segments.append(Segment(tuple(self.pieces), wait))
        self.pieces = []


def _octets(value: str | bytes) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise EncodeError("A text holds half a surrogate pair.") from None


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
