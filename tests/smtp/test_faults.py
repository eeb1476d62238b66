"""Servers and networks that break: what became of the message is told truthfully, and safe to act upon."""

from __future__ import annotations

import io
import itertools
import socket
from collections.abc import Callable

import pytest

from tests.smtp.scripted import ALICE, PATIENT, QUICK, Asked, Scripted, cut, silence
from tests.smtp.test_submit import BARE, LETTER, TO_THREE, send
from webmail.smtp.errors import ConnectError, ConnectionLostError, LimitError, ProtocolError, ReplyError
from webmail.smtp.probe import probe
from webmail.smtp.reply import Reply
from webmail.smtp.server import Server, Timeouts
from webmail.smtp.submit import submit

STEPS = ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA"]
STAGES = {"MAIL": "sender", "RCPT": "recipients", "DATA": "data", "AUTH": "sign-in", ".": "content"}
EITHER = pytest.mark.parametrize(
    "extensions", [("PIPELINING", *BARE), BARE], ids=["pipelining", "one by one"]
)


def reset(asked: Asked) -> None:
    asked.conversation.reset()


@EITHER
@pytest.mark.parametrize("fault", [cut(), cut(b"25"), cut(b"250-half of it\r\n"), reset, silence])
@pytest.mark.parametrize("step", STEPS)
def test_broken_off_before_the_content_is_safe_to_repeat(
    step: str, fault: Callable[[Asked], None], extensions: tuple[str, ...]
) -> None:
    begun: list[bool] = []
    with Scripted({step: fault}, extensions=extensions) as server:
        outcome = send(server, TO_THREE, timeouts=QUICK, handing_over=lambda: begun.append(True))
        assert (outcome.state, outcome.stage) == ("deferred", STAGES.get(step, "connect"))
        assert outcome.reply is None
        assert outcome.cause
        assert (begun, server.contents) == ([], [])


@EITHER
@pytest.mark.parametrize(
    "fault", [cut(), cut(b"2"), cut(b"250-half of it\r\n"), cut(b"what?\r\n"), reset, silence]
)
def test_broken_off_after_the_content_is_unknown(
    fault: Callable[[Asked], None], extensions: tuple[str, ...]
) -> None:
    with Scripted({".": fault}, extensions=extensions) as server:
        outcome = send(server, TO_THREE, timeouts=QUICK)
        assert (outcome.state, outcome.stage) == ("unknown", "content")
        assert len(outcome.recipients) == 3
        assert server.contents


@pytest.mark.parametrize("leave", [lambda talk: talk.hang_up(), lambda talk: talk.reset()])
def test_broken_off_within_the_content_is_unknown(leave: Callable[[object], None]) -> None:
    def gone(asked: Asked) -> None:
        asked.conversation.sock.sendall(b"354 Go on\r\n")
        asked.conversation.receive()
        leave(asked.conversation)

    with Scripted({"DATA": gone}, extensions=BARE) as server:
        outcome = send(server, letter=b"x\r\n" * 3_000_000, size=9, timeouts=PATIENT)
        assert (outcome.state, outcome.stage) == ("unknown", "content")


def test_a_server_that_stops_taking_content() -> None:
    def stuck(asked: Asked) -> None:
        asked.conversation.sock.sendall(b"354 Go on\r\n")
        stopped.wait_for_it(asked)

    stopped = Stopped()
    with Scripted({"DATA": stuck}, extensions=BARE) as server:
        assert send(server, letter=b"x\r\n" * 3_000_000, size=9, timeouts=QUICK).state == "unknown"
        stopped.go_on()


class Stopped:
    """Reads nothing until the test says so."""

    def __init__(self) -> None:
        self._here, self._there = socket.socketpair()

    def wait_for_it(self, asked: Asked) -> None:
        self._there.recv(1)

    def go_on(self) -> None:
        self._here.send(b"x")


