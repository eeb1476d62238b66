"""What ManageSieve servers say before anybody signs in."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.certificate import Authority, KeyPair
from webmail.sieve.greeting import probe, told_by
from webmail.sieve.server import Server, Timeouts
from webmail.wire.errors import ConnectError, ConnectionLostError, LimitError, TlsError, WireError

PIGEONHOLE = (
    b'"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n"SIEVE" "fileinto reject vacation"\r\n'
    b'"SASL" "PLAIN LOGIN"\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "Dovecot ready."\r\n'
)


def _accepted(listening: socket.socket, keys: KeyPair | None) -> socket.socket:
    client = listening.accept()[0]
    if keys is None:
        return client
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(keys.cert_file, keys.key_file)
    return context.wrap_socket(client, server_side=True)


@contextmanager
def speaking(*answers: bytes, keys: KeyPair | None = None) -> Iterator[Server]:
    """A server that says the first at once and the next after each line that it is told, to one client; with keys
    over TLS."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), closing(_accepted(listening, keys)) as client:
            for answer in answers:
                client.sendall(answer)
                if not client.recv(1000):
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with closing(listening):
        yield Server("127.0.0.1", listening.getsockname()[1], "implicit" if keys else "none")
        thread.join()


def test_capabilities() -> None:
    with speaking(PIGEONHOLE, b'OK "Bye"\r\n') as server:
        told = probe(server)
    assert told.mechanisms == ("PLAIN", "LOGIN")
    assert told.extensions == ("fileinto", "reject", "vacation")
    assert (told.tls, told.certificate, told.secure) == (None, None, True)


def test_a_literal_and_quotes() -> None:
    told = told_by(b'"IMPLEMENTATION" {5}\r\na "b\\\r\n"NOTIFY" "x \\"y\\" \\\\"\r\nOK {2+}\r\nok\r\n')
    assert told == {"IMPLEMENTATION": 'a "b\\', "NOTIFY": 'x "y" \\'}


@pytest.mark.parametrize(
    "greeting", [b'BYE "Too busy"\r\n', b"NO\r\n", b"* OK IMAP4rev1 ready\r\n", b"220 smtp\r\n"]
)
def test_what_is_no_greeting(greeting: bytes) -> None:
    with speaking(greeting) as server, pytest.raises(ConnectError):
        probe(server)


@pytest.mark.parametrize("greeting", [b'"X" {999999}\r\n', b'"X" "1"\r\n' * 201, b"x" * 70_000])
def test_too_much(greeting: bytes) -> None:
    with pytest.raises(LimitError):
        told_by(greeting)


def test_an_end_too_soon() -> None:
    with pytest.raises(ConnectionLostError):
        told_by(b'"SIEVE" "fileinto"\r\n')


def test_no_tls_where_tls_is_wanted() -> None:
    with (
        speaking(b'"SIEVE" ""\r\nOK\r\n') as server,
        pytest.raises(TlsError, match="does not offer STARTTLS"),
    ):
        probe(Server(server.host, server.port, "starttls"))


def test_more_after_starttls_is_somebody_elses() -> None:
    with (
        speaking(PIGEONHOLE, b'OK "go on"\r\n"SASL" "EXTERNAL"\r\n') as server,
        pytest.raises(TlsError, match="tampered"),
    ):
        probe(Server(server.host, server.port, "starttls"))


def test_starttls_and_the_certificate(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    keys = authority.issue()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(keys.cert_file, keys.key_file)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client = listening.accept()[0]
        client.sendall(PIGEONHOLE)
        client.recv(100)
        client.sendall(b'OK "go on"\r\n')
        with context.wrap_socket(client, server_side=True) as secure:
            secure.sendall(PIGEONHOLE.replace(b'"STARTTLS"\r\n', b""))
            secure.recv(100)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with closing(listening):
        port = listening.getsockname()[1]
        told = probe(Server("127.0.0.1", port, "starttls", str(authority.ca_file)))
        thread.join()
    assert told.tls
    assert told.certificate
    assert "STARTTLS" not in told.capabilities


def test_silence_ends_in_time() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        server = Server("127.0.0.1", listening.getsockname()[1], "none")
        with pytest.raises(WireError):
            probe(server, Timeouts(connect=1, tls=1, read=0.05, total=0.1))


@given(
    st.lists(
        st.sampled_from([b'"', b"\\", b"{3}", b"\r\n", b"OK", b" ", b"BYE", b"a", b"\xff", b"\0"]),
        max_size=40,
    )
)
def test_anything_is_read_or_refused(pieces: list[bytes]) -> None:
    with suppress(WireError):
        assert isinstance(told_by(b"".join(pieces)), dict)
