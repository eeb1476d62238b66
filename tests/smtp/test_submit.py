"""What becomes of a submission that goes well, and what is said on the wire for it."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from tests.smtp.scripted import ALICE, PATIENT, Asked, Scripted, cut
from webmail.smtp.envelope import Dsn, Envelope
from webmail.smtp.outcome import Outcome
from webmail.smtp.reply import Reply
from webmail.smtp.server import Server
from webmail.smtp.submit import submit

TO_OLA = Envelope("kari@a.example", ("ola@b.example",))
TO_THREE = Envelope("kari@a.example", ("ola@b.example", "per@b.example", "eva@c.example"))
LETTER = b"Subject: hei\r\n\r\n.punktum\r\n"
BARE = ("SIZE 1000000", "8BITMIME", "AUTH PLAIN")


def send(
    server: Scripted,
    envelope: Envelope = TO_OLA,
    letter: bytes = LETTER,
    *,
    address: Server | None = None,
    **options: object,
) -> Outcome:
    options = {"timeouts": PATIENT, "credentials": ALICE, "size": len(letter), **options}
    return submit(address or server.address, envelope=envelope, message=io.BytesIO(letter), **options)


@pytest.mark.parametrize("extensions", [("PIPELINING", *BARE), BARE])
def test_accepted(extensions: tuple[str, ...]) -> None:
    with Scripted(extensions=extensions) as server:
        outcome = send(server, TO_THREE)
        assert outcome.state == "accepted"
        assert outcome.stage == "content"
        assert outcome.reply == Reply(250, "2.0.0", "Taken as 1")
        assert [answer.address for answer in outcome.recipients] == list(TO_THREE.recipients)
        assert server.contents == [b"Subject: hei\r\n\r\n..punktum\r\n"]
        assert server.names == ["EHLO", "AUTH", "MAIL", "RCPT", "RCPT", "RCPT", "DATA", ".", "QUIT"]


def test_pipelined_commands_do_not_wait_for_answers() -> None:
    def after_all(asked: Asked) -> None:
        while not asked.conversation.buffer.endswith(b"DATA\r\n"):
            asked.conversation.receive()
        asked.answer(b"250 2.1.0 OK")

    with Scripted({"MAIL": after_all}) as server:
        assert send(server, TO_THREE).state == "accepted"


def test_without_pipelining_each_waits_for_its_answer() -> None:
    ahead = []

    def alone(asked: Asked) -> None:
        ahead.append(asked.conversation.buffer)
        asked.answer(b"250 2.1.0 OK")

    with Scripted({"MAIL": alone, "RCPT": alone}, extensions=BARE) as server:
        assert send(server, TO_THREE).state == "accepted"
    assert ahead == [b""] * 4


@pytest.mark.parametrize("extensions", [("PIPELINING", *BARE), BARE])
def test_some_refused_the_others_get_it(extensions: tuple[str, ...]) -> None:
    replies = [b"250 2.1.5 OK", b"550 5.1.1 Nobody by that name", b"450 4.7.1 Greylisted"]
    with Scripted({"RCPT": replies}, extensions=extensions) as server:
        outcome = send(server, TO_THREE)
        assert outcome.state == "accepted"
        assert [str(answer.reply) for answer in outcome.recipients] == [
            "250 2.1.5 OK",
            "550 5.1.1 Nobody by that name",
            "450 4.7.1 Greylisted",
        ]
        assert len(server.contents) == 1


@pytest.mark.parametrize("extensions", [("PIPELINING", *BARE), BARE])
@pytest.mark.parametrize(
    ("replies", "state", "code"),
    [
        ([b"550 5.1.1 No", b"551 5.1.1 No", b"550 No"], "refused", 550),
        ([b"550 5.1.1 No", b"450 4.7.1 Greylisted", b"550 No"], "deferred", 450),
        ([b"451 4.3.0 Later"], "deferred", 451),
    ],
)
def test_all_refused_nothing_is_sent(
    extensions: tuple[str, ...], replies: list[bytes], state: str, code: int
) -> None:
    begun = []
    with Scripted({"RCPT": replies, ".": b"554 5.5.1 No valid recipients"}, extensions=extensions) as server:
        outcome = send(server, TO_THREE, handing_over=lambda: begun.append(True))
        assert (outcome.state, outcome.stage) == (state, "recipients")
        assert outcome.reply is not None
        assert outcome.reply.code == code
        assert len(outcome.recipients) == 3
        # Asked for in the same write, DATA may have been granted: an empty content for nobody ends it.
        assert server.contents == ([b""] if "PIPELINING" in extensions else [])
        assert server.names[-1] == "QUIT"
    assert not begun


def test_a_lone_dot_for_nobody_that_is_taken_is_still_a_refusal() -> None:
    with Scripted({"RCPT": b"550 5.1.1 No"}) as server:
        assert send(server).state == "refused"


@pytest.mark.parametrize("extensions", [("PIPELINING", *BARE), BARE])
def test_the_sender_is_refused(extensions: tuple[str, ...]) -> None:
    table = {"MAIL": b"553 5.7.1 Not yours", "RCPT": b"503 5.5.1 MAIL first", "DATA": b"503 5.5.1 MAIL first"}
    with Scripted(table, extensions=extensions) as server:
        outcome = send(server)
        assert (outcome.state, outcome.stage) == ("refused", "sender")
        assert outcome.reply == Reply(553, "5.7.1", "Not yours")
        assert outcome.recipients == ()
        assert not server.contents


def test_a_refusal_stands_when_the_server_hangs_up_over_it() -> None:
    with Scripted({"MAIL": cut(b"550 5.7.1 Go away\r\n")}) as server:
        assert (send(server).state, server.contents) == ("refused", [])
    with Scripted({"RCPT": b"550 5.1.1 No", "DATA": cut()}) as server:
        assert (send(server).state, server.contents) == ("refused", [])


@pytest.mark.parametrize(
    ("reply", "state"),
    [(b"554 5.7.1 Spam", "refused"), (b"451 4.3.0 Disk full", "deferred"), (b"421 Bye", "deferred")],
)
@pytest.mark.parametrize(("step", "stage"), [("DATA", "data"), (".", "content"), ("greeting", "connect")])
def test_a_no_at_each_step(step: str, stage: str, reply: bytes, state: str) -> None:
    with Scripted({step: reply}) as server:
        outcome = send(server)
        assert (outcome.state, outcome.stage) == (state, stage)
        assert outcome.reply is not None
        assert outcome.reply.code == int(reply[:3])


def test_handing_over_is_before_the_content_and_after_the_go_ahead() -> None:
    with Scripted() as server:
        seen = []
        outcome = send(server, handing_over=lambda: seen.append((server.names[-1], server.contents[:])))
        assert outcome.state == "accepted"
        assert seen == [("DATA", [])]


def test_what_handing_over_raises_comes_through_and_nothing_was_sent() -> None:
    def crash() -> None:
        raise RuntimeError("the database is gone")

    with Scripted() as server:
        with pytest.raises(RuntimeError):
            send(server, handing_over=crash)
        assert not server.contents


def test_a_message_that_cannot_be_read_is_never_complete() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("bad sector")
            return super().read(5)

    with Scripted() as server:
        with pytest.raises(OSError, match="bad sector"):
            submit(server.address, ALICE, TO_OLA, Broken(LETTER), size=5, timeouts=PATIENT)
        assert not server.contents


def test_extensions_are_used_where_offered() -> None:
    dsn = Dsn("<a+b=c@a.example>", "HDRS", ("SUCCESS", "FAILURE"))
    envelope = Envelope("kari@a.example", ("ola+x@b.example", "pål@b.example"), eight_bit=True, dsn=dsn)
    with Scripted() as server:
        assert send(server, envelope).state == "accepted"
        assert server.wires("MAIL") == [
            f"MAIL FROM:<kari@a.example> SIZE={len(LETTER)} BODY=8BITMIME SMTPUTF8 RET=HDRS"
            " ENVID=<a+2Bb+3Dc@a.example>".encode()
        ]
        assert server.wires("RCPT") == [
            b"RCPT TO:<ola+x@b.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;ola+2Bx@b.example",
            "RCPT TO:<pål@b.example> NOTIFY=SUCCESS,FAILURE".encode(),
        ]


def test_extensions_are_not_used_where_not_offered() -> None:
    with Scripted(extensions=("AUTH PLAIN",)) as server:
        assert send(server, Envelope("", ("ola@b.example",), dsn=Dsn(notify=()))).state == "accepted"
        assert server.wires("MAIL") == [b"MAIL FROM:<>"]
        assert server.wires("RCPT") == [b"RCPT TO:<ola@b.example>"]


@pytest.mark.parametrize(
    ("extension", "envelope", "stage"),
    [
        ("SMTPUTF8", Envelope("kari@a.example", ("pål@b.example",)), "utf8"),
        ("SMTPUTF8", Envelope("kari@a.example", ("ola@b.example",), utf8=True), "utf8"),
        ("8BITMIME", Envelope("kari@a.example", ("ola@b.example",), eight_bit=True), "eight-bit"),
    ],
)
def test_what_is_needed_and_not_offered_is_said(extension: str, envelope: Envelope, stage: str) -> None:
    offered = [name for name in ("8BITMIME", "SMTPUTF8", "AUTH PLAIN") if name != extension]
    with Scripted(extensions=offered) as server:
        outcome = send(server, envelope)
        assert (outcome.state, outcome.stage) == ("refused", stage)
        assert extension in outcome.cause
        assert "MAIL" not in server.names


def test_too_large_is_said_before_sending() -> None:
    with Scripted(extensions=("SIZE 1000", "AUTH PLAIN")) as server:
        outcome = send(server, size=1001)
        assert (outcome.state, outcome.stage) == ("refused", "size")
        assert "1001" in outcome.cause
        assert "MAIL" not in server.names
        assert send(server, size=1000).state == "accepted"
    with Scripted(extensions=("SIZE 0", "AUTH PLAIN")) as server:
        assert send(server, size=1 << 40).state == "accepted"


@pytest.mark.parametrize(
    "address",
    ["a\r\nRCPT TO:<x@y.example>", "a\n@b", "a\r@b", "a\0@b", "a b@c", "a>@b", "<a@b", "a\x7f@b", "a\x85@b",
     "a\u2028@b", "a\ud800@b", "", f"{'a' * 330}@b"],
)  # fmt: skip
def test_addresses_that_could_say_more_never_reach_a_server(address: str) -> None:
    with Scripted() as server:
        for envelope in (
            Envelope("kari@a.example", ("ola@b.example", address)),
            Envelope(address or "\n", ("ola@b.example",)),
        ):
            outcome = send(server, envelope)
            assert (outcome.state, outcome.stage) == ("refused", "address")
        assert server.asked == []
    assert send(server, Envelope("kari@a.example", ())).stage == "address"


def test_a_large_message_to_a_server_that_says_no_early() -> None:
    """One that answers in the middle and hangs up: its answer counts."""

    def enough(asked: Asked) -> None:
        asked.conversation.sock.sendall(b"354 Go on\r\n")
        for _ in range(5):
            asked.conversation.receive()
        asked.conversation.sock.sendall(b"552 5.3.4 Too large\r\n")
        while True:
            asked.conversation.receive()

    with Scripted({"DATA": enough}, extensions=("AUTH PLAIN",)) as server:
        outcome = send(server, letter=b"x\r\n" * 5_000_000)
        assert (outcome.state, outcome.stage) == ("refused", "content")
        assert outcome.reply == Reply(552, "5.3.4", "Too large")


def test_many_recipients_in_one_write_do_not_lock_up() -> None:
    """Neither side may wait for the other to read."""
    many = tuple(f"person{number}@b.example" for number in range(3000))
    with Scripted({"RCPT": b"250 2.1.5 " + b"x" * 300}) as server:
        outcome = send(server, Envelope("kari@a.example", many))
        assert outcome.state == "accepted"
        assert len(outcome.recipients) == 3000


def test_25_mb_cost_little_memory() -> None:
    class Large(io.RawIOBase):
        left = 25_000_000

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return b"\n" * size

    def swallow(asked: Asked) -> None:
        talk = asked.conversation
        talk.sock.sendall(b"354 Go on\r\n")
        end = b""
        while not end.endswith(b"\r\n.\r\n"):
            end = end[-5:] + talk.sock.recv(65536)
        asked.name = "."
        asked.answer(b"250 2.0.0 Taken")

    with Scripted({"DATA": swallow}, extensions=("AUTH PLAIN",)) as server:
        tracemalloc.start()
        try:
            outcome = submit(server.address, ALICE, TO_OLA, Large(), size=25_000_000, timeouts=PATIENT)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert outcome.state == "accepted"
    assert peak < 1 << 20