@pytest.mark.parametrize("step", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."])
def test_421_at_any_step(step: str) -> None:
    with Scripted({step: cut(b"421 4.3.2 Shutting down\r\n")}) as server:
        outcome = send(server, TO_THREE)
        assert (outcome.state, outcome.stage) == ("deferred", STAGES.get(step, "connect"))
        assert outcome.reply == Reply(421, "4.3.2", "Shutting down")


def test_421_for_one_recipient_ends_it_for_all() -> None:
    with Scripted({"RCPT": [b"250 OK", b"421 4.7.0 Too fast", b"250 OK"]}) as server:
        outcome = send(server, TO_THREE)
        assert (outcome.state, outcome.stage) == ("deferred", "recipients")
        assert [answer.reply.code for answer in outcome.recipients] == [250]
        assert server.contents == []


@pytest.mark.parametrize("step", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."])
def test_endless_lines(step: str) -> None:
    def endless(asked: Asked) -> None:
        for _ in itertools.count():
            asked.conversation.sock.sendall(b"2" * 65536)

    with Scripted({step: endless}) as server:
        outcome = send(server, TO_THREE)
        assert outcome.state == ("unknown" if step == "." else "deferred")
        assert outcome.stage == STAGES.get(step, "connect")


@pytest.mark.parametrize("step", ["greeting", "EHLO", "MAIL", "."])
def test_endlessly_many_lines(step: str) -> None:
    def endless(asked: Asked) -> None:
        for _ in itertools.count():
            asked.conversation.sock.sendall(b"250-and\r\n" * 1000)

    with Scripted({step: endless}) as server:
        assert send(server).state == ("unknown" if step == "." else "deferred")


@pytest.mark.parametrize("step", ["greeting", "RCPT", "."])
def test_dripping(step: str) -> None:
    """Each octet comes in time, and all of them never do."""

    def drip(asked: Asked) -> None:
        asked.conversation.sock.settimeout(0.05)
        for _ in itertools.count():
            asked.conversation.sock.sendall(b"2")
            try:
                asked.conversation.receive()
            except TimeoutError:
                continue

    with Scripted({step: drip}) as server:
        outcome = send(server, timeouts=QUICK)
        assert outcome.state == ("unknown" if step == "." else "deferred")
        assert "in time" in outcome.cause


@pytest.mark.parametrize("step", ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize("reply", [b"* OK IMAP4rev1", b"HTTP/1.1 400 Bad", b"", b"99", b"199 x", b"699 x", b"250~x",
                                   b"250-a\r\n251 b", b"330 more"])  # fmt: skip
def test_answers_that_make_no_sense(step: str, reply: bytes) -> None:
    with Scripted({step: reply}) as server:
        outcome = send(server)
        assert outcome.state == ("unknown" if step == "." else "deferred")
        assert outcome.cause


def test_more_answers_than_questions_stop_it_before_the_content() -> None:
    def too_much(asked: Asked) -> None:
        asked.conversation.sock.sendall(b"354 Go on\r\n250 2.0.0 Taken\r\n")

    with Scripted({"DATA": too_much}, extensions=BARE) as server:
        outcome = send(server)
        assert (outcome.state, outcome.stage) == ("deferred", "data")


def test_a_yes_before_the_end_is_no_yes() -> None:
    def hasty(asked: Asked) -> None:
        asked.conversation.sock.sendall(b"354 Go on\r\n")
        asked.conversation.receive()
        asked.conversation.sock.sendall(b"250 2.0.0 Taken\r\n")
        while True:
            asked.conversation.receive()

    with Scripted({"DATA": hasty}, extensions=BARE) as server:
        assert send(server, letter=b"x\r\n" * 8_000_000, size=9).state == "unknown"


def test_helo_where_ehlo_is_not_known() -> None:
    with Scripted({"EHLO": b"500 What?", "HELO": b"250 hello"}) as server:
        assert send(server, credentials=None).state == "accepted"
        assert server.names == ["EHLO", "HELO", "MAIL", "RCPT", "DATA", ".", "QUIT"]
        assert send(server, credentials=ALICE).stage == "sign-in"
    with Scripted({"EHLO": b"500 What?", "HELO": b"550 Go away"}) as server:
        assert (send(server).state, send(server).stage) == ("refused", "connect")
    with Scripted({"EHLO": b"451 Later"}) as server:
        assert (send(server).state, server.names) == ("deferred", ["EHLO"])


def test_nobody_there() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = Server("127.0.0.1", nobody.getsockname()[1], "none")
        with pytest.raises(ConnectError, match="No connection"):
            probe(closed)
    with pytest.raises(ConnectError):
        probe(Server("nobody.invalid", 587, "none"), Timeouts(connect=2))
    with pytest.raises(ConnectError):
        probe(Server(f"{'a' * 70}.example", 587, "none"))


def test_a_farewell_that_is_never_answered_changes_nothing() -> None:
    with Scripted({"QUIT": cut()}) as server:
        assert send(server).state == "accepted"
    with Scripted({"QUIT": b"500 Stay"}) as server:
        assert send(server).state == "accepted"


def test_what_a_probe_raises() -> None:
    for greeting, error in (
        (b"554 5.3.2 No service", ReplyError),
        (cut(), ConnectionLostError),
        (b"hello", ProtocolError),
        (b"220-x\r\n" * 300, LimitError),
    ):
        with Scripted({"greeting": greeting}) as server, pytest.raises(error):
            probe(server.address, QUICK)


def test_the_message_is_where_it_was_not_read_when_nothing_was_sent() -> None:
    """A message may be handed to `submit` again without being opened anew when it was deferred."""
    message = io.BytesIO(LETTER)
    with Scripted({"RCPT": b"450 4.7.1 Greylisted"}) as server:
        assert submit(server.address, ALICE, TO_THREE, message, size=9, timeouts=PATIENT).state == "deferred"
    assert message.tell() == 0
