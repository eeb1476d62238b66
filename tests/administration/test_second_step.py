"""The second factor at the admin's door: set up before anything is seen, asked for ever after."""

from __future__ import annotations

import time
from base64 import b32decode

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.core.cache import cache
from django.test import Client

from tests.administration.conftest import PASSWORD
from tests.web.second import options_of, with_passkey
from webmail.accounts.models import Person
from webmail.factors import proving, recovery, totp
from webmail.factors.models import Authenticator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_for(settings):
    settings.ADMIN_SECOND_FACTOR = True
    cache.clear()


@pytest.fixture
def door(root) -> Client:
    """After the right password."""
    client = Client()
    answer = client.post(
        "/admin/login/", {"username": "root", "password": PASSWORD, "next": "/admin/password_change/"}
    )
    assert answer["Location"] == "/admin/second-step/"
    return client


def code_of(person: Person, *, later: int = 0) -> str:
    """What their app shows, `later` half minutes from now."""
    kept = Authenticator.objects.get(person=person)
    secret = totp._secret(kept)
    shown = TOTP(b32decode(secret), totp.DIGITS, SHA1(), totp.STEP_SECONDS)
    return shown.generate(time.time() + later * totp.STEP_SECONDS).decode()


def with_factor(person: Person) -> None:
    totp.begin(person)
    assert proving.confirm_authenticator(person, code_of(person))


def test_the_first_time_it_is_set_up_before_anything_is_seen(root, door):
    assert door.get("/admin/").status_code == 302
    page = door.get("/admin/second-step/").content.decode()
    assert "<svg" in page
    assert 'name="code"' in page
    assert "style=" not in page
    answer = door.post("/admin/second-step/", {"code": code_of(root)})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<li><code>") == recovery.COUNT
    assert "/admin/password_change/" in text
    assert door.get("/admin/").status_code == 200
    assert proving.has_factor(root)


def test_then_the_code_is_asked_for(root, door):
    with_factor(root)
    page = door.get("/admin/second-step/").content.decode()
    assert '<svg class="qr"' not in page
    assert door.get("/admin/").status_code == 302
    answer = door.post("/admin/second-step/", {"code": code_of(root, later=1)})
    assert answer["Location"] == "/admin/password_change/"
    assert door.get("/admin/").status_code == 200


def test_a_passkey_does_it_as_well(root, door):
    device = with_passkey(root)
    answer = device.prove(options_of(door.get("/admin/second-step/").content))
    assert door.post("/admin/second-step/", {"passkey": "{}"}).status_code == 422
    assert door.post("/admin/second-step/", {"passkey": answer}).status_code == 422
    answer = device.prove(options_of(door.get("/admin/second-step/").content))
    assert door.post("/admin/second-step/", {"passkey": answer})["Location"] == "/admin/password_change/"
    assert door.get("/admin/").status_code == 200


def test_a_recovery_code_does_it_once(root, door):
    with_factor(root)
    code = recovery.renew(root)[0]
    assert door.post("/admin/second-step/", {"code": code}).status_code == 302
    again = Client()
    again.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert again.post("/admin/second-step/", {"code": code}).status_code == 422


def test_wrong_codes_lead_back_to_the_password(root, door):
    with_factor(root)
    for _ in range(5):
        assert door.post("/admin/second-step/", {"code": "no"}).status_code == 422
    answer = door.post("/admin/second-step/", {"code": code_of(root, later=1)})
    assert answer["Location"] == "/admin/login/"
    assert door.get("/admin/").status_code == 302


def test_a_wrong_first_code_sets_up_nothing(root, door):
    door.get("/admin/second-step/")
    assert door.post("/admin/second-step/", {"code": "000"}).status_code == 422
    assert not proving.has_factor(root)
    assert door.get("/admin/").status_code == 302


def test_nobody_gets_there_without_the_password(root):
    client = Client()
    assert client.get("/admin/second-step/")["Location"] == "/admin/login/"
    assert client.post("/admin/second-step/", {"code": "123456"})["Location"] == "/admin/login/"


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
def test_whoever_is_blocked_between_the_steps_stays_out(root, door, changes):
    with_factor(root)
    Person.objects.filter(pk=root.pk).update(**changes)
    answer = door.post("/admin/second-step/", {"code": code_of(root, later=1)})
    assert answer["Location"] == "/admin/login/"


def test_a_stranger_with_the_password_can_not_add_an_app_beside_a_passkey(root, door):
    root.passkeys.create(name="key", host="testserver", credential_id="eA", credential=b"x")
    page = door.get("/admin/second-step/").content.decode()
    assert '<svg class="qr"' not in page
    assert not Authenticator.objects.filter(person=root).exists()
