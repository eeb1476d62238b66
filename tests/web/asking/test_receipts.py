"""Receipts: asked for in plain words, sent once and only when the person says so, to where the page said."""

from __future__ import annotations

import pytest

from tests.web.asking.messages import plain
from webmail.accounts.models import Person
from webmail.mail.header_block import first, parse_headers
from webmail.mail.parse import parse_message
from webmail.mail.report import read_report, report_parts
from webmail.outbox.models import Outgoing

ASKS = "The sender asks to be told that you read this."
WANTED = "Disposition-Notification-To: Solveig <solveig@fjord.example>"


def test_nothing_is_sent_unasked(reader):
    address = reader.letter(plain(WANTED))
    assert ASKS in reader.page(address)
    assert "which is not the sender" not in reader.page(address)
    assert reader.posted() == []


def test_a_receipt(reader):
    address = reader.letter(plain(WANTED, "Subject: Møte"))
    assert reader.post(f"{address}receipt/", {"do": "send"})["Location"] == address
    (content,) = reader.posted()
    headers = parse_headers(content)
    assert first(headers, "to") == b"solveig@fjord.example"
    assert reader.smtp.wires("MAIL")[0].startswith(b"MAIL FROM:<>")
    assert reader.smtp.wires("RCPT") == [b"RCPT TO:<solveig@fjord.example>"]
    read = parse_message(content)
    found = report_parts(read.root)
    assert found is not None
    report = read_report(found.kind, read.body(found.status.section), read.body(found.original.section))
    assert (report.message_id, report.recipients[0].action) == ("<plain@fjord.example>", "displayed")
    assert report.recipients[0].address == reader.address
    assert b"manual-action/MDN-sent-manually" in content
    assert reader.sent() == []
    assert ASKS not in reader.page(address)
    assert b"$mdnsent" in reader.flags()


@pytest.mark.parametrize("do", ["send", "refuse"])
def test_it_is_asked_once(reader, do):
    address = reader.letter(plain(WANTED))
    for _ in range(2):
        reader.post(f"{address}receipt/", {"do": do})
        assert ASKS not in reader.page(address)
    reader.client.session.flush()
    assert len(reader.posted()) == (do == "send")
    reader.post("/sign-in/", {"username": reader.user.name, "password": reader.user.password})
    assert ASKS not in reader.page(address)


def test_two_presses_before_it_went_out_are_one_receipt(reader):
    Person.objects.update(undo_seconds=10)
    address = reader.letter(plain(WANTED))
    reader.post(f"{address}receipt/", {"do": "send"})
    assert ASKS not in reader.page(address)
    reader.post(f"{address}receipt/", {"do": "send"})
    assert Outgoing.objects.count() == 1
    reader.post(f"/outbox/{Outgoing.objects.get().pk}/undo/", {"next": address})
    assert ASKS in reader.page(address)
    assert reader.posted() == []
    assert b"$mdnsent" not in reader.flags()


def test_never(reader):
    Person.objects.update(answer_receipts="never")
    address = reader.letter(plain(WANTED))
    assert ASKS not in reader.page(address)
    reader.post(f"{address}receipt/", {"do": "send"})
    assert reader.posted() == []


def test_to_somebody_else_it_says_so(reader):
    address = reader.letter(plain("Disposition-Notification-To: Solveig <spy@evil.example>"))
    assert "The receipt would go to spy@evil.example, which is not the sender" in reader.page(address)


@pytest.mark.parametrize(
    "field",
    [
        "Disposition-Notification-To: nobody",
        "Disposition-Notification-To: <>",
        "Disposition-Notification-To: " + ", ".join(f"p{number}@x.example" for number in range(50)),
        "X-Nothing: at all",
    ],
)
def test_nobody_to_tell(reader, field):
    address = reader.letter(plain(field))
    assert ASKS not in reader.page(address)
    assert reader.post(f"{address}receipt/", {"do": "send"}).status_code == 302
    assert reader.posted() == []


@pytest.mark.parametrize("to", ["a\x01b@x.example", "=?utf-8?q?a=0d=0aBcc:_b?=@x.example", '"a b"@x.example'])
def test_an_address_that_is_none_gets_nothing_or_itself(reader, to):
    address = reader.letter(plain(f"Disposition-Notification-To: <{to}>"))
    reader.page(address)
    assert reader.post(f"{address}receipt/", {"do": "send"}).status_code == 302
    for content in reader.posted():
        assert b"\r\nBcc" not in content
    assert len(reader.smtp.wires("RCPT")) <= 1


def test_own_messages_and_junk_ask_nothing(reader):
    own = reader.letter(plain(f"From: {reader.address}", f"Disposition-Notification-To: {reader.address}"))
    assert ASKS not in reader.page(own)


def test_bad_input(reader):
    address = reader.letter(plain(WANTED))
    assert reader.post(f"{address}receipt/", {"do": "x"}).status_code == 400
    assert reader.get(f"{address}receipt/").status_code == 405
    assert reader.posted() == []
