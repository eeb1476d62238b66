"""Codes of an app and recovery codes: once each, not too late, not too often."""

from __future__ import annotations

import base64
import re

import pytest

from tests.factors.clock import code, wrong
from webmail.factors import recovery, totp
from webmail.factors.models import Authenticator, RecoveryCode
from webmail.factors.proving import (
    accepts,
    confirm_authenticator,
    factors_of,
    forget_all,
    forget_authenticator,
    has_factor,
)
from webmail.factors.tries import seconds_to_wait


@pytest.fixture
def secret(kari, clock) -> str:
    """Of an app that is set up; its first code is a minute old."""
    secret = totp.begin(kari)
    assert confirm_authenticator(kari, code(secret))
    clock.move(60)
    return secret


def test_an_app_counts_when_its_first_code_was_right(kari, clock):
    secret = totp.begin(kari)
    assert totp.begin(kari) == secret
    assert not has_factor(kari)
    assert not accepts(kari, code(secret))
    assert not confirm_authenticator(kari, wrong(code(secret)))
    assert confirm_authenticator(kari, f" {code(secret)[:3]} {code(secret)[3:]} ")
    assert has_factor(kari)
    assert totp.begin(kari) == ""
    assert not confirm_authenticator(kari, code(secret, clock.now + 30))


def test_a_secret_that_was_not_confirmed_gets_old(kari, clock):
    secret = totp.begin(kari)
    clock.move(15 * 60)
    assert totp.begin(kari) != secret
    assert not confirm_authenticator(kari, code(secret))
    assert confirm_authenticator(kari, code(totp.begin(kari)))


def test_the_secret_is_not_in_the_database(kari, secret):
    kept = Authenticator.objects.get(person=kari)
    assert secret not in kept.sealed
    assert base64.b32decode(secret) not in base64.b64decode(kept.sealed.partition(".")[2])


def test_a_code_is_taken_once(kari, secret):
    assert accepts(kari, code(secret))
    assert not accepts(kari, code(secret))


def test_the_code_that_confirmed_is_not_taken_again(kari, clock):
    secret = totp.begin(kari)
    assert confirm_authenticator(kari, code(secret))
    assert not accepts(kari, code(secret))


@pytest.mark.parametrize(("off", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(kari, secret, clock, off, taken):
    assert accepts(kari, code(secret, clock.now + off)) is taken


def test_no_older_code_after_a_newer_one(kari, secret, clock):
    assert accepts(kari, code(secret, clock.now + 30))
    assert not accepts(kari, code(secret))


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²", "\0" * 6, "9" * 5000]
)
def test_what_is_no_code(kari, secret, typed):
    assert not accepts(kari, typed)


def test_five_wrong_codes_and_one_waits_longer_each_time(kari, secret, clock):
    for _ in range(5):
        assert seconds_to_wait(kari) == 0
        assert not accepts(kari, wrong(code(secret)))
    assert seconds_to_wait(kari) == 60
    assert not accepts(kari, code(secret))
    assert seconds_to_wait(kari) == 60
    clock.move(60)
    assert not accepts(kari, wrong(code(secret)))
    assert seconds_to_wait(kari) == 120
    clock.move(120)
    assert accepts(kari, code(secret))
    assert seconds_to_wait(kari) == 0


def test_waiting_has_a_longest(kari, secret, clock):
    for _ in range(12):
        clock.move(seconds_to_wait(kari))
        assert not accepts(kari, wrong(code(secret)))
    assert seconds_to_wait(kari) == 15 * 60


def test_recovery_codes_are_good_once_each(kari, secret):
    codes = recovery.renew(kari)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", one) for one in codes)
    assert accepts(kari, codes[3])
    assert not accepts(kari, codes[3])
    assert accepts(kari, codes[4].replace("-", " ").upper())
    assert recovery.left(kari) == 8
    assert recovery.of_person(kari, codes) == codes[:3] + codes[5:]
    kept = RecoveryCode.objects.filter(person=kari).values_list("digest", flat=True)
    assert not {one.replace("-", "") for one in codes} & set(kept)


def test_new_recovery_codes_end_the_old(kari, secret):
    old = recovery.renew(kari)
    recovery.renew(kari)
    assert recovery.left(kari) == 10
    assert not accepts(kari, old[0])


def test_somebody_elses_codes_are_nothing(kari, secret, django_user_model):
    ola = django_user_model.objects.create(username="ola@fjord.example")
    codes = recovery.renew(kari)
    recovery.renew(ola)
    assert not accepts(ola, codes[0])
    assert not accepts(ola, code(secret))
    assert recovery.of_person(ola, codes) == ()


def test_recovery_codes_end_with_the_last_factor(kari, secret):
    recovery.renew(kari)
    forget_authenticator(kari)
    assert recovery.left(kari) == 0
    assert not has_factor(kari)


def test_everything_is_forgotten(kari, secret):
    codes = recovery.renew(kari)
    forget_all(kari)
    assert not factors_of(kari)
    assert not accepts(kari, codes[0])


def test_secrets_move_to_a_new_key(kari, secret, settings):
    old, new = (f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2"))
    settings.CREDENTIAL_KEYS = [old]
    assert totp.reseal() == (0, 1)  # sealed with a key that is not in this list
    forget_all(kari)
    secret = totp.begin(kari)
    settings.CREDENTIAL_KEYS = [new, old]
    assert totp.reseal() == (1, 0)
    assert totp.reseal() == (0, 0)
    settings.CREDENTIAL_KEYS = [new]
    assert totp.begin(kari) == secret


def test_the_picture_is_of_the_address_that_apps_read(kari):
    address = totp.address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", account="kari@fjord.example", issuer="Ekorn")
    assert address.startswith("otpauth://totp/Ekorn:kari%40fjord.example?")
    assert "secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" in address
    picture = totp.picture(address)
    assert picture.startswith("<svg ")
    assert "style" not in picture
