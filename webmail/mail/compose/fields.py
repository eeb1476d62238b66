"""Header fields as they are written: RFC 5322, 2047 and 2231, folded at 76 columns where they can be.

The words come out of the old `email.header.Header`: the modern policy of Python 3.11 changes names when it folds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from webmail.mail.address import Mailbox
from webmail.mail.compose.message import ComposeError
from webmail.mail.compose.wire_address import problem, wire_address

WIDTH = 76
MAX_LINE = 998
MAX_TEXT = 10_000
MAX_NAME = 320
MAX_FILENAME = 255
MAX_REFERENCES = 50
MAX_WORD = 900

_BREAKS = re.compile("[\r\n\x00]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN = re.compile(r"(?!.*=\?)[!-~]{1,900}(?: [!-~]{1,900})*")
_ATOMS = re.compile(r"(?!.*=\?)[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_ID = re.compile(r"<?([!-;=?-~]{1,300}@[!-;=?-~]{1,300}|[!-;=?-~]{1,600})>?")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_`{|}~-]{1,60}")
_QUOTABLE = re.compile(
    r"(?!.*=\?)[A-Za-z0-9!#$&'()+,./@^_`{}~=\[\]-][ A-Za-z0-9!#$&'()+,./@^_`{}~=\[\]-]{0,59}(?<! )"
)
_OURS = frozenset(
    {
        "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
        "mime-version", "return-path", "received", "disposition-notification-to", "x-priority", "importance",
    }
)  # fmt: skip


def one_line(text: str) -> str:
    """`text` with single spaces for its white space and controls, and no end of a line."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def fold(name: str, tokens: Iterable[str]) -> str:
    """A field with its line ends; `tokens` stay whole, and white space may be anywhere between them."""
    lines = [f"{name}:"]
    for token in tokens:
        if len(lines[-1]) + 1 + len(token) > WIDTH and len(lines[-1]) > len(name) + 1:
            lines.append("")
        lines[-1] += f" {token}"
    return "\r\n".join(lines) + "\r\n"


def text_field(name: str, text: str) -> str:
    """Unstructured text (RFC 5322, 2.2.1). Line ends and controls in it become spaces."""
    text = one_line(text)
    if len(text) > MAX_TEXT:
        raise ComposeError(name.lower(), "too-long")
    return fold(name, text.split(" ") if not text or _PLAIN.fullmatch(text) else _words(name, text))


def extra_field(name: str, text: str) -> str:
    """A field of the caller's: neither one of ours, nor more than one."""
    if (
        not _FIELD_NAME.fullmatch(name)
        or name.lower() in _OURS
        or name.lower().startswith(("content-", "resent-"))
    ):
        raise ComposeError("extra", "bad-name")
    if _BREAKS.search(text):
        raise ComposeError("extra", "bad-characters")
    return text_field(name, text)


def address_field(name: str, mailboxes: Sequence[Mailbox]) -> str:
    """Everybody (RFC 5322, 3.4). What is wrong with an address is a `ComposeError` with its code."""
    tokens: list[str] = []
    for index, mailbox in enumerate(mailboxes):
        code = problem(mailbox.address)
        if code not in (None, "no-dot"):
            raise ComposeError(name.lower(), str(code))
        address = wire_address(mailbox.address)
        phrase = _phrase(name, one_line(mailbox.name)[:MAX_NAME].rstrip())
        comma = "," if index < len(mailboxes) - 1 else ""
        tokens += (*phrase, f"<{address}>{comma}") if phrase else (f"{address}{comma}",)
    return fold(name, tokens)


def ids(text: str | Iterable[str]) -> list[str]:
    """The message ids in `text`, with angle brackets; what is none is left out: it comes from others' mail."""
    words = text.replace("><", "> <").split() if isinstance(text, str) else text
    found = (_ID.fullmatch(word.strip()) for word in words)
    return [f"<{match[1]}>" for match in found if match]


def references_field(references: Iterable[str]) -> str:
    """RFC 5322, 3.6.4; of very many, the first and the last ones."""
    kept = ids(references)
    if len(kept) > MAX_REFERENCES:
        kept = kept[:1] + kept[1 - MAX_REFERENCES :]
    return fold("References", kept) if kept else ""


def date_field(name: str, date: datetime) -> str:
    offset = date.utcoffset()
    if offset is None:
        raise ComposeError("date", "no-zone")
    minutes = timedelta(minutes=round(offset.total_seconds() / 60))
    return fold(name, format_datetime(date.astimezone(timezone(minutes))).split(" "))


def with_params(name: str, value: str, params: Iterable[tuple[str, str]], *, old: bool = False) -> str:
    """A field with parameters (RFC 2045, 5.1). What is not plain ASCII goes by RFC 2231, or with `old` by RFC 2047."""
    tokens = [value]
    for key, text in params:
        tokens[-1] += ";"
        tokens += _param(key, text, old=old)
    return fold(name, tokens)


def _param(key: str, text: str, *, old: bool) -> list[str]:
    if _TOKEN.fullmatch(text) and key not in ("name", "filename"):
        return [f"{key}={text}"]
    if _QUOTABLE.fullmatch(text) or (key == "boundary"):
        return [f'{key}="{text}"']
    if old:
        first, *words = [f'{key}="', *_words(key, text)]
        return [f"{first}{words[0]}", *words[1:-1], f'{words[-1]}"'] if words[1:] else [f'{first}{words[0]}"']
    pieces = _percent_encoded(text)
    if len(pieces) == 1:
        return [f"{key}*={pieces[0]}"]
    return [
        f"{key}*{index}*={piece}" + (";" if index < len(pieces) - 1 else "")
        for index, piece in enumerate(pieces)
    ]


def _percent_encoded(text: str) -> list[str]:
    """RFC 2231, 4, in pieces that fit on a line; no character is divided."""
    pieces = ["utf-8''"]
    for char in text:
        encoded = quote(char, safe="!#$&+-.^_`|~", errors="replace")
        if len(pieces[-1]) + len(encoded) > 60:
            pieces.append("")
        pieces[-1] += encoded
    return pieces


def _phrase(field: str, name: str) -> list[str]:
    if not name:
        return []
    if _ATOMS.fullmatch(name):
        return name.split(" ")
    if name.isascii() and len(name) < 60 and "=?" not in name:
        return ['"' + re.sub(r'(["\\])', r"\\\1", name) + '"']
    return _words(field, name)


def _words(field: str, text: str) -> list[str]:
    """Encoded words (RFC 2047), each short enough to follow the field's name."""
    return Header(text, "utf-8", maxlinelen=WIDTH - 3 - len(field)).encode().split("\n ")
