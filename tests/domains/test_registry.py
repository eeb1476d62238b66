"""Which domain serves whom, by rows and without any."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from webmail.domains import registry
from webmail.domains.models import MailDomain
from webmail.domains.registry import account_of, domain_at, domain_of

pytestmark = pytest.mark.django_db


def row(name: str, **fields: Any) -> MailDomain:
    return MailDomain.objects.create(name=name, imap_url=f"imaps://mail.{name}", **fields)


@override_settings(
    IMAP_URL="imaps://everybodys.example", MAIL_DOMAIN="fjord.example", RECIPIENTS_PER_MESSAGE=7
)
def test_without_rows_the_settings_serve_everybody() -> None:
    for name in ("kari", "kari@fjord.example", "ola@elsewhere.example"):
        domain = domain_of(name)
        assert (domain.known, domain.key, domain.name) == (True, 0, "fjord.example")
        assert str(domain.imap_server()) == "imaps://everybodys.example:993"
        assert domain.recipients == 7
        assert account_of(name, host="mail.example").login == name


@override_settings(RECIPIENTS_PER_MESSAGE=7)
def test_each_address_is_served_by_its_own_domain() -> None:
    row("fjord.example", recipients=3)
    row("fjell.example")
    assert domain_of("kari@fjord.example").imap_url == "imaps://mail.fjord.example"
    assert domain_of("kari@FJORD.example").recipients == 3
    assert domain_of("kari@fjell.example").recipients == 7
    nobody = domain_of("kari@elsewhere.example")
    assert not nobody.known
    assert nobody.imap_url == nobody.smtp_url == ""


def test_the_default_serves_whom_no_other_does() -> None:
    row("fjord.example", is_default=True)
    row("fjell.example")
    assert domain_of("kari@elsewhere.example").name == "fjord.example"
    assert account_of("kari").username == "kari@fjord.example"
    assert account_of("kari@Elsewhere.example").username == "kari@elsewhere.example"


def test_a_name_alone_is_of_the_domain_whose_page_it_is() -> None:
    row("fjord.example", hosts="mail.fjord.example\npost.fjord.example")
    row("fjell.example", hosts="mail.fjell.example")
    assert account_of("kari", host="post.fjord.example:8443").username == "kari@fjord.example"
    assert account_of("kari", host="MAIL.fjell.example").username == "kari@fjell.example"
    assert not account_of("kari", host="elsewhere.example").domain.known
    assert domain_at("mail.fjell.example").name == "fjell.example"


@pytest.mark.parametrize(
    ("fields", "login"),
    [
        ({}, "Kari@fjord.example"),
        ({"login": "local"}, "Kari"),
        ({"login": "template", "login_template": "%(local)s+%(domain)s"}, "Kari+fjord.example"),
    ],
)
def test_the_server_is_told_the_login_of_its_form(fields: dict[str, str], login: str) -> None:
    row("fjord.example", **fields)
    account = account_of("Kari@Fjord.Example")
    assert (account.username, account.login) == ("Kari@fjord.example", login)


def test_a_name_with_a_place_in_it_is_put_in_once() -> None:
    row("fjord.example", login="template", login_template="%(local)s+%(domain)s")
    assert account_of("%(domain)s@fjord.example").login == "%(domain)s+fjord.example"


def test_a_domain_beyond_ascii_is_one_however_it_is_written() -> None:
    domain = MailDomain(name="Blåbær.example", imap_url="imaps://mail.example")
    domain.full_clean()
    domain.save()
    assert domain_of("kari@blåbær.example").key == domain.pk
    assert domain_of("kari@xn--blbr-roah.example").key == domain.pk


def test_rows_are_read_once_and_again_after_a_change(django_assert_num_queries: Any) -> None:
    fjord = row("fjord.example")
    domain_of("kari@fjord.example")
    with django_assert_num_queries(0):
        domain_of("kari@fjord.example")
    fjord.recipients = 5
    fjord.save()
    assert domain_of("kari@fjord.example").recipients == 5


def test_what_another_process_changed_is_known_after_a_page(settings: Any) -> None:
    row("fjord.example")
    assert domain_of("kari@fjord.example").recipients != 5
    MailDomain.objects.update(recipients=5)  # no signal, as if elsewhere
    assert domain_of("kari@fjord.example").recipients != 5
    settings.DOMAIN_SECONDS = 0
    registry.keep_fresh()
    settings.DOMAIN_SECONDS = 1000
    assert domain_of("kari@fjord.example").recipients == 5
