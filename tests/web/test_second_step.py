"""The second step at sign-in, through the front door."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.factors.clock import Clock, code, wrong
from tests.web import second
from webmail.accounts.models import Person
from webmail.sealed import UnsealError, unseal
from webmail.signins.models import SignInEvent
from webmail.signins.store import SessionStore

SECOND = "/sign-in/second/"


@pytest.fixture
def person(kari):
    """Signed out again."""
    client, person = kari
    client.post("/sign-out/", {})
    return person


@pytest.fixture
def secret(person, clock) -> str:
    return second.with_app(person)


@pytest.fixture
def clock(monkeypatch):
    """Codes stand still; sessions go on."""
    return Clock(monkeypatch)


@pytest.fixture
def door(front):
    """`door(next="/contacts/")`: the answer to the right password."""
    client, user = front

    def give(**fields: str):
        return client.post("/sign-in/", {"username": user.name, "password": user.password, **fields})

    return give


def test_the_password_is_half_the_way(front, secret, door):
    client, _ = front
    assert door()["Location"] == SECOND
    page = client.get(SECOND)
    assert b"One more step" in page.content
    assert page["Cache-Control"] == "no-store"
    assert "_auth_user_id" not in client.session
    for path in ("/folder/INBOX/", "/contacts/", "/preferences/", "/compose/"):
        assert client.get(path)["Location"].startswith("/sign-in/"), path
    assert client.get("/sign-in/").status_code == 200
    before = client.session.session_key
    done = client.post(SECOND, {"code": code(secret)})
    assert done["Location"] == "/folder/INBOX/"
    assert client.session.session_key != before
    assert not SessionStore().exists(before)
    assert client.get("/folder/INBOX/").status_code == 200


def test_one_leads_back_to_where_one_was(front, secret, door):
    client, _ = front
    leads = door(next="/contacts/?q=a")["Location"]
    assert leads == f"{SECOND}?next=%2Fcontacts%2F%3Fq%3Da"
    assert b'value="/contacts/?q=a"' in client.get(leads).content
    done = client.post(SECOND, {"code": code(secret), "next": "/contacts/?q=a"})
    assert done["Location"] == "/contacts/?q=a"


def test_nobody_is_sent_elsewhere(front, secret, door):
    client, _ = front
    assert door(next="https://evil.example/")["Location"] == SECOND
    done = client.post(SECOND, {"code": code(secret), "next": "//evil.example/"})
    assert done["Location"] == "/folder/INBOX/"


def test_what_was_being_written_comes_along(front, secret, door, person):
    client, _ = front
    letter = {
        "message_id": "1@fjord.example",
        "to": "ola@fjord.example",
        "subject": "Hei <der>",
        "text": "Første\nandre",
        "do": "send",
        "writer": str(person.pk),
    }
    page = door(**letter)
    assert page.status_code == 200
    assert "Hei &lt;der&gt;" in page.content.decode()
    refused = client.post(SECOND, letter | {"code": wrong(code(secret))})
    assert refused.status_code == 422
    assert "Hei &lt;der&gt;" in refused.content.decode()
    letter.pop("do")
    done = client.post(SECOND, letter | {"code": code(secret)})
    assert done.status_code == 200
    assert "Hei &lt;der&gt;" in done.content.decode()
    assert "Første" in done.content.decode()


def test_beginning_anew_keeps_what_was_being_written(front, secret, door):
    client, _ = front
    page = client.post(SECOND, {"message_id": "1@x.example", "subject": "Hei der", "do": "again"})
    assert page.status_code == 200
    assert "Hei der" in page.content.decode()
    assert client.get(SECOND)["Location"] == "/sign-in/"


def test_five_wrong_codes_and_the_password_is_asked_for_again(front, secret, door):
    client, _ = front
    door()
    for _ in range(4):
        refused = client.post(SECOND, {"code": wrong(code(secret))})
        assert refused.status_code == 422
        assert b"This code is not right" in refused.content
    over = client.post(SECOND, {"code": wrong(code(secret))})
    assert b"Sign in once more" in over.content
    assert client.get(SECOND)["Location"] == "/sign-in/"
    door()
    waits = client.post(SECOND, {"code": code(secret)})
    assert waits.status_code == 429
    assert b"Wait 1 minute" in waits.content


def test_wrong_codes_are_in_the_sign_in_log(front, secret, door, person):
    client, _ = front
    door()
    client.post(SECOND, {"code": wrong(code(secret))})
    client.post(SECOND, {"code": code(secret)})
    log = SignInEvent.objects.filter(person=person).order_by("-pk").values_list("outcome", flat=True)
    assert list(log[:2]) == ["success", "factor"]


def test_after_five_minutes_the_password_is_asked_for_again(front, secret, door, clock):
    client, _ = front
    door()
    clock.move(5 * 60 + 1)
    over = client.post(SECOND, {"code": code(secret), "message_id": "1@x.example", "subject": "Hei der"})
    assert over.status_code == 422
    assert b"Hei der" in over.content
    assert client.get("/folder/INBOX/")["Location"].startswith("/sign-in/")


def test_without_the_browsers_half_of_the_key(front, secret, door):
    client, user = front
    door()
    kept = client.session["second_step"]
    assert user.password not in json.dumps(kept)
    with pytest.raises(UnsealError):
        unseal(kept["sealed"], half="A" * 43, owner=f"second step\0{kept['person']}\0{kept['until']}")
    thief = Client()
    thief.cookies["session"] = client.cookies["session"].value
    assert thief.post(SECOND, {"code": code(secret)}).status_code == 422
    assert thief.get("/folder/INBOX/")["Location"].startswith("/sign-in/")


def test_who_was_blocked_meanwhile_does_not_come_in(front, secret, door, person):
    client, _ = front
    door()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client.post(SECOND, {"code": code(secret)})
    assert client.get("/folder/INBOX/")["Location"].startswith("/sign-in/")


def test_a_recovery_code(front, secret, door, person):
    client, _ = front
    codes = second.with_codes(person)
    door()
    assert client.post(SECOND, {"code": "", "recovery": codes[0]})["Location"] == "/folder/INBOX/"
    client.post("/sign-out/", {})
    door()
    assert client.post(SECOND, {"recovery": codes[0]}).status_code == 422


def test_a_passkey(front, person, door):
    client, _ = front
    device = second.with_passkey(person)
    door()
    page = client.get(SECOND).content
    assert b"passkeys.js" in page
    assert b'name="code"' not in page
    answer = device.prove(second.options_of(page))
    assert client.post(SECOND, {"passkey": answer})["Location"] == "/folder/INBOX/"
    client.post("/sign-out/", {})
    door()
    client.get(SECOND)
    refused = client.post(SECOND, {"passkey": answer})
    assert refused.status_code == 422
    assert b"This passkey was not accepted" in refused.content


def test_nobody_comes_to_the_second_step_first(front, secret):
    client, _ = front
    assert client.get(SECOND)["Location"] == "/sign-in/"
    assert client.post(SECOND, {"code": code(secret)}).status_code == 422


def test_a_wrong_password_says_nothing_of_a_second_step(front, secret):
    client, user = front
    answer = client.post("/sign-in/", {"username": user.name, "password": "wrong"})
    assert answer.status_code == 422
    assert b"does not know this name and password" in answer.content
    assert client.get(SECOND)["Location"] == "/sign-in/"


def test_where_it_is_off_nobody_is_asked(front, secret, door, settings):
    settings.SECOND_FACTOR = "off"
    assert door()["Location"] == "/folder/INBOX/"
