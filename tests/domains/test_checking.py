"""The administrator's test of a domain's servers, on real ones and on what goes wrong."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers.certificate import Authority
from tests.servers.dovecot import Dovecot
from tests.sieve.test_greeting import PIGEONHOLE, speaking
from tests.smtp.scripted import Scripted
from webmail.domains import checking
from webmail.domains.checking import ServerReport, check_domain
from webmail.domains.domain import Domain
from webmail.domains.models import MailDomain
from webmail.domains.registry import of_row
from webmail.wire.server import Timeouts


@pytest.fixture
def silent() -> Iterator[str]:
    """host:port of a server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def only(report: ServerReport) -> str:
    (problem,) = report.problems
    return problem


def test_all_three(dovecot: Dovecot) -> None:
    ca = dovecot.ca_file.read_text()
    with Scripted() as smtp, speaking(PIGEONHOLE, b"OK\r\n") as sieve:
        domain = Domain(imap_url=dovecot.tls_url, smtp_url=smtp.url, sieve_url=str(sieve), ca_pem=ca)
        found = check_domain(domain)
    assert found.works
    assert [server.state for server in found.servers] == ["works"] * 3
    assert found.imap.address == dovecot.tls_url
    assert found.imap.tls.startswith("TLSv1.")
    assert found.imap.certificate
    assert "127.0.0.1" in found.imap.certificate.names
    assert "Ekorn test authority" in found.imap.certificate.issuer
    assert "IDLE" in found.imap.capabilities
    assert {"DSN", "AUTH=PLAIN"} <= set(found.submission.capabilities)
    assert "sieve:vacation" in found.sieve.capabilities


@pytest.mark.django_db
def test_a_row_that_is_not_saved_yet(dovecot: Dovecot) -> None:
    row = MailDomain(name="fjord.example", imap_url=dovecot.url)
    found = check_domain(of_row(row))
    assert [server.state for server in found.servers] == ["works", "none", "none"]


def test_a_certificate_that_nobody_vouches_for(dovecot: Dovecot) -> None:
    found = check_domain(Domain(imap_url=dovecot.tls_url)).imap
    assert found.state == "fails"
    assert "not trusted" in only(found)
    assert "your own authority" in only(found)
    unverified = check_domain(Domain(imap_url=dovecot.tls_url, verify=False)).imap
    assert unverified.state == "doubtful"
    assert "not verified" in unverified.doubts[0]


def test_one_that_ends_soon(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=3)
    keys = authority.issue(not_after=soon)
    with speaking(PIGEONHOLE, b"OK\r\n", keys=keys) as server:
        found = check_domain(Domain(sieve_url=str(server), ca_file=str(authority.ca_file))).sieve
    assert found.state == "doubtful"
    assert "ends on" in found.doubts[0]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "no server is set"),
        ("https://mail.example", "has to start with"),
        ("imap://127.0.0.1:1", "There is no connection"),
    ],
)
def test_nobody_there(url: str, words: str) -> None:
    assert words in only(check_domain(Domain(imap_url=url)).imap)


def test_another_protocol(dovecot: Dovecot) -> None:
    with Scripted() as smtp:
        place = smtp.url.removeprefix("smtp://")
        assert "no connection" in only(check_domain(Domain(imap_url=f"imap://{place}")).imap)
    place = dovecot.url.removeprefix("imap://")
    assert only(check_domain(Domain(smtp_url=f"smtp://{place}")).submission)
    assert only(check_domain(Domain(sieve_url=f"sieve://{place}")).sieve)


def test_silence_is_told_in_time(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PATIENT", Timeouts(connect=1, tls=1, read=0.1, total=0.2))
    domain = Domain(imap_url=f"imap://{silent}", smtp_url=f"smtp://{silent}", sieve_url=f"sieves://{silent}")
    assert all(only(server) for server in check_domain(domain).servers)


def test_a_ca_that_is_none(dovecot: Dovecot) -> None:
    found = check_domain(Domain(imap_url=dovecot.tls_url, ca_file="/nowhere.pem")).imap
    assert only(found)
    assert only(check_domain(replace(Domain(imap_url=dovecot.tls_url), ca_pem="no PEM")).imap)
