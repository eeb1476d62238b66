"""A section of any size, passed on as it comes; and IDLE."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from tests.imap.scripted import Asked, Scripted, connect, cut
from webmail.imap.commands import (
    noop,
    select,
)
from webmail.imap.errors import (
    ConnectionLostError,
    MissingError,
    NoError,
)
from webmail.imap.server import Limits


def literal(size: int, *, tail: bytes = b")") -> Callable[[Asked], None]:
    def answer(asked: Asked) -> None:
        asked.conversation.send(b"* 5 FETCH (UID 9 BODY[2] {%d}\r\n" % size)
        block = b"x" * 65536
        for start in range(0, size, len(block)):
            asked.conversation.send(block[: size - start])
        asked.ok(tail)

    return answer


@pytest.mark.parametrize("size", [0, 1, 65536, 1_000_003])
def test_stream(size: int) -> None:
    with Scripted(table={"UID FETCH": literal(size, tail=b" FLAGS (\\Seen))")}) as server:
        connection = connect(server, limits=Limits(literal=10, memory=10_000))
        stream = connection.stream(uid=9, section="2", chunk=4096)
        assert stream.size == size
        pieces = list(stream)
        assert sum(map(len, pieces)) == size
        assert max(map(len, pieces), default=0) <= 4096
        connection.run(noop())


def test_a_stream_closed_early() -> None:
    with Scripted(table={"UID FETCH": literal(100_000)}) as server:
        connection = connect(server)
        with connection.stream(uid=9, section="2", chunk=100) as stream:
            next(stream)
        connection.run(noop())
        server.table["UID FETCH"] = literal(30_000_000)
        with connection.stream(uid=9, section="2", chunk=100) as stream:
            next(stream)
        assert connection.closed


@pytest.mark.parametrize(
    ("line", "content"),
    [
        (b'* 5 FETCH (UID 9 BODY[2] "short")', b"short"),
        (b'* 5 FETCH (BODY[2] "" UID 9)', b""),
        (b"* 4 FETCH (FLAGS () UID 8)\r\n* 5 FETCH (FLAGS (\\Seen) BODY[2] {2+}\r\nhi UID 9)", b"hi"),
        (b"* 4 FETCH (UID 8 BODY[2] {2}\r\nno)\r\n* 5 FETCH (UID 9 BODY[2] {2}\r\nhi)", b"hi"),
    ],
)
def test_streams_of_other_shapes(line: bytes, content: bytes) -> None:
    with Scripted(table={"UID FETCH": [line]}) as server:
        connection = connect(server)
        stream = connection.stream(uid=9, section="2")
        assert (stream.size, b"".join(stream)) == (len(content), content)
        connection.run(noop())


@pytest.mark.parametrize("line", [b"* 5 FETCH (UID 9 BODY[2] NIL)", b"* 5 FETCH (UID 9)", b"* 5 EXPUNGE"])
def test_a_stream_of_nothing(line: bytes) -> None:
    with Scripted(table={"UID FETCH": [line]}) as server:
        connection = connect(server)
        with pytest.raises(MissingError):
            connection.stream(uid=9, section="2")
        connection.run(noop())


def test_a_stream_that_breaks_off() -> None:
    with Scripted(table={"UID FETCH": cut(b"* 5 FETCH (UID 9 BODY[2] {100}\r\nabc")}) as server:
        connection = connect(server)
        stream = connection.stream(uid=9, section="2")
        with pytest.raises(ConnectionLostError):
            list(stream)
        assert connection.closed
        stream.close()
    with Scripted(table={"UID FETCH": Asked.no}) as server:
        connection = connect(server)
        with pytest.raises(NoError):
            connection.stream(uid=9, section="2")
        connection.run(noop())


def test_idle_ends_with_news() -> None:
    def idle(asked: Asked) -> None:
        asked.answer(b"+ idling", b"* OK Still here", b"* 4 EXISTS")
        assert asked.conversation.line() == b"DONE\r\n"
        asked.ok()

    with Scripted(table={"SELECT": [b"* 3 EXISTS"], "IDLE": idle}) as server:
        connection = connect(server)
        connection.run(select("INBOX"))
        assert connection.idle(seconds=5)
        assert connection.take_changes().exists
        connection.run(noop())


def test_idle_ends_by_itself_by_a_wake_or_by_bye() -> None:
    def idle(asked: Asked) -> None:
        asked.answer(b"+ idling")
        asked.conversation.line()
        asked.ok()

    with Scripted(table={"IDLE": idle}) as server:
        connection = connect(server)
        assert not connection.idle(seconds=0.05)
        here, there = socket.socketpair()
        with here, there:
            there.send(b"x")
            assert not connection.idle(seconds=30, wake=here.fileno())
        server.table["IDLE"] = Asked.no
        with pytest.raises(NoError):
            connection.idle(seconds=1)
        server.table["IDLE"] = cut(b"+ idling\r\n* BYE bored\r\n")
        with pytest.raises(ConnectionLostError, match="bored"):
            connection.idle(seconds=5)
