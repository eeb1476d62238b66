"""STARTTLS and certificates, where somebody listens in."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest

from tests.imap.scripted import PATIENT, QUICK, Asked, Scripted, connect
from tests.servers.certificate import Authority
from webmail.imap.connection import Connection
from webmail.imap.errors import (
    TlsError,
)
from webmail.imap.server import Server, Timeouts


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def starttls(authority: Authority, *, extra: bytes = b"", name: str = "127.0.0.1") -> Callable[[Asked], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    keys = authority.issue(name, file_name=name)
    context.load_cert_chain(keys.cert_file, keys.key_file)

    def answer(asked: Asked) -> None:
        talk = asked.conversation
        talk.send(asked.tag + b" OK begin\r\n" + extra)
        talk.sock = context.wrap_socket(talk.sock, server_side=True)

    return answer


def upgrade_url(server: Scripted) -> str:
    return server.url.replace("imap:", "imap+starttls:")


def test_starttls_forgets_what_was_said_in_clear(authority: Authority) -> None:
    table = {"STARTTLS": starttls(authority), "CAPABILITY": [b"* CAPABILITY IMAP4rev1 AUTH=PLAIN"]}
    greeting = (
        b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED X-INJECTED] [ALERT] call us at evil.example"
    )
    with Scripted(greeting, table) as server:
        url = Server.parse(upgrade_url(server), ca_file=str(authority.ca_file))
        connection = Connection.open(url, timeouts=PATIENT)
        assert connection.capabilities == {"IMAP4REV1", "AUTH=PLAIN"}
        assert connection.secure
        assert connection.take_alerts() == []
        assert server.names == ["STARTTLS", "CAPABILITY"]


def test_starttls_injection(authority: Authority) -> None:
    table = {"STARTTLS": starttls(authority, extra=b"* CAPABILITY IMAP4rev1 X-INJECTED\r\n")}
    with Scripted(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi", table) as server, pytest.raises(TlsError):
        Connection.open(Server.parse(upgrade_url(server), ca_file=str(authority.ca_file)), timeouts=QUICK)


def test_starttls_refused_or_not_offered() -> None:
    with (
        Scripted(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi", {"STARTTLS": Asked.no}) as server,
        pytest.raises(TlsError),
    ):
        connect(server, url=upgrade_url(server))
    with (
        Scripted(b"* OK [CAPABILITY IMAP4rev1] hi") as server,
        pytest.raises(TlsError, match="does not offer"),
    ):
        connect(server, url=upgrade_url(server))
    leave = {"STARTTLS": lambda asked: asked.conversation.hang_up()}
    with Scripted(b"* OK hi", leave) as server, pytest.raises(TlsError):
        connect(server, url=upgrade_url(server))


def test_certificates_are_verified(authority: Authority) -> None:
    table = {"STARTTLS": starttls(authority)}
    with Scripted(b"* OK hi", table) as server:
        with pytest.raises(TlsError, match="not trusted"):
            connect(server, url=upgrade_url(server))
        unverified = Server.parse(upgrade_url(server), verify=False)
        assert Connection.open(unverified, timeouts=PATIENT).secure
    table = {"STARTTLS": starttls(authority, name="other.example")}
    with Scripted(b"* OK hi", table) as server, pytest.raises(TlsError, match="not trusted"):
        Connection.open(Server.parse(upgrade_url(server), ca_file=str(authority.ca_file)), timeouts=PATIENT)


def test_tls_with_a_server_that_does_not_speak_it() -> None:
    with Scripted(b"* OK hi") as server, pytest.raises(TlsError):
        connect(server, url=server.url.replace("imap:", "imaps:"), timeouts=QUICK)
    with Scripted(b"") as server, pytest.raises(TlsError, match="in time"):
        connect(server, url=server.url.replace("imap:", "imaps:"), timeouts=Timeouts(tls=0.3))
    with pytest.raises(TlsError), Scripted(b"* OK hi") as server:
        Connection.open(Server.parse(server.url.replace("imap:", "imaps:"), ca_file="/nonexistent.pem"))
