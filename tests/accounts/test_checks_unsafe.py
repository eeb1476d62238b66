"""`manage.py check --deploy` names every setting of ours that is not safe, and is silent about those of the guide."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from webmail.accounts.checks_unsafe import RULES

# It is only read here.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")

POSTGRES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "ekorn"}}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nowhere/ekorn.sqlite3"}}
LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


def redis(host: str) -> dict[str, dict[str, str]]:
    backend = "django.core.cache.backends.redis.RedisCache"
    return {"default": {"BACKEND": backend, "LOCATION": f"redis://{host}:6379/0"}}


def said(*options: str) -> str:
    err = io.StringIO()
    try:
        call_command("check", *options, stdout=io.StringIO(), stderr=err)
    except SystemCheckError as error:
        return f"{err.getvalue()}{error}"
    return err.getvalue()


@pytest.fixture(autouse=True)
def _safe(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the guide has it."""
    monkeypatch.delenv("BIND", raising=False)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "")
    tmp_path.chmod(0o700)
    settings.HTTPS = settings.BEHIND_PROXY = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECRET_KEY = "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop"
    settings.ALLOWED_HOSTS = ["mail.example.org"]
    settings.IMAP_URL, settings.SMTP_URL = "imaps://mail.example.org", "smtps://mail.example.org"
    settings.CREDENTIAL_KEYS = ["k1:" + "A" * 44]
    settings.VAR_DIR, settings.UPLOAD_DIR, settings.OUTBOX_DIR = tmp_path, tmp_path / "u", tmp_path / "o"
    settings.BASE_DIR = tmp_path
    settings.DATABASES = SQLITE


def security() -> str:
    return said("--deploy", "--tag", "security")


def test_the_guides_settings_are_safe(settings: Any) -> None:
    assert security() == ""
    settings.DATABASES, settings.CACHES = POSTGRES, redis("cache.example.org")
    settings.OUTBOX_WORKER = "separate"
    settings.METRICS_ALLOWED, settings.METRICS_TOKEN = ["127.0.0.1", "10.0.0.0/8"], "x" * 40
    assert security() == ""


UNSAFE = (
    ("security.W018", {"DEBUG": True}),
    ("security.W009", {"SECRET_KEY": "short"}),
    ("security.W009", {"SECRET_KEY": "django-insecure-" + "abcdefghijklmnopqrstuvwxyz0123456789abcdefghij"}),
    ("security.W004", {"SECURE_HSTS_SECONDS": 0}),
    ("security.W008", {"SECURE_SSL_REDIRECT": False}),
    ("ekorn.W002", {"HTTPS": False}),
    ("ekorn.W003", {"ALLOWED_HOSTS": ["*"]}),
    ("ekorn.W004", {"MAIL_TLS_VERIFY": False}),
    ("ekorn.W005", {"IMAP_URL": "imap://mail.example.org"}),
    ("ekorn.W020", {"CREDENTIAL_KEYS": []}),
    ("ekorn.W022", {"SMTP_URL": "smtp://mail.example.org", "SMTP_SIGN_IN": False}),
    ("ekorn.W023", {"SIEVE_URL": "sieve://mail.example.org"}),
    ("ekorn.W024", {"SMTP_SIGN_IN": False}),
    ("ekorn.W025", {"DATABASES": POSTGRES, "CACHES": LOCMEM}),
    ("ekorn.W026", {"CACHES": DUMMY}),
    ("ekorn.W027", {"DATABASES": SQLITE, "CACHES": redis("cache.example.org")}),
    ("ekorn.W028", {"DATABASES": POSTGRES, "CACHES": redis("cache.example.org"), "OUTBOX_WORKER": "inside"}),
    ("ekorn.W030", {"METRICS_TOKEN": "hush"}),
    ("ekorn.W031", {"METRICS_ALLOWED": ["0.0.0.0/0"]}),
    ("ekorn.W031", {"METRICS_ALLOWED": ["10.0.0.0/8", "::/0"]}),
    ("ekorn.W032", {"ADMIN_SECOND_FACTOR": False}),
    ("ekorn.W033", {"SENDER_POLICY": "any"}),
    ("ekorn.W034", {"CSRF_TRUSTED_ORIGINS": ["https://a.example.org", "http://b.example.org"]}),
    ("ekorn.W035", {"SESSION_COOKIE_AGE": 365 * 24 * 3600}),
    ("ekorn.W036", {"ADMIN_SESSION_SECONDS": 7 * 24 * 3600}),
    ("ekorn.W037", {"LOGGING": {"root": {"level": "DEBUG"}}}),
    ("ekorn.W038", {"EMAIL_HOST": "mail.example.org", "EMAIL_HOST_PASSWORD": "hush"}),
)


