"""`manage.py check` says in a sentence which setting for sending is wrong, and is silent about the defaults."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from webmail.accounts import checks_sending


def said() -> str:
    err = io.StringIO()
    try:
        call_command("check", "--tag", "ekorn", stdout=io.StringIO(), stderr=err)
    except SystemCheckError as error:
        return f"{err.getvalue()}{error}"
    return err.getvalue()


@pytest.fixture(autouse=True)
def _mail_server(settings):
    settings.IMAP_URL = "imaps://mail.example.org"
    settings.SMTP_URL = "smtps://mail.example.org"


def test_the_defaults_are_fine(settings):
    assert said() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_DOMAIN", "example.org"),
        ("MAIL_DOMAIN", "blåbær.example"),
        ("SENDER_POLICY", "account"),
        ("TRUSTED_AUTH_HOSTS", ["mx.example.org", "mx2"]),
        ("OUTBOX_WORKER", "separate"),
        ("SMTP_URL", "smtp+starttls://mail.example.org"),
        ("SMTP_URL", "smtp://localhost:25"),
    ],
)
def test_what_is_right(settings, name, value):
    setattr(settings, name, value)
    assert said() == ""


def test_a_list_of_senders(settings):
    settings.SENDER_POLICY = "listed"
    settings.SENDER_ADDRESSES = [
        "kari@a.example:sales@a.example",
        "ola:x@b.example",
        "@c.example",
        "z@d.example",
    ]
    assert said() == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MAIL_DOMAIN", "@example.org", "MAIL_DOMAIN is not a domain name."),
        ("SENDER_POLICY", "everybody", "SENDER_POLICY is 'everybody'"),
        ("SENDER_ADDRESSES", ["sales"], "SENDER_ADDRESSES holds 'sales'"),
        ("SENDER_ADDRESSES", [":sales@a.example"], "SENDER_ADDRESSES holds"),
        ("SENDER_ADDRESSES", ["kari@a.example:"], "SENDER_ADDRESSES holds"),
        ("SENDER_ADDRESSES", ["@"], "SENDER_ADDRESSES holds"),
        ("SENDER_ADDRESSES", ["a@b.example"], "counts only with SENDER_POLICY=listed"),
        ("ATTACHMENT_LIMIT", 0, "ATTACHMENT_LIMIT must be 1 or more"),
        ("RECIPIENTS_PER_MESSAGE", -1, "RECIPIENTS_PER_MESSAGE must be 1 or more"),
        ("MESSAGES_PER_HOUR", 0, "MESSAGES_PER_HOUR must be 1 or more"),
        ("TRUSTED_AUTH_HOSTS", ["mx; spf=pass"], "TRUSTED_AUTH_HOSTS holds"),
        ("OUTBOX_WORKER", "celery", "OUTBOX_WORKER is 'celery'"),
        ("SMTP_URL", "", "nobody can send mail"),
        ("SMTP_URL", "mail.example.org", "SMTP_URL can't be used: The SMTP URL has to start with"),
        ("SMTP_URL", "smtp://mail.example.org", "no password is sent to mail.example.org in clear"),
        ("SMTP_RELAY_USER", "relay", "SMTP_RELAY_PASSWORD is not"),
        ("UPLOAD_DIR", "uploads", "UPLOAD_DIR must be a whole path"),
        ("OUTBOX_DIR", "/dev/null/outbox", "OUTBOX_DIR: /dev/null/outbox can't be written to."),
    ],
)
def test_what_is_wrong(settings, name, value, words):
    setattr(settings, name, value)
    assert words in said()


def test_a_place_of_somebody_elses(settings, tmp_path, monkeypatch):
    settings.UPLOAD_DIR = tmp_path / "not" / "made" / "yet"
    assert said() == ""
    monkeypatch.setattr(checks_sending.os, "access", lambda *_: False)
    assert "UPLOAD_DIR" in said()
