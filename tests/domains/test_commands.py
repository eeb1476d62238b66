"""`check` and `checkserver`, where the servers are those of rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError

from tests.servers.dovecot import Dovecot
from webmail.domains.models import MailDomain

Make = Callable[..., MailDomain]


def check(*options: str) -> str:
    err = io.StringIO()
    try:
        call_command("check", *options, stdout=io.StringIO(), stderr=err)
    except SystemCheckError as error:
        return f"{err.getvalue()}{error}"
    return err.getvalue()


def test_the_settings_are_not_missed(domain: Make, settings: Any) -> None:
    settings.IMAP_URL = settings.SMTP_URL = ""
    assert "IMAP_URL is not set" in check("--tag", "ekorn")
    domain("fjord.example")
    assert check("--tag", "ekorn") == ""


def test_an_unsafe_row_is_named_at_deployment(domain: Make) -> None:
    domain("fjord.example", verify=False, imap_url="imap://mail.fjord.example", hosts="web.fjord.example")
    domain("fjell.example", imap_url="imaps://mail.fjell.example")
    said = check("--deploy")
    assert "fjord.example does not verify certificates" in said
    assert "sends passwords to mail.fjord.example in clear" in said
    assert "web.fjord.example, which is not in ALLOWED_HOSTS" in said
    assert "fjell" not in said


def test_checkserver_goes_through_all(domain: Make, dovecot: Dovecot) -> None:
    domain("fjord.example", imap_url=dovecot.tls_url, ca_pem=dovecot.ca_file.read_text())
    domain("fjell.example", imap_url="imap://127.0.0.1:1")
    out = io.StringIO()
    with pytest.raises(CommandError, match="No connection"):
        call_command("checkserver", stdout=out)
    assert "fjord.example" in out.getvalue()
    assert "certificate verified" in out.getvalue()
