"""Guessing passwords: slow for a stranger, and never the person's own undoing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from tests.front.test_secrets import everything_stored
from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import Dovecot, MailUser
from webmail.accounts import client
from webmail.signins import limits
from webmail.signins.models import Tries


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()
    yield
    cache.clear()


def guess(visitor: Visitor, name: str, *, address: str = "192.0.2.1", password: str = "guess") -> Answer:
    fields = {"username": name, "password": password}
    return Answer(visitor.client.post("/sign-in/", fields, REMOTE_ADDR=address))


@dataclass
class MailAccount:
    name: str
    password: str = "x"


class TestTheFrontDoor:
    @pytest.fixture(autouse=True)
    def low(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "BY_BOTH", 3)
        monkeypatch.setattr(limits, "BY_ACCOUNT", 6)
        monkeypatch.setattr(limits, "BY_ADDRESS", 9)

    def test_a_few_mistakes_do_no_harm(self, visitor: Visitor, mail_user: MailUser) -> None:
        for _ in range(3):
            assert guess(visitor, mail_user.name).status == 422
        stopped = guess(visitor, mail_user.name, password=mail_user.password)
        assert stopped.status == 429
        assert "too many tries" in stopped.text
        assert mail_user.password not in stopped.markup

    def test_the_person_gets_in_from_elsewhere(self, visitor: Visitor, mail_user: MailUser) -> None:
        for _ in range(5):
            guess(visitor, mail_user.name)
        assert (
            guess(Visitor(), mail_user.name, address="192.0.2.9", password=mail_user.password).status == 302
        )

    def test_an_account_guessed_at_from_many_addresses(self, visitor: Visitor, mail_user: MailUser) -> None:
        said = [guess(visitor, mail_user.name, address=f"192.0.2.{n}").status for n in range(8)]
        assert said == [422] * 6 + [429] * 2

    def test_many_accounts_from_one_address(self, visitor: Visitor, dovecot: Dovecot) -> None:
        said = [guess(visitor, f"nobody-{n}@example.org").status for n in range(11)]
        assert said == [422] * 9 + [429] * 2

    def test_a_proxy_that_tells_nothing_does_not_stop_everybody(
        self, visitor: Visitor, dovecot: Dovecot, mail_user: MailUser
    ) -> None:
        for number in range(11):
            assert guess(visitor, f"nobody-{number}@example.org", address="127.0.0.1").status == 422
        assert guess(visitor, mail_user.name, address="127.0.0.1", password=mail_user.password).status == 302

    def test_another_spelling_is_the_same_account(self, visitor: Visitor, mail_user: MailUser) -> None:
        for name in (mail_user.name, mail_user.name.upper(), f" {mail_user.name} "):
            assert guess(visitor, name).status == 422
        assert guess(visitor, mail_user.name.title()).status == 429

    def test_who_gets_in_is_not_counted(self, visitor: Visitor, mail_user: MailUser) -> None:
        for _ in range(12):
            assert guess(Visitor(), mail_user.name, password=mail_user.password).status == 302

    def test_a_mail_server_that_is_gone_is_nobodys_mistake(
        self, visitor: Visitor, mail_user: MailUser, settings
    ) -> None:
        url, settings.IMAP_URL = settings.IMAP_URL, "imap://127.0.0.1:1"
        for _ in range(5):
            assert guess(visitor, mail_user.name).status == 503
        settings.IMAP_URL = url
        assert guess(visitor, mail_user.name, password=mail_user.password).status == 302


def test_what_is_kept_of_a_try(visitor: Visitor, mail_user: MailUser, settings) -> None:
    """A name that is none may be a password in the wrong field; a try that was not wrong names nobody."""
    for typed in ("correct horse battery", "P@ssword", mail_user.password, "nobody@nowhere.example"):
        guess(visitor, typed, address="192.0.2.44")
    stored = everything_stored()
    assert "nobody@nowhere.example" in stored
    assert "192.0.2.44" in stored
    for typed in ("correct horse", "p@ssword", mail_user.password.lower()):
        assert typed not in stored.lower()
    settings.IMAP_URL = "imap://127.0.0.1:1"
    assert guess(visitor, "ola@example.org", address="192.0.2.45").status == 503
    assert not Tries.objects.filter(account="ola@example.org").exists()
    assert repr(cache._cache).count("example") == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("proxy", "direct", "forwarded", "address"),
    [
        (False, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (True, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (True, "127.0.0.1", "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (True, "127.0.0.1", "", "127.0.0.1"),
        (True, "127.0.0.1", "203.0.113.9, <script>", ""),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (False, "", "", ""),
    ],
)
def test_who_asks(settings, proxy: bool, direct: str, forwarded: str, address: str) -> None:
    """What a browser writes itself stands before what the proxy adds."""
    settings.BEHIND_PROXY = proxy
    request = RequestFactory().get("/", REMOTE_ADDR=direct, headers={"X-Forwarded-For": forwarded})
    assert client.client_network(request) == address


def test_only_case_makes_two_names_one_person(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unicode's case folding makes `strasse` of `straße`, which are two people at a mail server."""
    monkeypatch.setattr("webmail.imap.connection.Connection.login", lambda *_: None)
    people = [
        visitor.sign_in(MailAccount(name)).response.wsgi_request.user.pk
        for name in ("straße@example.org", "strasse@example.org", "Strasse@Example.ORG")
    ]
    assert people[0] != people[1] == people[2]
