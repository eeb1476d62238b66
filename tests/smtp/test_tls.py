"""STARTTLS and certificates, where somebody listens in."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import pytest

from tests.servers.certificate import Authority
from tests.smtp.scripted import PATIENT, QUICK, Asked, Scripted, cut
from tests.smtp.test_submit import send
from webmail.smtp.errors import TlsError
from webmail.smtp.probe import probe
from webmail.smtp.server import Server, Timeouts

CLEAR = b"250-mail.example\r\n250-STARTTLS\r\n250-X-INJECTED\r\n250 AUTH PLAIN"
WITHIN = b"250-mail.example\r\n250-SIZE 1000\r\n250 AUTH PLAIN"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def context_of(authority: Authority, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    keys = authority.issue(name, file_name=name)
    context.load_cert_chain(keys.cert_file, keys.key_file)
    return context


def starttls(
    authority: Authority, *, extra: bytes = b"", name: str = "127.0.0.1"
) -> dict[str, Callable[[Asked], None] | list[bytes]]:
    def answer(asked: Asked) -> None:
        talk = asked.conversation
        talk.sock.sendall(b"220 2.0.0 Go on\r\n" + extra)
        talk.sock = context_of(authority, name).wrap_socket(talk.sock, server_side=True)

    return {"EHLO": [CLEAR, WITHIN], "STAR": answer}


def upgrade(server: Scripted, authority: Authority | None = None, *, verify: bool = True) -> Server:
    ca_file = str(authority.ca_file) if authority else None
    return Server.parse(server.url.replace("smtp:", "smtp+starttls:"), ca_file=ca_file, verify=verify)


def test_starttls_forgets_what_was_said_in_clear(authority: Authority) -> None:
    with Scripted(starttls(authority)) as server:
        offer = probe(upgrade(server, authority), PATIENT)
        assert offer.extensions == {"SIZE", "AUTH"}
        assert offer.tls is not None
        assert offer.tls[0].startswith("TLSv1.")
        assert server.names == ["EHLO", "STAR", "EHLO", "QUIT"]
        assert b"PLAIN" not in server.received.partition(b"STARTTLS")[0]


@pytest.mark.parametrize("extra", [b"250 AUTH PLAIN\r\n", b"250-AUTH", b"\r\n", b"x"])
def test_starttls_injection(authority: Authority, extra: bytes) -> None:
    with Scripted(starttls(authority, extra=extra)) as server, pytest.raises(TlsError):
        probe(upgrade(server, authority), QUICK)


@pytest.mark.parametrize(
    "table",
    [
        {"EHLO": CLEAR, "STAR": b"454 4.7.0 TLS not available"},
        {"EHLO": CLEAR, "STAR": b"502 5.5.1 What?"},
        {"EHLO": CLEAR, "STAR": cut()},
        {"EHLO": CLEAR, "STAR": cut(b"220 Go on\r\n")},
        {"EHLO": WITHIN},
        {"EHLO": b"502 What?", "HELO": b"250 hello"},
    ],
)
def test_no_starttls_no_password_and_no_mail(table: dict[str, bytes]) -> None:
    with Scripted(table) as server:
        outcome = send(server, address=upgrade(server))
        assert (outcome.state, outcome.stage) == ("deferred", "tls")
        assert not {"AUTH", "MAIL"} & set(server.names)


def test_certificates_are_verified(authority: Authority) -> None:
    with Scripted(starttls(authority)) as server:
        with pytest.raises(TlsError, match="not trusted"):
            probe(upgrade(server), PATIENT)
        assert probe(upgrade(server, verify=False), PATIENT).tls
    with Scripted(starttls(authority, name="other.example")) as server:
        with pytest.raises(TlsError, match="not trusted"):
            probe(upgrade(server, authority), PATIENT)
        outcome = send(server, address=upgrade(server, authority))
        assert (outcome.state, outcome.stage) == ("deferred", "tls")
        assert "not trusted" in outcome.cause
        assert "AUTH" not in server.names


def test_a_bundle_that_is_not_there(authority: Authority) -> None:
    with Scripted(starttls(authority)) as server, pytest.raises(TlsError):
        probe(Server.parse(str(upgrade(server)), ca_file="/nonexistent.pem"), PATIENT)


def test_implicit_tls(authority: Authority) -> None:
    def wrap(asked: Asked) -> None:
        talk = asked.conversation
        talk.sock = context_of(authority).wrap_socket(talk.sock, server_side=True)
        talk.sock.sendall(b"220 ready\r\n")

    with Scripted({"greeting": wrap, "EHLO": WITHIN}) as server:
        url = server.url.replace("smtp:", "smtps:")
        assert probe(Server.parse(url, ca_file=str(authority.ca_file)), PATIENT).size_limit == 1000


def test_tls_with_a_server_that_does_not_speak_it() -> None:
    with Scripted() as server, pytest.raises(TlsError):
        probe(Server.parse(server.url.replace("smtp:", "smtps:")), QUICK)
    silent = {"greeting": lambda asked: asked.conversation.receive()}
    with Scripted(silent) as server, pytest.raises(TlsError):
        probe(Server.parse(server.url.replace("smtp:", "smtps:")), Timeouts(tls=0.3))
