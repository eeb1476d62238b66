"""What became of mail that was sent, in plain words above the report."""

from __future__ import annotations

import pytest

from tests.web.asking.messages import plain


def report(
    *blocks: str, kind: str = "delivery-status", about: str = "<mine@fjord.example>", subject: str = "Kaffi"
) -> bytes:
    status = "\r\n\r\n".join(blocks)
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nIt went like this.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{status}\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {about}\r\nSubject: {subject}\r\n\r\nHei\r\n--b--"
    )
    return plain(
        "From: Mail Delivery System <mailer-daemon@fjord.example>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"',
        body=body,
    )


FAILED = (
    "Final-Recipient: rfc822; ola@nowhere.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    "Diagnostic-Code: smtp; 550 5.1.1 <b>No such</b> person"
)


def test_not_delivered(reader):
    page = reader.page(reader.letter(report("Reporting-MTA: dns; mx.fjord.example", FAILED)))
    assert "Could not be delivered to ola@nowhere.example." in page
    assert "There is no such address." in page
    assert "The mail server said: 550 5.1.1 &lt;b&gt;No such&lt;/b&gt; person" in page
    assert "This is about “Kaffi”." in page
    assert "This is a report from a mail system." not in page
    assert '<div class="line warn">' in page


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("delayed", "Not delivered to ola@nowhere.example yet."),
        ("delivered", "Delivered to ola@nowhere.example."),
        ("relayed", "Passed on to the mail server of ola@nowhere.example"),
        ("expanded", "Delivered to the list ola@nowhere.example"),
        ("<script>", "Something became of the message to ola@nowhere.example."),
    ],
)
def test_other_news(reader, action, words):
    block = f"Final-Recipient: rfc822; ola@nowhere.example\r\nAction: {action}\r\nStatus: 2.0.0"
    page = reader.page(reader.letter(report("Reporting-MTA: dns; mx.fjord.example", block)))
    assert words in page
    assert "<script>" not in page.replace('<script src="', "")


def test_read(reader):
    block = (
        "Final-Recipient: rfc822; ola@there.example\r\nOriginal-Message-ID: <mine@fjord.example>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed"
    )
    page = reader.page(reader.letter(report(block, kind="disposition-notification")))
    assert "Read by ola@there.example on Friday 20 November 2026, 09:41." in page
    automatic = block.replace("manual-action/MDN-sent-manually", "automatic-action/MDN-sent-automatically")
    page = reader.page(reader.letter(report(automatic, kind="disposition-notification")))
    assert "Opened at ola@there.example on" in page


def test_the_message_it_is_about(reader):
    address = reader.letter(report("Reporting-MTA: dns; x", FAILED))
    reader.user.deliver("Sent", plain("Message-ID: <other@fjord.example>"))
    gone = reader.get(f"{address}original/")
    assert gone["Location"] == address
    assert "That message is not in Sent." in reader.page(address)
    reader.user.deliver("Sent", plain("Message-ID: <mine@fjord.example>", "Subject: Kaffi, den sende"))
    found = reader.get(f"{address}original/")
    assert "/message/Sent/" in found["Location"]
    assert "Kaffi, den sende" in reader.page(found["Location"])


@pytest.mark.parametrize("about", ['<"a" OR ALL@x>', "<a\\@x>", "<é@x>", "<>", "<a{5}@x>"])
def test_ids_that_are_odd(reader, about):
    address = reader.letter(report("Reporting-MTA: dns; x", FAILED, about=about))
    reader.page(address)
    assert reader.get(f"{address}original/")["Location"] == address


def test_a_letter_without_a_report(reader):
    address = reader.letter(plain())
    assert reader.get(f"{address}original/")["Location"] == address