@pytest.mark.parametrize(("number", "changes"), UNSAFE)
def test_what_is_unsafe_is_named(settings: Any, number: str, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert f"({number})" in security()
    assert "hush" not in security()


def test_every_rule_is_tried() -> None:
    tried = {number for number, _ in UNSAFE} | {"ekorn.W021"}
    assert {rule.id for rule in RULES} <= tried
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.hint for rule in RULES)


@pytest.mark.parametrize(
    ("bind", "trusted", "unsafe"),
    [
        ("0.0.0.0:8000", [], True),
        ("[::]:8000", [], True),
        ("0.0.0.0:8000", ["192.0.2.1"], False),
        ("127.0.0.1:8000", [], False),
        ("unix:/run/ekorn/1.sock", [], False),
        ("fd://3", [], False),
    ],
)
def test_a_proxy_that_can_be_passed_by(
    settings: Any, monkeypatch: pytest.MonkeyPatch, bind: str, trusted: list[str], unsafe: bool
) -> None:
    monkeypatch.setenv("BIND", bind)
    settings.TRUSTED_PROXIES = trusted
    assert ("(ekorn.W021)" in security()) is unsafe


@pytest.mark.parametrize(
    "name", ["VAR_DIR", "UPLOAD_DIR", "OUTBOX_DIR", ".env", "secret-key", "DATABASE_URL"]
)
def test_what_others_may_read(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    tmp_path.chmod(0o701)
    monkeypatch.setattr("webmail.accounts.checks_unsafe._enters", lambda directory: True)
    place = {
        "VAR_DIR": tmp_path,
        "UPLOAD_DIR": tmp_path / "u",
        "OUTBOX_DIR": tmp_path / "o",
        ".env": tmp_path / ".env",
        "secret-key": tmp_path / "secret-key",
        "DATABASE_URL": tmp_path / "ekorn.sqlite3",
    }[name]
    settings.DATABASES = {"default": {**SQLITE["default"], "NAME": str(tmp_path / "ekorn.sqlite3")}}
    if not place.exists():
        place.mkdir() if name.endswith("DIR") else place.write_text("")
    place.chmod(0o705)
    assert f"{name}: others may read or change {place}." in security()
    place.chmod(0o750)
    assert security() == ""


def test_what_stands_behind_a_closed_door_is_not_open(settings: Any, tmp_path: Path) -> None:
    """pytest's own directories are closed, and so is this one."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.VAR_DIR.chmod(0o777)
    tmp_path.chmod(0o700)
    assert security() == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("IMAP_CONNECTIONS", 0, "IMAP_CONNECTIONS must be more than 0"),
        ("IMAP_TIMEOUT", 0.0, "IMAP_TIMEOUT must be more than 0"),
        ("SESSION_COOKIE_AGE", -1, "SESSION_SECONDS must be more than 0"),
        ("METRICS_ALLOWED", ["prometheus.example.org"], "METRICS_ALLOWED holds what is neither"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is neither line nor json"),
    ],
)
def test_what_can_not_be(settings: Any, name: str, value: Any, words: str) -> None:
    setattr(settings, name, value)
    assert words in said("--tag", "ekorn")
