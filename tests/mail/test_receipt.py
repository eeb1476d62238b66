from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.receipt import receipt, receipt_request
from webmail.mail.report import Reported, read_report

OWN = ("me@example.org",)


@pytest.mark.parametrize(
    ("header", "to", "elsewhere"),
    [
        ("From: ann@x.example\nDisposition-Notification-To: Ann <Ann@x.example>", "Ann@x.example", False),
        (
            "Return-Path: <ann@home.example>\nFrom: ann@x.example\nDisposition-Notification-To: ann@home.example",
            "ann@home.example",
            False,
        ),
        ("From: ann@x.example\nDisposition-Notification-To: spy@evil.example", "spy@evil.example", True),
        (
            "Return-Path: <b@x.example>\nFrom: ann@x.example\nDisposition-Notification-To: spy@evil.example",
            "spy@evil.example",
            True,
        ),
        (
            "From: ann@x.example\nDisposition-Notification-To: ann@x.example, ann@x.example",
            "ann@x.example",
            False,
        ),
        (
            "From: ann@x.example\nDisposition-Notification-To: ann@x.example\nDisposition-Notification-To: b@x.example",
            "ann@x.example b@x.example",
            True,
        ),
    ],
)
def test_who_asks(header: str, to: str, elsewhere: bool) -> None:
    found = receipt_request(f"{header}\nMessage-ID: <1@x>".encode(), OWN)
    assert found is not None
    assert (" ".join(one.address for one in found.to), found.elsewhere, found.message_id) == (
        to,
        elsewhere,
        "<1@x>",
    )


ASKED = "From: ann@x.example\nDisposition-Notification-To: ann@x.example\n"


@pytest.mark.parametrize(
    "header",
    [
        "From: ann@x.example",
        "Disposition-Notification-To: nobody",
        "Disposition-Notification-To: ",
        "From: me@example.org\nDisposition-Notification-To: me@example.org",
        f"{ASKED}Content-Type: multipart/report; report-type=disposition-notification",
        f"{ASKED}Disposition-Notification-Options: signed-receipt-protocol=required,pkcs7",
        "Disposition-Notification-To: " + ",".join(f"a{number}@x.example" for number in range(9)),
    ],
)
def test_none_may_be_sent(header: str) -> None:
    assert receipt_request(header.encode(), OWN) is None


def test_the_answer_can_be_read() -> None:
    header = (
        f"Received: from secret.internal\n{ASKED}Subject: =?utf-8?q?M=C3=B8te?=\nMessage-ID: <1@x>\n"
        "Original-Recipient: rfc822;me@alias.example\nX-Internal: yes\n"
    )
    made = receipt(header.encode(), reader="me@example.org", text="It was shown.")
    assert made.text == "It was shown."
    assert made.notification == (
        b"Original-Recipient: rfc822;me@alias.example\r\nFinal-Recipient: rfc822; me@example.org\r\n"
        b"Original-Message-ID: <1@x>\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    )
    assert made.headers == (b"From: ann@x.example\r\nSubject: =?utf-8?q?M=C3=B8te?=\r\nMessage-ID: <1@x>\r\n")
    found = read_report("receipt", made.notification, made.headers)
    assert found is not None
    assert (found.message_id, found.subject) == ("<1@x>", "Møte")
    assert found.recipients == (Reported("me@alias.example", "displayed"),)


def test_an_address_of_any_letters_is_written_in_ascii() -> None:
    made = receipt(b"", reader="åse@blåbær.example", text="")
    assert b"Final-Recipient: utf-8; \\x{E5}se@bl\\x{E5}b\\x{E6}r.example\r\n" in made.notification
    found = read_report("receipt", made.notification)
    assert found is not None
    assert found.recipients[0].address == "åse@blåbær.example"


@pytest.mark.parametrize("reader", ["a@b\r\nBcc: x", "a@b\nx", "a b@c", "", "root", "a\x00@b"])
def test_no_line_break_gets_in(reader: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        receipt(b"", reader=reader, text="")


@given(st.binary(max_size=300))
def test_never_raises(raw: bytes) -> None:
    receipt_request(raw)
    receipt_request(b"Disposition-Notification-To: " + raw)
    made = receipt(b"Original-Recipient: rfc822;" + raw, reader="me@example.org", text="")
    assert made.notification.isascii()
    assert b"\n" not in made.notification.replace(b"\r\n", b"")
    made = receipt(b"Subject: " + raw, reader="me@example.org", text="")
    assert made.headers.isascii()
    assert b"\n" not in made.headers.replace(b"\r\n", b"")


@pytest.mark.parametrize("unit", [b"a@b,", b"<", b"=", b" ", b"=required"])
@pytest.mark.parametrize(
    "name", [b"Disposition-Notification-To", b"Disposition-Notification-Options", b"Subject"]
)
def test_is_linear(unit: bytes, name: bytes) -> None:
    assert is_linear(
        lambda n: receipt_request(b"Disposition-Notification-To: a@b\n" + name + b": " + unit * n), 2_000
    )
    assert is_linear(lambda n: receipt(name + b": " + unit * n, reader="a@b", text=""), 2_000)
