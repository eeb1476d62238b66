"""Opening, living and ending of a connection."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.imap.scripted import ALICE, QUICK, Asked, Conversation, Scripted, connect
from webmail.imap import errors
from webmail.imap.commands import (
    noop,
    select,
    status,
)
from webmail.imap.connection import Connection
from webmail.imap.errors import (
    ConnectError,
    ConnectionLostError,
    ImapError,
    TlsError,
    UnavailableError,
)
from webmail.imap.server import Server


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("imaps://mail.example.org", ("mail.example.org", 993, "implicit")),
        ("imap://[::1]:1143/", ("::1", 1143, "none")),
        ("imap+starttls://h:144", ("h", 144, "starttls")),
        ("IMAPS://H", ("h", 993, "implicit")),
    ],
)
def test_server_urls(url: str, wanted: tuple[str, int, str]) -> None:
    server = Server.parse(url)
    assert (server.host, server.port, server.tls) == wanted
    assert Server.parse(str(server)) == server


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://h",
        "imap://",
        "imap://h:x",
        "imap://h:0",
        "imap://u:p@h",
        "imap://h/x",
        "imap://h:99999",
        "imap://[::1",
    ],
)
def test_server_urls_that_are_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"The IMAP URL .*\.$") as caught:
        Server.parse(url)
    assert "u:p" not in str(caught.value)


def test_capabilities_come_from_the_greeting_or_are_asked_for() -> None:
    with Scripted() as server:
        connection = connect(server)
        assert connection.has("literal+")
        assert server.asked == []
    with Scripted(b"* OK hello", {"CAPABILITY": [b"* CAPABILITY imap4rev1 Idle auth=plain"]}) as server:
        connection = connect(server)
        assert connection.capabilities == {"IMAP4REV1", "IDLE", "AUTH=PLAIN"}


@pytest.mark.parametrize(
    "greeting", [b"220 smtp.example.org ESMTP", b"+OK POP3", b"HTTP/1.1 400 Bad", b"* FLAGS ()", b""]
)
def test_a_greeting_that_is_not_imap(greeting: bytes) -> None:
    with (
        Scripted(lambda talk: talk.send(greeting + b"\r\n")) as server,
        pytest.raises(ConnectError, match="IMAP"),
    ):
        connect(server)


@pytest.mark.parametrize(
    ("bye", "error"),
    [
        (b"* BYE Too many connections from your IP", UnavailableError),
        (b"* BYE [UNAVAILABLE] x", UnavailableError),
        (b"* BYE Maximum number of connections exceeded", UnavailableError),
        (b"* BYE Access denied", ConnectError),
    ],
)
def test_bye_instead_of_a_greeting(bye: bytes, error: type[ImapError]) -> None:
    with Scripted(bye) as server, pytest.raises(error):
        connect(server)


def test_no_greeting() -> None:
    with Scripted(b"") as server, pytest.raises(ConnectError):
        connect(server, timeouts=QUICK)
    with Scripted(Conversation.hang_up) as server, pytest.raises(ConnectError):
        connect(server)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ConnectError, match="No connection"):
        Connection.open(Server("127.0.0.1", port, "none"))


def test_preauth_lets_nobody_in_as_somebody() -> None:
    with Scripted(b"* PREAUTH [CAPABILITY IMAP4rev1] hello root") as server:
        connection = connect(server)
        assert connection.preauthenticated
        with pytest.raises(ConnectError, match="PREAUTH"):
            connection.login(ALICE)
    with Scripted(b"* PREAUTH hello") as server, pytest.raises(TlsError):
        connect(server, url=server.url.replace("imap:", "imap+starttls:"))


def test_check_alive_asks_nobody() -> None:
    gone = threading.Event()

    def leave(talk: Conversation) -> None:
        talk.send(b"* OK [CAPABILITY IMAP4rev1] hi\r\n")
        gone.wait(5)
        talk.send(b"* BYE Idle for too long\r\n")

    with Scripted(leave) as server:
        connection = connect(server)
        assert connection.check_alive()
        gone.set()
        connection.transport.readable(5)  # The one thing to wait for is what check_alive does not wait for.
        assert not connection.check_alive()
        assert connection.closed
        assert server.asked == []


def test_check_alive_takes_in_news() -> None:
    with Scripted(table={"SELECT": [b"* 1 EXISTS"]}) as server:
        connection = connect(server)
        connection.run(select("INBOX"))
        server.conversations[0].send(b"* 9 EXISTS\r\n")
        connection.transport.readable(5)
        assert connection.check_alive()
        assert connection.selected is not None
        assert connection.selected.exists == 9


def test_bye_after_the_answer_closes_but_gives_the_answer() -> None:
    with Scripted(table={"STATUS": [b"* STATUS x (MESSAGES 1)", b"* BYE later"]}) as server:
        connection = connect(server)
        (counts,) = connection.run(status("x"))
        assert counts.messages == 1
        assert connection.closed


def test_logout() -> None:
    def leave(asked: Asked) -> None:
        asked.answer(b"* BYE see you", asked.tag + b" OK bye")
        asked.conversation.hang_up()

    with Scripted(table={"LOGOUT": leave}) as server:
        connection = connect(server)
        connection.logout()
        assert connection.closed
        connection.logout()


def test_closed_by_another_thread() -> None:
    asked_for = threading.Event()
    with Scripted(table={"NOOP": lambda asked: asked_for.set()}) as server:
        connection = connect(server)
        failures: list[BaseException] = []

        def wait() -> None:
            try:
                connection.run(noop())
            except ConnectionLostError as error:
                failures.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        assert asked_for.wait(5)
        connection.close()
        thread.join(5)
        assert len(failures) == 1
        assert not isinstance(failures[0], errors.TimeoutError)


def test_two_threads_are_told_apart() -> None:
    with Scripted(table={"UID FETCH": [b"* 1 FETCH (UID 1 BODY[1] {3}\r\nabc)"]}) as server:
        connection = connect(server)
        stream = connection.stream(uid=1, section="1")
        with pytest.raises(RuntimeError, match="in use"):
            connection.run(noop())
        stream.close()
        connection.run(noop())
