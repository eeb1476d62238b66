"""`manage.py checkserver` says what a server can do, and plainly what is wrong."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.smtp.scripted import Scripted


def check(*arguments, **options):
    out = io.StringIO()
    call_command("checkserver", *arguments, stdout=out, no_color=True, **options)
    return out.getvalue()


@pytest.fixture
def typed(monkeypatch):
    """What comes through the pipe as the password."""

    def type_it(password):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))

    return type_it


def test_tls_that_is_trusted(dovecot, settings):
    settings.MAIL_CA_FILE = str(dovecot.ca_file)
    said = check(f"imaps://127.0.0.1:{dovecot.tls_port}")
    assert "certificate verified" in said
    assert "TLSv1." in said
    assert "IMAP4REV1" in said


def test_starttls(dovecot, settings):
    settings.MAIL_CA_FILE = str(dovecot.ca_file)
    assert "certificate verified" in check(f"imap+starttls://127.0.0.1:{dovecot.port}")


def test_the_configured_server_and_a_sign_in(mail_user, dovecot, settings, typed):
    settings.IMAP_URL = f"imap://127.0.0.1:{dovecot.port}"
    typed(mail_user.password)
    said = check(user=mail_user.name)
    assert "in clear" in said
    assert "yes LIST-STATUS" in said
    assert "SMTP_URL is not set" in said
    assert mail_user.password not in said


def test_a_wrong_password(mail_user, dovecot, typed):
    typed("wrong-one")
    with pytest.raises(CommandError, match="does not take this name and password") as caught:
        check(f"imap://127.0.0.1:{dovecot.port}", user=mail_user.name)
    assert "wrong-one" not in str(caught.value)


def test_a_certificate_that_nobody_signed(dovecot):
    with pytest.raises(CommandError, match=r"TLS failed.*not trusted(.|\n)*MAIL_CA_FILE"):
        check(f"imaps://127.0.0.1:{dovecot.tls_port}")


def test_nobody_there():
    with pytest.raises(CommandError, match="No connection"):
        check("imap://127.0.0.1:1")


def test_both_servers_and_one_password(mail_user, dovecot, submission, settings, typed):
    settings.IMAP_URL, settings.SMTP_URL = dovecot.url, submission.starttls_url
    settings.MAIL_CA_FILE = str(submission.ca_file)
    typed(mail_user.password)
    said = check(user=mail_user.name)
    assert said.count(f"Signed in     as {mail_user.name}") == 2
    assert "certificate verified" in said
    assert "Sign-in       LOGIN PLAIN" in said
    assert "Largest mail  50000000 octets, so about 36.5 MB of attachments" in said
    assert "yes PIPELINING" in said
    assert mail_user.password not in said


def test_where_mail_is_handed_in_alone(submission, settings):
    said = check(submission.url)
    assert "Capabilities" not in said
    assert "none, within this machine" in said
    with pytest.raises(CommandError, match=r"TLS failed.*not trusted(.|\n)*MAIL_CA_FILE"):
        check(submission.tls_url)


def test_a_wrong_password_where_mail_is_handed_in(mail_user, submission, typed):
    typed("wrong-one")
    with pytest.raises(
        CommandError, match="submission server does not take this name and password: 535"
    ) as caught:
        check(submission.url, user=mail_user.name)
    assert "wrong-one" not in str(caught.value)


def test_the_shared_account_is_tried_where_there_is_one(mail_user, submission, settings):
    settings.SMTP_RELAY_USER, settings.SMTP_RELAY_PASSWORD = mail_user.name, mail_user.password
    assert f"Signed in     as {mail_user.name}" in check(submission.url)
    settings.SMTP_SIGN_IN = False
    assert "Signed in" not in check(submission.url)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"greeting": b"554 5.7.1 Go away"}, "turns us away: 554 5.7.1 Go away"),
        ({"greeting": b"* OK IMAP4rev1"}, "not as a submission server should"),
        ({"AUTH": b"454 4.7.0 Later"}, "does not take this name and password now: 454"),
        ({"AUTH": b"330 more"}, "Signing in failed"),
        ({"EHLO": b"250 hello"}, "Nobody can sign in"),
    ],
)
def test_what_is_wrong_where_mail_is_handed_in(table, words, typed):
    typed("x")
    with Scripted(table) as server, pytest.raises(CommandError, match=words):
        check(server.url, user="kari")


def test_both_are_checked_though_one_is_wrong(settings):
    settings.IMAP_URL, settings.SMTP_URL = "imap://127.0.0.1:1", "smtp://127.0.0.1:1"
    with pytest.raises(CommandError, match=r"(?s)imap://127.*smtp://127"):
        check()


@pytest.mark.parametrize("url", ["smtps://", "smtps://user:pw@mail.example"])
def test_an_address_that_is_none_where_mail_is_handed_in(url):
    with pytest.raises(CommandError, match="The SMTP URL"):
        check(url)


@pytest.mark.parametrize("url", ["http://mail.example", "imaps://", "imaps://user:pw@mail.example"])
def test_an_address_that_is_none(url):
    with pytest.raises(CommandError, match="The IMAP URL"):
        check(url)


def test_no_server_set(settings):
    settings.IMAP_URL = ""
    with pytest.raises(CommandError, match="Set IMAP_URL"):
        check()
