"""Guessing passwords: slow for a stranger, and never the person's own undoing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import Dovecot, MailUser
from webmail.accounts import attempts, client
from webmail.accounts.errors import MailServerError, TooManyAttemptsError, WrongCredentialsError


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
        monkeypatch.setattr(attempts, "BY_BOTH", 3)
        monkeypatch.setattr(attempts, "BY_ACCOUNT", 6)
        monkeypatch.setattr(attempts, "BY_ADDRESS", 9)

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


def test_many_at_once_are_counted_before_they_are_answered() -> None:
    request = RequestFactory().post("/sign-in/")

    def one(_: int) -> type[Exception]:
        try:
            with attempts.counted(request, "kari"):
                raise WrongCredentialsError
        except (WrongCredentialsError, TooManyAttemptsError) as error:
            return type(error)

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(one, range(60)))
    assert said.count(WrongCredentialsError) == attempts.BY_BOTH


def test_what_is_counted_names_nobody() -> None:
    request = RequestFactory().post("/sign-in/", REMOTE_ADDR="192.0.2.44")
    with pytest.raises(WrongCredentialsError), attempts.counted(request, "kari@example.org"):
        raise WrongCredentialsError
    with pytest.raises(MailServerError), attempts.counted(request, "ola@example.org"):
        raise MailServerError("down")
    kept = repr(cache._cache)  # type: ignore[attr-defined]
    assert "attempts:" in kept
    assert "kari" not in kept
    assert "192.0.2.44" not in kept


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
