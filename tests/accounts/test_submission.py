"""Where mail is handed in, as whom, and how large it may be."""

import pytest
from django.core.cache import cache

from tests.smtp.scripted import Scripted
from webmail.accounts.submission import (
    size_limit,
    submission_credentials,
    submission_offer,
)
from webmail.domains.domain import of_settings
from webmail.imap.holder import Holder
from webmail.imap.server import OAuthToken, Password, Server
from webmail.smtp import server as smtp

IMAP = Server.parse("imaps://mail.example")
KARI = Holder("1", IMAP, Password("kari", "hemmelig"))


@pytest.fixture(autouse=True)
def forgotten():
    cache.clear()


def test_the_server(settings):
    settings.SMTP_URL = "smtps://mail.example"
    settings.MAIL_CA_FILE = "/etc/ca.pem"
    assert of_settings().smtp_server() == smtp.Server("mail.example", 465, "implicit", "/etc/ca.pem")
    settings.SMTP_URL = ""
    with pytest.raises(ValueError, match="The SMTP URL"):
        of_settings().smtp_server()


def test_as_the_person(settings):
    assert submission_credentials(of_settings(), KARI) == smtp.Password("kari", "hemmelig")
    token = Holder("1", IMAP, OAuthToken("kari", "t0ken", "XOAUTH2"))
    assert submission_credentials(of_settings(), token) == smtp.OAuthToken("kari", "t0ken", "XOAUTH2")


def test_as_the_relay_or_as_nobody(settings):
    settings.SMTP_RELAY_USER, settings.SMTP_RELAY_PASSWORD = "relay", "its-own"
    assert submission_credentials(of_settings(), KARI) == smtp.Password("relay", "its-own")
    settings.SMTP_SIGN_IN = False
    assert submission_credentials(of_settings(), KARI) is None


def test_what_it_offers_is_asked_once(settings):
    with Scripted(extensions=("SIZE 12345", "DSN")) as server:
        settings.SMTP_URL = server.url
        assert size_limit(of_settings()) == size_limit(of_settings()) == 12345
        assert submission_offer(of_settings()).has("DSN")
        assert not submission_offer(of_settings()).has("SMTPUTF8")
        assert server.names == ["EHLO", "QUIT"]


def test_a_server_without_limit_is_asked_once_too(settings):
    with Scripted(extensions=("SIZE",)) as server:
        settings.SMTP_URL = server.url
        assert size_limit(of_settings()) is size_limit(of_settings()) is None
        assert server.names == ["EHLO", "QUIT"]


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", ""])
def test_nobody_to_ask(settings, url):
    settings.SMTP_URL = url
    assert size_limit(of_settings()) is None
