from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.part import Part
from webmail.mail.report import Report, Reported, read_report, report_parts

POSTFIX = b"""Reporting-MTA: dns; mail.example.org
X-Postfix-Queue-ID: 4D2F31
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; nobody@x.example
Original-Recipient: rfc822;Nobody@x.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.x.example
Diagnostic-Code: smtp; 550 5.1.1 <nobody@x.example>: Recipient address rejected:
    User unknown

Final-Recipient: rfc822; slow@y.example
Action: delayed
Status: 4.4.1 (persistent)
Will-Retry-Until: Sat, 28 Nov 2026 10:00:00 +0100
"""
ORIGINAL = b"Message-ID: <1@example.org>\nSubject: =?utf-8?q?M=C3=B8te?=\n"


def test_a_bounce() -> None:
    assert read_report("delivery", POSTFIX, ORIGINAL) == Report(
        "delivery",
        "<1@example.org>",
        "Møte",
        (
            Reported(
                "Nobody@x.example",
                "failed",
                "5.1.1",
                "550 5.1.1 <nobody@x.example>: Recipient address rejected: User unknown",
                "mx.x.example",
            ),
            Reported("slow@y.example", "delayed", "4.4.1"),
        ),
    )
    found = read_report("delivery", POSTFIX.replace(b"\n", b"\r\n"))
    assert found is not None
    assert (len(found.recipients), found.message_id, found.subject) == (2, "", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b"ORIGINAL-Message-ID: <1@x>\nFinal-Recipient: rfc822;a@x.example\nDisposition:a/mdn-manually;displayed",
            ("a@x.example", "displayed", "<1@x>", False),
        ),
        (
            b"a: b\n\nFinal-Recipient: x@y\nDisposition: automatic-action/MDN-sent-automatically;deleted/error",
            ("x@y", "deleted", "<1@example.org>", True),
        ),
        (b"Disposition: ; rm -rf", ("", "", "<1@example.org>", False)),
        (
            b"Final-Recipient: utf-8; \\x{E5}se\\x{110000}\\x{0A}\\x{D800}@x.example\nDisposition: x;displayed",
            ("åse@x.example", "displayed", "<1@example.org>", False),
        ),
    ],
)
def test_a_receipt(body: bytes, expected: tuple[str, str, str, bool]) -> None:
    found = read_report("receipt", body, ORIGINAL)
    assert found is not None
    (one,) = found.recipients
    assert (one.address, one.action, found.message_id, found.by_itself) == expected


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b"nonsense", b"Action: failed\n", b"Final-Recipient: \n", b"\xff" * 9]
)
def test_nothing_is_told(body: bytes) -> None:
    assert read_report("delivery", body) is None
    assert read_report("receipt", body) is None


def test_unknown_words_are_not_repeated() -> None:
    found = read_report(
        "delivery", b"Final-Recipient: rfc822;a@b\nAction: <b>\nStatus: nine\nDiagnostic-Code: plain\n"
    )
    assert found is not None
    assert found.recipients == (Reported("a@b", "", "", "plain"),)


def test_where_a_report_lies() -> None:
    status, original = Part("2", "message/delivery-status"), Part("3", "text/rfc822-headers")
    text = Part("1", "text/plain")
    found = report_parts(Part("", "multipart/report", children=(text, status, original)))
    assert found is not None
    assert (found.kind, found.status, found.original) == ("delivery", status, original)
    receipt = report_parts(
        Part("", "multipart/report", children=(Part("1", "message/disposition-notification"),))
    )
    assert receipt is not None
    assert (receipt.kind, receipt.original) == ("receipt", None)
    assert report_parts(Part("", "multipart/mixed", children=(status,))) is None
    assert report_parts(Part("", "multipart/report", children=(text,))) is None
    assert report_parts(text) is None


def test_is_bounded() -> None:
    many = b"Final-Recipient: rfc822;a@b\nAction: failed\n\n" * 5_000
    found = read_report("delivery", many)
    assert found is not None
    assert len(found.recipients) == 200


FIELDS = [
    b"Final-Recipient: rfc822; a@b",
    b"Action: failed",
    b"Disposition: x; displayed",
    b"",
    b" x",
    b":",
    b"--",
    b"\r",
    b"\xff",
]


@given(st.lists(st.sampled_from(FIELDS), max_size=20), st.binary(max_size=100))
def test_never_raises(lines: list[bytes], original: bytes) -> None:
    read_report("delivery", b"\n".join(lines), original)
    read_report("receipt", b"\r\n".join(lines), original)


@pytest.mark.parametrize(
    "unit", [b"\n", b"a:b\n", b"a:b\n\n", b"Final-Recipient: a@b\n\n", b"--\n", b"\r", b"x\n", b"\\x{"]
)
def test_is_linear(unit: bytes) -> None:
    assert is_linear(lambda n: read_report("delivery", unit * n), 3_000)
    assert is_linear(lambda n: read_report("receipt", b"Disposition: " + unit * n), 3_000)
