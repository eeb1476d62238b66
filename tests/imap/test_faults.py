"""Servers that break off, drip, flood or talk nonsense: a typed error, in time, within limits."""

from __future__ import annotations

import threading

import pytest

from tests.imap.scripted import PATIENT, QUICK, Asked, Conversation, Scripted, connect, cut
from webmail.imap import errors
from webmail.imap.commands import (
    ENVELOPE,
    FLAGS,
    append,
    body,
    fetch,
    noop,
    status,
)
from webmail.imap.errors import (
    ConnectionLostError,
    LimitError,
    ProtocolError,
)
from webmail.imap.server import Limits


@pytest.mark.parametrize(
    "lines",
    [
        b"",
        b"* 1 FETCH (UID 1 BODY[] {1000}\r\nshort",
        b"* 1 FETCH (UI",
        b"* BYE going down\r\n",
        b"* 1 FETCH (BODY[] {9}",
    ],
)
def test_the_connection_ends_anywhere(lines: bytes) -> None:
    with Scripted(table={"UID FETCH": cut(lines)}) as server:
        connection = connect(server)
        with pytest.raises(ConnectionLostError) as caught:
            connection.run(fetch(1, [body()]))
        assert not isinstance(caught.value, errors.TimeoutError)
        assert ("going down" in str(caught.value)) == (b"BYE" in lines)
        assert connection.closed
        with pytest.raises(ConnectionLostError):
            connection.run(noop())
        assert not connection.check_alive()
        connection.close()
        connection.logout()


def test_reset() -> None:
    with Scripted(table={"NOOP": lambda asked: asked.conversation.reset()}) as server:
        connection = connect(server)
        with pytest.raises(ConnectionLostError):
            connection.run(noop())


def test_silence() -> None:
    with Scripted(table={"NOOP": lambda asked: None}) as server:
        connection = connect(server, timeouts=QUICK)
        with pytest.raises(errors.TimeoutError):
            connection.run(noop())
        assert connection.closed


def test_one_byte_at_a_time_for_ever() -> None:
    """Each byte is in time, all of them never are."""

    def drip(asked: Asked) -> None:
        never = threading.Event()
        while not never.wait(0.05):
            asked.conversation.send(b"x")

    with Scripted(table={"NOOP": drip}) as server:
        connection = connect(server, timeouts=QUICK)
        with pytest.raises(errors.TimeoutError):
            connection.run(noop())


def test_a_server_that_never_reads() -> None:
    enough = threading.Event()

    def sulk(talk: Conversation) -> None:
        talk.send(b"* OK [CAPABILITY IMAP4rev1 LITERAL+] hi\r\n")
        enough.wait(5)

    with Scripted(sulk) as server:
        connection = connect(server, timeouts=QUICK)
        with pytest.raises(errors.TimeoutError):
            connection.run(append("Sent", b"x" * (64 << 20)))
        enough.set()


@pytest.mark.parametrize(
    ("lines", "limits"),
    [
        (b"* " + b"x" * 100_000, Limits(line=10_000)),
        (b"* OK hi\r\n" * 1000, Limits(responses=100)),
        (b"* 1 FETCH (UID 1 BODY[] {999999999999}\r\n", Limits()),
        (b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n", Limits()),
        (
            b"* 1 FETCH (UID 1 BODY[] {50000}\r\n" + b"x" * 50_000 + b")\r\n" + b"* OK x\r\n",
            Limits(memory=20_000),
        ),
        (b"A2 PERHAPS\r\n" * 20, Limits()),
    ],
)
def test_limits(lines: bytes, limits: Limits) -> None:
    def answer(asked: Asked) -> None:
        asked.conversation.send(lines.replace(b"A2 ", asked.tag + b" "))

    with Scripted(table={"UID FETCH": answer}) as server:
        connection = connect(server, limits=limits)
        with pytest.raises(ProtocolError) as caught:
            connection.run(fetch(1, [body()]))
        assert isinstance(caught.value, LimitError) == (b"PERHAPS" not in lines)
        assert connection.closed


def test_a_literal_that_is_too_large_costs_only_itself() -> None:
    big = b"* 1 FETCH (UID 1 BODY[1] {50000}\r\n" + b"x" * 50_000 + b" FLAGS (\\Seen) BODY[2] {3}\r\nabc)"
    with Scripted(table={"UID FETCH": [big]}) as server:
        (found,) = connect(server, limits=Limits(literal=1000)).run(fetch(1, [body("1"), body("2"), FLAGS]))
        assert found[0].sections == {"1": None, "2": b"abc"}
        assert found[0].flags == {"\\Seen"}


def test_a_broken_message_costs_only_itself() -> None:
    good = b'* %d FETCH (UID %d ENVELOPE (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL))'
    lines = [good % (1, 1), b"* 2 FETCH (UID 2 ENVELOPE ((((", b"* 3 FETCH", good % (4, 4)]
    with Scripted(table={"UID FETCH": lines}) as server:
        (found,) = connect(server).run(fetch("1:4", [ENVELOPE]))
        assert [one.uid for one in found][::3] == [1, 4] or [one.uid for one in found] == [1, 2, 4]
        assert found[-1].envelope is not None
        assert found[-1].envelope.subject == b"s"


@pytest.mark.parametrize("text", [b"* OK look {5}", b"* NO [ALERT] bytes: {100}", b"* 3 EXISTS {x}"])
def test_braces_in_prose_are_no_literals(text: bytes) -> None:
    with Scripted(table={"NOOP": [text]}) as server:
        connect(server, timeouts=PATIENT).run(noop())


def test_bare_line_feeds() -> None:
    def answer(asked: Asked) -> None:
        asked.conversation.send(b"* STATUS INBOX (MESSAGES 3)\n" + asked.tag + b" OK done\n")

    with Scripted(table={"STATUS": answer}) as server:
        (counts,) = connect(server).run(status("INBOX"))
        assert counts.messages == 3
