"""Passkeys: made and used once for each challenge, at the place they were made for, by the person they belong to."""

from __future__ import annotations

import json

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factors.device import Device
from webmail.factors import passkeys
from webmail.factors.models import Passkey
from webmail.factors.passkeys import PasskeyError, begin_making, begin_proving, finish_making, proves
from webmail.factors.proving import forget_passkey, has_factor


@pytest.fixture
def request_(db):
    """Several at one session, as a browser would: only the session is looked at."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    return request


@pytest.fixture
def device(kari, request_) -> Device:
    device = Device()
    finish_making(
        request_, kari, answer=device.make(begin_making(request_, kari, service="Ekorn")), name="Phone"
    )
    return device


def test_one_is_made_and_used(kari, request_, device):
    assert has_factor(kari)
    key = Passkey.objects.get(person=kari)
    assert (key.name, key.host, key.used) == ("Phone", "testserver", None)
    assert proves(request_, kari, device.prove(begin_proving(request_, kari)))
    assert Passkey.objects.get(person=kari).used


def test_several_have_names_and_go_one_by_one(kari, request_, device):
    other = Device()
    options = begin_making(request_, kari, service="Ekorn")
    assert len(options["excludeCredentials"]) == 1
    made = finish_making(request_, kari, answer=other.make(options), name="Key ring")
    assert passkeys.rename(kari, made.pk, "Old key ring")
    assert [one.name for one in passkeys.passkeys_of(kari)] == ["Phone", "Old key ring"]
    assert proves(request_, kari, other.prove(begin_proving(request_, kari)))
    assert forget_passkey(kari, made.pk)
    assert not forget_passkey(kari, made.pk)
    assert not proves(request_, kari, other.prove(begin_proving(request_, kari)))
    assert proves(request_, kari, device.prove(begin_proving(request_, kari)))


def test_a_challenge_is_good_once(kari, request_, device):
    answer = device.prove(begin_proving(request_, kari))
    assert proves(request_, kari, answer)
    assert not proves(request_, kari, answer)
    later = begin_proving(request_, kari)
    assert not proves(request_, kari, answer)
    assert not proves(request_, kari, device.prove(later))


def test_the_challenge_is_that_of_the_session(kari, request_, device):
    options = begin_proving(request_, kari)
    begin_proving(request_, kari)
    assert not proves(request_, kari, device.prove(options))


def test_a_challenge_gets_old(kari, request_, device, clock):
    options = begin_proving(request_, kari)
    clock.move(passkeys.SECONDS + 1)
    assert not proves(request_, kari, device.prove(options))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://testserver",
        "http://testserver:8000",
        "http://testserver.evil.example",
        "",
    ],
)
def test_another_place_is_refused(kari, request_, device, origin):
    device.origin = origin
    assert not proves(request_, kari, device.prove(begin_proving(request_, kari)))
    elsewhere = Device(origin)
    with pytest.raises(PasskeyError):
        finish_making(
            request_, kari, answer=elsewhere.make(begin_making(request_, kari, service="E")), name=""
        )


def test_another_host_has_passkeys_of_its_own(kari, request_, device):
    request_.META["SERVER_NAME"] = "localhost"
    assert begin_proving(request_, kari) is None


def test_a_copy_is_noticed(kari, request_, device):
    assert proves(request_, kari, device.prove(begin_proving(request_, kari)))
    device.count -= 1
    assert not proves(request_, kari, device.prove(begin_proving(request_, kari)))
    assert proves(request_, kari, device.prove(begin_proving(request_, kari)))


def test_one_that_does_not_count(kari, request_):
    device = Device(counts=False)
    finish_making(request_, kari, answer=device.make(begin_making(request_, kari, service="E")), name="")
    for _ in range(2):
        assert proves(request_, kari, device.prove(begin_proving(request_, kari)))


def test_a_wrong_signature(kari, request_, device):
    stranger = Device()
    stranger.credential_id = device.credential_id
    stranger.count = 100
    assert not proves(request_, kari, stranger.prove(begin_proving(request_, kari)))


def test_another_persons_passkey(kari, request_, device, django_user_model):
    ola = django_user_model.objects.create(username="ola@fjord.example")
    assert begin_proving(request_, ola) is None
    options = begin_proving(request_, kari)
    assert not proves(request_, ola, device.prove(options))
    with pytest.raises(PasskeyError) as error:
        finish_making(request_, ola, answer=device.make(begin_making(request_, ola, service="E")), name="")
    assert error.value.reason == "there"


def test_there_is_a_most(kari, request_, device, monkeypatch):
    monkeypatch.setattr(passkeys, "MOST", 1)
    with pytest.raises(PasskeyError) as error:
        finish_making(
            request_, kari, answer=Device().make(begin_making(request_, kari, service="E")), name=""
        )
    assert error.value.reason == "many"


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("attestationObject", "authenticatorData", "clientDataJSON", "signature")
NEAR = st.fixed_dictionaries(
    {"rawId": st.just("AA") | ANY, "type": st.just("public-key") | ANY},
    optional={
        "id": ANY,
        "response": ANY
        | st.dictionaries(
            st.sampled_from(FIELDS),
            st.binary(max_size=60).map(lambda octets: octets.hex()) | st.just("o2NmbXQ") | ANY,
        ),
    },
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=(ANY | NEAR).map(json.dumps) | st.text(max_size=40) | st.sampled_from(["[" * 19_000, "{" * 30_000])
)
def test_whatever_else_comes_is_no_passkey(kari, request_, device, answer):
    begin_proving(request_, kari)
    assert not proves(request_, kari, answer)
    begin_making(request_, kari, service="Ekorn")
    with pytest.raises(PasskeyError):
        finish_making(request_, kari, answer=answer, name="")
