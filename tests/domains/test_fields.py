"""What an administrator may write into a domain, and is told otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from webmail.domains.models import MailDomain

pytestmark = pytest.mark.django_db


def faults(**fields: Any) -> set[str]:
    row = MailDomain(**{"name": "fjord.example", "imap_url": "imaps://mail.fjord.example"} | fields)
    try:
        row.full_clean()
    except ValidationError as error:
        return set(error.message_dict)
    return set()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "@Fjord.example"},
        {"hosts": "mail.fjord.example\n\n10.0.0.1"},
        {"login": "template", "login_template": "%(domain)s/%(local)s"},
        {"sender_addresses": "kari@fjord.example:sales@fjord.example\n@shared.example"},
        {"trusted_hosts": "mx.fjord.example"},
        {"sieve_url": "sieve+starttls://mail.fjord.example"},
        {"folder_sent": "INBOX.Sendt mail"},
    ],
)
def test_what_may_be(fields: dict[str, Any]) -> None:
    assert faults(**fields) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "no domain"),
        ("name", "[127.0.0.1]"),
        ("imap_url", "https://mail.fjord.example"),
        ("imap_url", "imaps://kari:secret@mail.fjord.example"),
        ("imap_url", "imaps://mail.fjord.example\r\nx"),
        ("smtp_url", "smtp://"),
        ("sieve_url", "sieve://host/path"),
        ("ca_pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("ca_pem", "nothing"),
        ("ca_file", "ca.pem"),
        ("hosts", "a b"),
        ("sender_addresses", "nobody"),
        ("trusted_hosts", "mx; pass"),
        ("colour", "red"),
        ("colour", "#fff;}*{"),
        ("help_url", "http://fjord.example/"),
        ("help_url", "javascript:alert(1)"),
        ("title", "two\nlines"),
        ("folder_sent", "a\0b"),
        ("recipients", 0),
        ("threads", -1),
        ("sender_policy", "nobody"),
    ],
)
def test_what_may_not(field: str, value: object) -> None:
    assert faults(**{field: value}) == {field}


@pytest.mark.parametrize(
    "template", ["", "%(domain)s", "%(local)s%", "%(local)s%(x)s", "%(local)s\n", "%s%(local)s"]
)
def test_a_template_has_to_name_the_person(template: str) -> None:
    assert faults(login="template", login_template=template) == {"login_template"}


def test_one_name_and_one_default() -> None:
    MailDomain.objects.create(name="fjord.example", imap_url="imaps://a.example", is_default=True)
    assert "name" in faults(name="Fjord.example.")
    assert faults(name="fjell.example", is_default=True) == {"__all__"}


def test_one_host_is_of_one_domain() -> None:
    MailDomain.objects.create(
        name="fjord.example", imap_url="imaps://a.example", hosts="mail.example\npost.example"
    )
    assert faults(name="fjell.example", hosts="Post.example") == {"hosts"}
    assert faults(name="fjell.example", hosts="web.example") == set()
