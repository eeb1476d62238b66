"""Whatever a letter, an address or a server holds, over a real socket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.smtp.scripted import QUICK, Scripted, cut
from tests.smtp.test_content import PIECES
from tests.smtp.test_submit import TO_OLA, send
from webmail.smtp.envelope import Dsn, Envelope, check, commands
from webmail.smtp.errors import EncodeError, SmtpError
from webmail.smtp.offer import Offer
from webmail.smtp.probe import probe

EVERYTHING = Offer(frozenset({"SIZE", "8BITMIME", "SMTPUTF8", "DSN", "PIPELINING"}))


@pytest.fixture(scope="module")
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@settings(max_examples=200)
@given(pieces=PIECES)
def test_one_message_arrives_whatever_is_in_it(server: Scripted, pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    server.asked.clear()
    server.contents.clear()
    assert send(server, letter=content, credentials=None).state == "accepted"
    (got,) = server.contents
    lines = [line.removeprefix(b".") for line in got.split(b"\r\n")]
    expected = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    assert b"\r\n".join(lines) == (
        expected if expected.endswith(b"\r\n") or not expected else expected + b"\r\n"
    )
    assert server.names == ["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]


ADDRESSES = st.text() | st.from_regex(
    r"[a-z]{1,5}[\r\n\0 <>\x85\u2028]?@[a-z]{1,5}(\r\n[A-Z]{4} TO:<x>)?", fullmatch=True
)


@settings(max_examples=500)
@given(
    sender=ADDRESSES,
    recipients=st.lists(ADDRESSES, max_size=4),
    envelope_id=st.text(st.characters(codec="utf-8")),
)
@example("", ["a@b"], "x\r\nRCPT TO:<c@d>")
def test_an_address_is_never_more_than_one(sender: str, recipients: list[str], envelope_id: str) -> None:
    envelope = Envelope(sender, tuple(recipients), eight_bit=True, dsn=Dsn(envelope_id))
    try:
        check(envelope)
    except EncodeError:
        return
    lines = commands(envelope, EVERYTHING, 1)
    assert len(lines) == 1 + len(recipients)
    for line, address in zip(lines, (sender, *recipients), strict=True):
        assert re.fullmatch(rb"(MAIL FROM|RCPT TO):<([^<>\s\0]*)>( [!-~]+)*\r\n", line, re.DOTALL)
        assert f":<{address}>".encode() in line


REPLIES = st.lists(
    st.sampled_from(
        [b"220 hi\r\n", b"220-hi\r\n", b"\r\n", b"250", b"-", b"\n", b"421 no\r\n", b"5", b"250-SIZE\n"]
    )
    | st.binary(max_size=30),
    max_size=12,
)


@settings(max_examples=200)
@given(said=REPLIES)
def test_whatever_a_server_says_ends_well(said: list[bytes]) -> None:
    for step in ("greeting", "EHLO"):
        with Scripted({step: cut(b"".join(said))}) as server, suppress(SmtpError):
            assert isinstance(probe(server.address, QUICK), Offer)


@settings(max_examples=200)
@given(said=REPLIES)
def test_whatever_is_said_of_a_message_never_makes_it_accepted_without_a_yes(said: list[bytes]) -> None:
    answer = b"".join(said)
    with Scripted({".": cut(answer)}, extensions=()) as server:
        outcome = send(server, TO_OLA, timeouts=QUICK, credentials=None)
    first = re.match(rb"(?:[2-5]\d\d-[^\n]*\n)*([2-5]\d\d)(?: [^\n]*|\r?)\n", answer)
    if outcome.state == "accepted":
        assert first is not None
        assert first[1].startswith(b"2")
    elif outcome.state in ("refused", "deferred"):
        assert first is not None
        assert first[1][:1] in b"45"
