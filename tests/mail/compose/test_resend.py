from __future__ import annotations

import io
import tracemalloc
from datetime import datetime

import pytest

from tests.mail.compose.messages import ANN, BOB, OSLO, file, message, octets
from webmail.mail.address import Mailbox
from webmail.mail.compose import ComposeError, Resent, resend
from webmail.mail.header_block import first, parse_headers

RESENT = Resent(ANN, datetime(2026, 11, 25, 12, 30, tzinfo=OSLO), "<2@example.org>", (BOB,))
BLOCK = (
    b"Resent-Date: Wed, 25 Nov 2026 12:30:00 +0100\r\nResent-From: Ann Berg <ann@example.org>\r\n"
    b"Resent-To: Bob <bob@example.net>\r\nResent-Message-ID: <2@example.org>\r\n"
)


def sent_on(original: bytes, resent: Resent = RESENT) -> bytes:
    target = io.BytesIO()
    written = resend(io.BytesIO(original), resent, target)
    assert written.size == len(target.getvalue())
    assert written.eight_bit == (not target.getvalue().isascii())
    return target.getvalue()


@pytest.mark.parametrize(
    ("original", "wanted"),
    [
        (b"Subject: a\r\n\r\nb\r\n", b"Subject: a\r\n\r\nb\r\n"),
        (b"Subject: a\n\nb\nc", b"Subject: a\r\n\r\nb\r\nc\r\n"),
        (
            b"Bcc: x@y\nTo: a\nBCC :\n x@y,\n\tz@y\nSubject: a\n\nBcc: b\n",
            b"To: a\r\nSubject: a\r\n\r\nBcc: b\r\n",
        ),
        (b"Resent-Bcc: x@y\nSubject: a\n\n", b"Subject: a\r\n\r\n"),
        (b"Subject: a\n", b"Subject: a\r\n\r\n"),
        (b"Subject: a", b"Subject: a\r\n\r\n"),
        (b"\nbody\n", b"\r\nbody\r\n"),
        (b"", b"\r\n"),
        (b"Subject: \xe5\n\n\xe5\n", b"Subject: \xe5\r\n\r\n\xe5\r\n"),
    ],
)
def test_puts_its_fields_in_front_and_takes_bcc_out(original: bytes, wanted: bytes) -> None:
    assert sent_on(original) == BLOCK + wanted


def test_keeps_what_was_written() -> None:
    raw = octets(message(subject="Blåbær", attachments=(file("a.bin", bytes(range(256)) * 1_000),)))
    assert sent_on(raw) == BLOCK + raw


def test_refuses_before_the_first_octet() -> None:
    for resent in (
        Resent(ANN, RESENT.date, "", (BOB,)),
        Resent(ANN, RESENT.date, "<2@x>", (Mailbox("", "a@b\r\nX: c"),)),
    ):
        target = io.BytesIO()
        with pytest.raises(ComposeError):
            resend(io.BytesIO(b"Subject: a\n\nb"), resent, target)
        assert target.getvalue() == b""


@pytest.mark.parametrize("size", [100, 70_000, 300_000])
def test_hides_however_many_there_were(size: int) -> None:
    line = b"Bcc: " + b"x@y.example," * (size // 12)
    assert sent_on(b"To: a\n" + line + b"\nSubject: a\n\nb\n") == BLOCK + b"To: a\r\nSubject: a\r\n\r\nb\r\n"
    folded = line.replace(b",", b",\n ")
    assert (
        sent_on(b"To: a\n" + folded + b"\nSubject: a\n\nb\n") == BLOCK + b"To: a\r\nSubject: a\r\n\r\nb\r\n"
    )
    long = b"X: " + b"x" * size
    assert sent_on(long + b"\n\nb\n") == BLOCK + long + b"\r\n\r\nb\r\n"


def test_names_cannot_make_a_field() -> None:
    raw = sent_on(
        b"Subject: a\n\nb", Resent(Mailbox("a\r\nX-Evil: b", ANN.address), RESENT.date, "2@x", (BOB,))
    )
    assert first(parse_headers(raw), "X-Evil") is None


def test_costs_little_memory() -> None:
    original = io.BytesIO(b"Subject: a\n\n" + b"x" * 76 * 100_000)
    tracemalloc.start()
    try:
        resend(original, RESENT, io.BufferedWriter(io.FileIO("/dev/null", "w")))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_500_000
