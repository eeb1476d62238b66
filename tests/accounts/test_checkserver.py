"""`manage.py checkserver` says what a server can do, and plainly what is wrong."""

import io

import pytest
from django.core.management import CommandError, call_command


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


@pytest.mark.parametrize("url", ["http://mail.example", "imaps://", "imaps://user:pw@mail.example"])
def test_an_address_that_is_none(url):
    with pytest.raises(CommandError, match="The IMAP URL"):
        check(url)


def test_no_server_set(settings):
    settings.IMAP_URL = ""
    with pytest.raises(CommandError, match="Set IMAP_URL"):
        check()
