"""Faults of our own: neither the page, nor the log, nor the database learns a secret, whatever DEBUG says."""

from __future__ import annotations

import logging

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from tests.front.odd import letter
from tests.front.test_secrets import everything_stored
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.tap import Tap

MARK = "only-Kari-may-read-this-7141"
BREAKS = (
    ("webmail.accounts.signin._person_of", "sign-in"),
    ("webmail.accounts.signin.start_session", "sign-in"),
    ("webmail.imap.sign_in._attempts", "sign-in"),
    ("webmail.imap.exchange.Exchange.run", "sign-in"),
    ("webmail.web.views.message.message_context", "message"),
    ("webmail.mailbox.reading.showing.render", "message"),
    ("webmail.accounts.access.unseal", "message"),
    ("webmail.mailbox.reading.listing.row_of", "list"),
)


def breaks(*_: object, **__: object) -> None:
    raise RuntimeError("insides")


def secrets_of(visitor: Visitor, user: MailUser) -> list[str]:
    found = [user.password, MARK, MARK[5:], visitor.cookie("key"), visitor.cookie("session")]
    return [secret for secret in found if secret]


@pytest.fixture
def message(kari: Visitor, mail_user: MailUser) -> str:
    mail_user.deliver("INBOX", letter(MARK.encode()))
    (address,) = kari.list().rows
    return address


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(("broken", "where"), BREAKS)
def test_a_fault_tells_no_secret(
    kari: Visitor,
    mail_user: MailUser,
    message: str,
    settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    debug: bool,
    broken: str,
    where: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.DEBUG = debug
    secrets = secrets_of(kari, mail_user)
    monkeypatch.setattr(broken, breaks)
    if where == "sign-in":
        page = Visitor().sign_in(mail_user)
    else:
        page = kari.get(message) if where == "message" else kari.list()
    assert page.status == 500
    assert ("insides" in page.markup) is debug
    for secret in secrets:
        assert secret not in page.markup
        assert secret not in caplog.text
        assert secret not in everything_stored() or secret == kari.cookie("session")


def test_the_half_on_its_way_to_the_browser_is_in_no_report(
    kari: Visitor, mail_user: MailUser, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed in already, the fault comes afterwards: the new half lies in the request."""
    settings.DEBUG = True
    halves: list[str] = []
    monkeypatch.setattr(
        "webmail.accounts.access.new_half", lambda: halves.append("A" * 42 + "E") or halves[-1]
    )
    monkeypatch.setattr("webmail.web.door.safe_next", breaks)
    page = kari.sign_in(mail_user)
    assert page.status == 500
    assert halves
    assert halves[0] not in page.markup
    assert mail_user.password not in page.markup


def test_a_report_has_names_without_values(settings) -> None:
    settings.DEBUG = True
    # Put together here, since a report does show the source.
    typed, half, token, read = (
        "".join(pair) for pair in (("typ", "ed"), ("ha", "lf"), ("tok", "en"), ("re", "ad"))
    )
    request = RequestFactory().post("/sign-in/?next=/x/", {"password": f"{typed}-1"})
    request.COOKIES = {"key": f"{half}-1"}
    request.META.update(
        {"ekorn.credential_half": f"{half}-1", "HTTP_COOKIE": f"{half}-1", "CSRF_COOKIE": f"{token}-1"}
    )
    letter_text = f"{read}-1"
    try:
        raise LookupError("what happened")
    except LookupError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    for report in (reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert "what happened" in report
        for secret in (typed, half, token, read):
            assert f"{secret}-1" not in report
    variables = reporter.get_traceback_data()["frames"][-1]["vars"]
    assert {"letter_text", "request"} <= {name for name, _ in variables}
    assert letter_text not in repr(variables)


def test_a_server_that_dies_at_any_moment_makes_nothing_known(
    visitor: Visitor,
    mail_user: MailUser,
    dovecot: Dovecot,
    tap: Tap,
    settings,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.IMAP_URL = tap.url
    mail_user.deliver("INBOX", letter(MARK.encode()))
    visitor.sign_in(mail_user)
    (address,) = visitor.list().rows
    said = ""
    for octets in (1, 5, 20, 60, 150, 400, 1000):
        tap.cut_after(octets)
        for target in (f"{address}source/", f"{address}body/", "/folder/INBOX/", f"{address}part/1/"):
            said += "" if "source" in target or "part" in target else visitor.get(target).markup
        Visitor().sign_in(mail_user)
    secrets = secrets_of(visitor, mail_user)
    heard = caplog.text + "".join(capfd.readouterr())
    for secret in secrets:
        assert secret not in heard
    for secret in (mail_user.password, visitor.cookie("key"), visitor.cookie("session")):
        assert secret not in said
