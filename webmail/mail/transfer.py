"""Content-Transfer-Encoding undone (RFC 2045, 6), whole or as it arrives; line noise is passed over."""

from __future__ import annotations

import binascii
import re

from webmail.mail.uuencode import UuDecoder

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
_NOT_BASE64 = bytes(set(range(256)) - set(_ALPHABET))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_PADDING = re.compile(rb"=+")
_SOFT_END = re.compile(rb"(?<![ \t])[ \t]++(?=\r*+\n)")
_QP_TAIL = re.compile(rb"=[ \t\r]*\Z|=[0-9A-Fa-f]\Z|(?<![ \t\r])[ \t\r]++\Z")
_Q_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")


def decode(data: bytes, encoding: str) -> bytes:
    """The octets of a part. An encoding that is not known leaves them as they are."""
    decoder = TransferDecoder(encoding)
    return decoder.feed(data) + decoder.finish()


def decode_base64(data: bytes) -> bytes:
    decoder = _Base64()
    return decoder.feed(data) + decoder.finish()


def decode_q(data: bytes) -> bytes:
    """RFC 2047's Q: like quoted-printable, with "_" for a space."""
    return _Q_ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), data.replace(b"_", b" "))


class TransferDecoder:
    """Decodes in constant memory: `feed` gives what the octets so far amount to, `finish` the rest."""

    def __init__(self, encoding: str) -> None:
        name = encoding.partition(";")[0].strip(" \t\r\n\"'").lower()
        decoder = _DECODERS.get(name, _Identity)
        self._decoder: _Identity | _Base64 | _QuotedPrintable | UuDecoder = decoder()

    def feed(self, chunk: bytes) -> bytes:
        return self._decoder.feed(chunk)

    def finish(self) -> bytes:
        return self._decoder.finish()


class _Identity:
    def feed(self, chunk: bytes) -> bytes:
        return chunk

    def finish(self) -> bytes:
        return b""


class _Base64:
    """Octets outside the alphabet are skipped; padding in the middle ends a run, and another may follow."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        data = self._held + chunk.translate(_URL_SAFE, _NOT_BASE64)
        if b"=" in data:
            *runs, data = _PADDING.split(data)
            out = b"".join(_decode_run(run) for run in runs if run)
        else:
            out = b""
        whole = len(data) // 4 * 4
        self._held = data[whole:]
        return out + binascii.a2b_base64(data[:whole])

    def finish(self) -> bytes:
        held, self._held = self._held, b""
        return _decode_run(held)


def _decode_run(run: bytes) -> bytes:
    spare = len(run) % 4
    if spare == 1:  # six bits make no octet
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


class _QuotedPrintable:
    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        data = self._held + chunk
        tail = _QP_TAIL.search(data, max(0, len(data) - 1_000))
        cut = tail.start() if tail else len(data)
        self._held = data[cut:]
        return binascii.a2b_qp(_SOFT_END.sub(b"", data[:cut]))

    def finish(self) -> bytes:
        held, self._held = self._held, b""
        return binascii.a2b_qp(held.rstrip(b" \t"))


_DECODERS: dict[str, type[_Identity | _Base64 | _QuotedPrintable | UuDecoder]] = {
    "base64": _Base64,
    "x-base64": _Base64,
    "quoted-printable": _QuotedPrintable,
    "quotedprintable": _QuotedPrintable,
    "quoted_printable": _QuotedPrintable,
    "qp": _QuotedPrintable,
    "uuencode": UuDecoder,
    "x-uuencode": UuDecoder,
    "x-uue": UuDecoder,
    "uue": UuDecoder,
    "x-uu": UuDecoder,
}
