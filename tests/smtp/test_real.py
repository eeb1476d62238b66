"""Real submission servers: Postfix and Dovecot's own, with the people of a real Dovecot; and aiosmtpd."""

from __future__ import annotations

import contextlib
import io
import re
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from aiosmtpd.smtp import Envelope as SmtpEnvelope

from tests.servers.certificate import Authority
from tests.servers.dovecot import MailUser
from tests.servers.dovecot_submission import DovecotSubmission
from tests.servers.ports import free_ports
from tests.servers.post import Post, Posted
from tests.servers.postfix import Postfix
from tests.servers.postfix_config import Options
from tests.servers.test_submission import KINDS
from webmail.smtp.envelope import Dsn, Envelope
from webmail.smtp.outcome import Outcome
from webmail.smtp.probe import probe
from webmail.smtp.server import Password, Server, Timeouts
from webmail.smtp.submit import submit

PATIENT = Timeouts(connect=20, tls=20, read=20, total=60, answer=20)
IMPATIENT = Timeouts(connect=20, tls=20, read=20, total=60, answer=0.5)


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=KINDS, scope="module")
def small(request: pytest.FixtureRequest, post: Post) -> Iterator[Postfix | DovecotSubmission]:
    """One that takes 2000 octets, and that a test may stop."""
    if request.param == "postfix":
        server: Postfix | DovecotSubmission = Postfix(post, Options(message_size_limit=2000))
    else:
        server = DovecotSubmission(post, message_size_limit=2000)
    with server:
        yield server


class Writer:
    """A person who sends to themself; each letter has a mark of its own."""

    def __init__(self, user: MailUser, post: Post) -> None:
        self.user, self.post = user, post
        self.address = post.address(user)

    def send(self, url: str, letter: bytes = b"Hei\r\n", **options) -> Outcome:
        content = b"Subject: %s\r\n\r\n" % self.user.name.encode() + letter
        recipients = options.pop("to", (self.address,))
        envelope = Envelope(options.pop("sender", self.address), recipients, **options.pop("envelope", {}))
        return submit(
            Server.parse(url, ca_file=options.pop("ca_file", None)),
            options.pop("credentials", Password(self.user.name, self.user.password)),
            envelope,
            io.BytesIO(content),
            **{"size": len(content), "timeouts": PATIENT, **options},
        )

    def mine(self, posted: Posted) -> bool:
        return b"Subject: %s\r\n" % self.user.name.encode() in posted.content

    def arrived(self) -> bytes:
        """The body of the first letter that came."""
        return self.post.wait_for(self.mine).content.partition(b"\r\n\r\n")[2]


@pytest.fixture
def writer(mail_user: MailUser, post: Post) -> Writer:
    return Writer(mail_user, post)


@pytest.mark.parametrize("kind", ["url", "starttls_url", "tls_url"])
def test_accepted_and_delivered(kind: str, server, writer: Writer) -> None:
    outcome = writer.send(getattr(server, kind), ca_file=str(server.ca_file))
    assert (outcome.state, outcome.stage) == ("accepted", "content")
    assert outcome.recipients[0].reply.positive
    assert writer.arrived() == b"Hei\r\n"
    with writer.user.imap() as client:
        assert client.select("INBOX") == ("OK", [b"1"])


def test_an_authority_that_nobody_named(server, writer: Writer) -> None:
    for url in (server.starttls_url, server.tls_url):
        outcome = writer.send(url)
        assert (outcome.state, outcome.stage) == ("deferred", "tls")
        assert "not trusted" in outcome.cause


def test_a_wrong_password(server, writer: Writer) -> None:
    outcome = writer.send(server.url, credentials=Password(writer.user.name, "wrong"))
    assert (outcome.state, outcome.stage, outcome.reply.code) == ("refused", "sign-in", 535)


def test_without_signing_in(server, writer: Writer) -> None:
    outcome = writer.send(server.url, credentials=None)
    assert outcome.state == "refused"
    assert outcome.stage in ("sender", "recipients")


def test_some_recipients_refused(server, writer: Writer, post: Post) -> None:
    nobody, grey = f"nobody-{writer.user.name}@example.org", f"grey-{writer.user.name}@example.org"
    post.refuse(nobody, "550 5.1.1 No such person")
    post.refuse(grey, "450 4.7.1 Greylisted")
    outcome = writer.send(server.url, to=(writer.address, nobody, grey))
    assert outcome.state == "accepted"
    assert [answer.reply.code for answer in outcome.recipients] == [250, 550, 450]
    assert "No such person" in outcome.recipients[1].reply.text
    assert writer.arrived() == b"Hei\r\n"
    assert writer.send(server.url, to=(nobody,)).state == "refused"
    assert writer.send(server.url, to=(nobody, grey)).state == "deferred"


def test_a_sender_refused(server, writer: Writer, post: Post) -> None:
    post.refuse(f"boss-{writer.user.name}@example.org", "553 5.7.1 Not yours")
    outcome = writer.send(server.url, sender=f"boss-{writer.user.name}@example.org")
    assert (outcome.state, outcome.reply.code) == ("refused", 553)


