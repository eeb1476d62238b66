"""URLs, replies and offers, as they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.smtp.scripted import Scripted
from tests.smtp.test_submit import send
from webmail.smtp.connection import Connection
from webmail.smtp.envelope import xtext
from webmail.smtp.offer import Offer
from webmail.smtp.reply import LONGEST_TEXT, Reply, reply_of
from webmail.smtp.server import Server


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://mail.example", Server("mail.example", 465, "implicit")),
        ("smtp+starttls://mail.example/", Server("mail.example", 587, "starttls")),
        ("smtp://localhost", Server("localhost", 587, "none")),
        (" smtp://[::1]:25 ", Server("::1", 25, "none")),
    ],
)
def test_urls(url: str, expected: Server) -> None:
    assert Server.parse(url) == expected
    assert Server.parse(str(expected)) == expected


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "imaps://mail.example", "smtps://", "smtps://u:p@mail.example",
     "smtps://mail.example:0", "smtps://mail.example:x", "smtps://mail.example/x", "smtps://mail.example?x=1",
     "smtps://[::1"],
)  # fmt: skip
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"^The SMTP URL .*\.$"):
        Server.parse(url)


@pytest.mark.parametrize(
    ("code", "lines", "expected"),
    [
        (250, ["2.1.0 OK"], Reply(250, "2.1.0", "OK")),
        (550, ["5.1.1"], Reply(550, "5.1.1", "")),
        (
            550,
            ["5.1.1 Nobody", "5.1.1 See https://x.example"],
            Reply(550, "5.1.1", "Nobody\nSee https://x.example"),
        ),
        (550, ["2.1.0 another class is no code"], Reply(550, "", "2.1.0 another class is no code")),
        (250, ["2.1 no code"], Reply(250, "", "2.1 no code")),
        (250, [], Reply(250)),
    ],
)
def test_replies(code: int, lines: list[str], expected: Reply) -> None:
    assert reply_of(code, lines) == expected


def test_a_reply_in_one_line() -> None:
    assert str(Reply(550, "5.1.1", "Nobody\nby that name")) == "550 5.1.1 Nobody by that name"
    assert str(Reply(250)) == "250"


def test_what_servers_say_can_be_shown() -> None:
    said = "550-\x1b[31mRødt\x07\r\n550 \u2028" + "x" * 3000
    with Scripted({"MAIL": said.encode() + b"\xff"}) as server:
        reply = send(server).reply
    assert reply is not None
    assert reply.text.startswith("[31mRødt\nxxx")
    assert len(reply.text) == LONGEST_TEXT
    assert not set(reply.text) & {"\x1b", "\x07", "\r", "\u2028"}


def test_offers() -> None:
    offer = Offer.read(["PIPELINING", "size 1000", "auth plain login", "AUTH=CRAM-MD5", "", "  ", "8bitmime"])
    assert offer.extensions == {"PIPELINING", "SIZE", "AUTH", "8BITMIME"}
    assert offer.mechanisms == {"PLAIN", "LOGIN", "CRAM-MD5"}
    assert offer.size_limit == 1000
    assert [Offer.read([line]).size_limit for line in ("SIZE", "SIZE 0", "SIZE x", "SIZE ²", "SIZE -1")] == [
        None
    ] * 5
    assert Offer.read(["SIZE " + "9" * 5000]).size_limit == 10**18 - 1


def test_a_long_offer_is_read_to_its_end() -> None:
    lines = [f"X-EXTENSION-NUMBER-{number}" for number in range(150)]
    with Scripted(extensions=(*lines, "PIPELINING")) as server:
        connection = Connection.open(server.address)
        assert connection.offer.has("PIPELINING")
        connection.quit()


@given(st.text())
def test_xtext(text: str) -> None:
    encoded = xtext(text.encode("utf-8", "replace").decode())
    assert encoded.isascii()
    assert not set(encoded) & set(" =\r\n\t")
