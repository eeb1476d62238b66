"""The sign-in log: what stands in it, for how long, and as a table."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from tests.front.visitor import Visitor
from tests.security.test_guessing import guess
from tests.servers.dovecot import Dovecot, MailUser
from webmail.accounts.models import Person
from webmail.domains.models import MailDomain
from webmail.signins import device, events, names
from webmail.signins.models import LONGEST_DEVICE, SignInEvent, Tries

Outcome = SignInEvent.Outcome


def test_every_end_of_a_try(kari: Visitor, mail_user: MailUser, settings) -> None:
    person = Person.objects.get()
    guess(kari, mail_user.name, address="192.0.2.5")
    person.is_active = False
    person.save()
    guess(kari, mail_user.name, password=mail_user.password)
    settings.IMAP_URL = "imap://127.0.0.1:1"
    guess(kari, mail_user.name)
    said = [(one.outcome, one.person, one.account) for one in SignInEvent.objects.order_by("pk")]
    outcomes = ("success", "password", "blocked", "server")
    assert said == [(outcome, person, mail_user.name) for outcome in outcomes]
    assert SignInEvent.objects.get(outcome="password").address == "192.0.2.5"


def test_it_is_kept_so_long(kari: Visitor, settings) -> None:
    (entry,) = SignInEvent.objects.all()
    days = timedelta(days=settings.SIGN_IN_LOG_DAYS)
    assert not events.to_be_forgotten(entry.at + days).exists()
    assert events.to_be_forgotten(entry.at + days + timedelta(seconds=1)).get() == entry


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Kari@Example.org", "kari@example.org"),
        ("kari.nes+post@mail.example.museum", "kari.nes+post@mail.example.museum"),
        ("blåbær@fjøs.example", "blåbær@fjøs.example"),
        ("", ""),
    ],
)
def test_names_that_are_kept(typed: str, kept: str) -> None:
    assert names.shown(typed, known=False) == kept


@pytest.mark.parametrize(
    "typed",
    ["secret", "P@ssw0rd", "a@b", "x y@example.org", "kari@example.org secret", "hei@1.2.3.4", "@", "a@b.c"],
)
def test_what_may_be_a_password_is_not(typed: str) -> None:
    kept = names.shown(typed, known=False)
    assert typed.lower() not in kept
    assert kept == names.shown(typed.upper(), known=False)
    assert names.shown(typed, known=True) == typed.lower()


def test_nor_with_the_domain_that_we_add(visitor: Visitor, dovecot: Dovecot) -> None:
    MailDomain.objects.create(name="fjord.example", imap_url=dovecot.url, is_default=True)
    kari = f"kari-{secrets.token_hex(3)}"
    user = dovecot.user(f"{kari}@fjord.example")
    assert guess(visitor, kari, password=user.password).status == 302
    for typed in (kari, "hunter2"):
        assert guess(Visitor(), typed).status == 422
    *_, known, unknown = SignInEvent.objects.order_by("pk")
    assert known.account == user.name
    assert unknown.account.startswith("#")
    assert not Tries.objects.filter(account__contains="hunter2").exists()


@given(st.text(max_size=2000))
def test_any_name_is_bounded(typed: str) -> None:
    assert len(names.shown(typed, known=False)) <= 254


@pytest.mark.django_db
def test_a_table_is_no_program(ask: Callable[..., HttpRequest]) -> None:
    for account in ("=cmd@example.org", "+1@example.org", "-1@example.org", "kari@example.org"):
        events.record(ask(agent="Firefox on X11"), outcome=Outcome.PASSWORD, account=account)
    header, *rows = csv.reader("".join(events.as_csv(SignInEvent.objects.order_by("pk"))).splitlines())
    assert header == ["at", "outcome", "kind", "account", "address", "device"]
    assert [row[3] for row in rows] == [
        "'=cmd@example.org",
        "'+1@example.org",
        "'-1@example.org",
        "kari@example.org",
    ]
    assert rows[0][1:3] + rows[0][4:] == ["password", "mail", "192.0.2.1", "Firefox, Linux"]
    assert rows[0][0].endswith("+00:00")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1.15", "Safari, macOS"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) CriOS/140 Mobile Safari/604.1", "Chrome, iPad"),
        ("Lynx/2.9.0", "Lynx"),
        ("", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_device_in_words(agent: str, words: str) -> None:
    assert device.words(agent) == words


@given(st.text(max_size=3000))
def test_any_device_is_bounded(agent: str) -> None:
    assert len(device.words(agent)) <= LONGEST_DEVICE