@pytest.mark.parametrize(
    "end", [b"\r\n.\r\n", b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\r.\n", b"\r\n\0.\r\n"]
)
def test_nothing_is_smuggled(end: bytes, server, writer: Writer) -> None:
    second = b"MAIL FROM:<x@example.org>\r\nRCPT TO:<y@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n"
    before = len(writer.post.posted)
    assert writer.send(server.url, b"one" + end + second + b".\r\n").state == "accepted"
    body = writer.arrived()
    sent = re.sub(rb"\r\n|\r|\n", b"\r\n", b"one" + end + second + b".\r\n")
    assert body.replace(b"\0", b"") == sent.replace(b"\0", b"")
    assert not [
        posted for posted in writer.post.posted[before:] if posted.content.startswith(b"Subject: smug")
    ]


def test_too_large_for_it(small, writer: Writer) -> None:
    """Said before sending where we know the size, and by the server where we were wrong about it."""
    assert probe(Server.parse(small.url), PATIENT).size_limit == 2000
    outcome = writer.send(small.url, b"x\r\n" * 2000)
    assert (outcome.state, outcome.stage) == ("refused", "size")
    outcome = writer.send(small.url, b"x\r\n" * 2000, size=100)
    assert (outcome.state, outcome.stage) == ("refused", "content")
    assert outcome.reply.code == 552


def test_25_mb(server, writer: Writer) -> None:
    letter = b"." * 70 + b"\r\n"
    assert writer.send(server.tls_url, letter * 350_000, ca_file=str(server.ca_file)).state == "accepted"
    assert writer.arrived() == letter * 350_000


def test_a_server_that_is_gone(small, writer: Writer) -> None:
    small.stop()
    outcome = writer.send(small.url)
    assert (outcome.state, outcome.stage) == ("deferred", "connect")
    small.start()
    assert writer.send(small.url).state == "accepted"


def test_a_server_that_hangs_when_it_has_everything(small, writer: Writer) -> None:
    """Nobody can know then: it may well be delivered, and here it is."""
    with contextlib.ExitStack() as stack:
        outcome = writer.send(
            small.url, timeouts=IMPATIENT, handing_over=lambda: stack.enter_context(small.frozen())
        )
        assert (outcome.state, outcome.stage) == ("unknown", "content")
    assert writer.arrived() == b"Hei\r\n"


@pytest.mark.parametrize("kind", KINDS)
def test_addresses_in_any_script(kind: str, request: pytest.FixtureRequest, writer: Writer) -> None:
    """Postfix takes them; Dovecot does not, and nothing is sent."""
    server = request.getfixturevalue(kind)
    outcome = writer.send(
        server.url,
        to=(
            writer.address,
            "pål@blåbær.example",
        ),
    )
    if kind == "postfix":
        assert [answer.reply.code for answer in outcome.recipients] == [250, 250]
        assert (
            "pål@blåbær.example"
            in writer.post.wait_for(
                lambda posted: writer.mine(posted) and "pål@blåbær.example" in posted.recipients
            ).recipients
        )
    else:
        assert (outcome.state, outcome.stage) == ("refused", "utf8")


@pytest.mark.parametrize("kind", KINDS)
def test_a_delivery_notice(kind: str, request: pytest.FixtureRequest, writer: Writer, post: Post) -> None:
    """Where the server offers them (Postfix) the notice comes back with what was asked; else mail goes without."""
    server = request.getfixturevalue(kind)
    mark = f"<{writer.user.name}+1@example.org>"
    dsn = Dsn(mark, "HDRS", ("SUCCESS", "FAILURE"))
    assert writer.send(server.url, envelope={"dsn": dsn}).state == "accepted"
    if kind == "postfix":
        notice = post.wait_for(lambda posted: posted.sender == "" and mark.encode() in posted.content)
        assert notice.recipients == (writer.address,)
        assert f"Original-Envelope-Id: {mark}".encode() in notice.content


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


class Taken:
    """aiosmtpd's hook; keeps what came."""

    def __init__(self) -> None:
        self.envelopes: list[SmtpEnvelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: SmtpEnvelope) -> str:
        self.envelopes.append(envelope)
        return "250 2.0.0 OK"


@pytest.fixture(params=[True, False], ids=["implicit TLS", "STARTTLS"])
def aiosmtpd(request: pytest.FixtureRequest, authority: Authority) -> Iterator[tuple[Server, Taken]]:
    keys = authority.issue()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys.cert_file, keys.key_file)
    taken = Taken()

    def authenticate(
        server: SMTP, session: Session, envelope: SmtpEnvelope, how: str, login: Any
    ) -> AuthResult:
        right = isinstance(login, LoginPassword) and login == LoginPassword(b"kari", "pæss".encode())
        return AuthResult(success=right, handled=False)

    (port,) = free_ports(1)
    controller = Controller(
        taken,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if request.param else None,
        tls_context=None if request.param else context,
        require_starttls=not request.param,
        auth_require_tls=not request.param,
        authenticator=authenticate,
        enable_SMTPUTF8=True,
    )
    controller.start()
    scheme = "smtps" if request.param else "smtp+starttls"
    yield Server.parse(f"{scheme}://127.0.0.1:{port}", ca_file=str(authority.ca_file)), taken
    controller.stop()


def test_aiosmtpd(aiosmtpd) -> None:
    server, taken = aiosmtpd
    envelope = Envelope("kari@a.example", ("pål@b.example",), eight_bit=True)
    content = "Subject: blåbær\n\n.hei\n".encode()
    right = Password("kari", "pæss")
    outcome = submit(server, right, envelope, io.BytesIO(content), size=len(content), timeouts=PATIENT)
    assert outcome.state == "accepted"
    (got,) = taken.envelopes
    assert (got.mail_from, got.rcpt_tos) == ("kari@a.example", ["pål@b.example"])
    assert got.original_content == content.replace(b"\n", b"\r\n")
    wrong = submit(server, Password("kari", "x"), envelope, io.BytesIO(content), size=9, timeouts=PATIENT)
    assert (wrong.state, wrong.stage) == ("refused", "sign-in")
