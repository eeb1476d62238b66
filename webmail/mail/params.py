"""Parameters of Content-Type and Content-Disposition: RFC 2045, RFC 2231, and how mailers get them wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from webmail.mail.charset import decode
from webmail.mail.charset_names import codec
from webmail.mail.header import clean, decode_header

MAX_VALUE = 16_384
MAX_PARAMS = 200
MAX_SECTIONS = 1_000

_CONTINUED = re.compile(r"(?P<name>[^*]+)\*(?P<number>\d{1,4})(?P<extended>\*?)\Z")
_EXTENDED = re.compile(rb"(?P<charset>[\w.:+-]{0,40})'(?P<language>[\w-]{0,40})'(?P<text>.*)\Z", re.DOTALL)
_TOKEN = re.compile(rb"[^;\"\r\n]*+")
_QUOTED = re.compile(rb'"((?>(?:[^"\\]++|\\.)*))(?:"|\\?\Z)', re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_BETWEEN = re.compile(rb"[\s;]*+")
_REST = re.compile(rb"[^;]*+")
_NAME = re.compile(rb"([^\s=;\"]++)\s*+=\s*+")
_FOLD = re.compile(rb"[\r\n]+")
_COMMENT = re.compile(rb"\s\([^()]*\)\s*\Z")


def parse_params(value: bytes) -> tuple[str, dict[str, bytes]]:
    """(main value in lower case, parameters with names in lower case) of a raw field. The first of a name counts."""
    value = _FOLD.sub(b"", value[:MAX_VALUE])
    position = _end_of(_TOKEN, value, 0)
    first = value[:position].decode("latin_1")
    if "=" in first and "/" not in first.partition("=")[0]:  # the main value is missing
        first, position = "", 0
    found: dict[str, bytes] = {}
    while len(found) < MAX_PARAMS:
        position = _end_of(_BETWEEN, value, position)
        name = _NAME.match(value, position)
        if name is None:
            position = value.find(b";", position) + 1
            if not position:
                break
            continue
        text, position = _value(value, name.end())
        found.setdefault(name[1].decode("latin_1").lower(), text)
    return re.sub(r"\s|\([^()]*\)", "", first.lower()).strip("'"), found


def _value(value: bytes, position: int) -> tuple[bytes, int]:
    quoted = _QUOTED.match(value, position)
    if quoted:
        return _unescape(quoted[1]), quoted.end()
    end = _end_of(_REST, value, position)
    return _COMMENT.sub(b"", value[position:end]).strip(), end


def _end_of(pattern: re.Pattern[bytes], value: bytes, position: int) -> int:
    found = pattern.match(value, position)
    return found.end() if found else position


def _unescape(quoted: bytes) -> bytes:
    if quoted[1:3] == b":\\" or quoted.startswith(b"\\\\"):  # a Windows path, not escapes
        return quoted
    return _ESCAPE.sub(rb"\1", quoted)


def decode_params(params: Mapping[str, bytes]) -> dict[str, str]:
    """Parameters as text, from octets as BODYSTRUCTURE or `parse_params` gives them.

    RFC 2231's continuations are joined and its charsets undone ("filename*0*" becomes "filename"), and RFC 2047
    words are decoded although they may not stand there. An extended value wins over a plain one.
    """
    if not any("*" in key for key in params):
        return {key.lower().strip(): _decode_plain(value[:MAX_VALUE]) for key, value in params.items()}
    plain: dict[str, bytes] = {}
    extended: dict[str, bytes] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for key, value in list(params.items())[:MAX_SECTIONS]:
        name = key.lower().strip()
        continued = _CONTINUED.match(name)
        if continued:
            parts = sections.setdefault(continued["name"], {})
            parts.setdefault(int(continued["number"]), (value, bool(continued["extended"])))
        elif name.endswith("*") and len(name) > 1:
            extended.setdefault(name[:-1], value)
        else:
            plain.setdefault(name, value)
    decoded = {name: _decode_plain(value[:MAX_VALUE]) for name, value in plain.items()}
    decoded |= {name: _join(parts) for name, parts in sections.items()}
    decoded |= {name: _decode_extended(value[:MAX_VALUE]) for name, value in extended.items()}
    return decoded


def _decode_plain(value: bytes) -> str:
    marked = _EXTENDED.match(value) if b"'" in value and b"%" in value else None
    if marked and codec(marked["charset"].decode("ascii", "replace")):
        return _decode_extended(value)
    return decode_header(value)


def _decode_extended(value: bytes) -> str:
    marked = _EXTENDED.match(value)
    if marked is None:
        return decode_header(unquote_to_bytes(value))
    return clean(decode(unquote_to_bytes(marked["text"]), marked["charset"].decode("ascii", "replace")))


def _join(parts: dict[int, tuple[bytes, bool]]) -> str:
    charset, octets, escaped = "", b"", False
    for index, number in enumerate(sorted(parts)):
        value, extended = parts[number]
        if extended and index == 0:
            marked = _EXTENDED.match(value)
            if marked:
                charset, value = marked["charset"].decode("ascii", "replace"), marked["text"]
        octets += unquote_to_bytes(value) if extended else value
        escaped = escaped or extended
        if len(octets) > MAX_VALUE:
            break
    octets = octets[:MAX_VALUE]
    return clean(decode(octets, charset)) if escaped else decode_header(octets)
