"""The second step in the settings: set up, changed and taken away, by whoever proves that it is them."""

from __future__ import annotations

import re

import lxml.html
import pytest

from tests.factors.clock import Clock, code, wrong
from tests.factors.device import Device
from tests.web import second
from webmail.accounts.models import Person
from webmail.factors import recovery
from webmail.factors.models import Authenticator
from webmail.factors.proving import factors_of, has_factor

HERE = "/preferences/second-step/"
FRESH = 15 * 60


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def client(clock, kari):
    """Just signed in, without a second factor."""
    return kari[0]


@pytest.fixture
def person(kari) -> Person:
    return kari[1]


def secret_on(page: bytes) -> str:
    (shown,) = lxml.html.document_fromstring(page.decode()).xpath("//details/p/code")
    return shown.text.replace(" ", "")


def codes_on(page: bytes) -> list[str]:
    return lxml.html.document_fromstring(page.decode()).xpath("//ol[@class='codes']//code/text()")


def test_an_app_is_set_up_and_recovery_codes_come_with_it(client, person, clock):
    assert b"It is off." in client.get(HERE).content
    page = client.get(f"{HERE}app/")
    assert page["Cache-Control"] == "no-store"
    assert b"<svg" in page.content
    assert b"style=" not in page.content
    secret = secret_on(page.content)
    refused = client.post(f"{HERE}app/", {"code": wrong(code(secret))})
    assert refused.status_code == 422
    assert secret_on(refused.content) == secret
    assert not has_factor(person)
    done = client.post(f"{HERE}app/", {"code": code(secret)})
    assert done["Cache-Control"] == "no-store"
    codes = codes_on(done.content)
    assert len(codes) == 10
    page = client.get(HERE).content
    assert b"It is on." in page
    assert b"10 codes are left." in page
    assert codes[0].encode() not in page
    assert client.get(f"{HERE}app/")["Location"] == HERE
    file = client.post(f"{HERE}codes/file/", {"code": [*codes[:2], "<script>", "abcd-abcd-abcd-abcd"]})
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert re.findall(r"\S{4}(?:-\S{4}){3}", file.content.decode()) == codes[:2]
    assert client.post(f"{HERE}codes/file/", {"code": "abcd-abcd-abcd-abcd"}).status_code == 404


def test_new_recovery_codes(client, person):
    second.with_app(person)
    old = recovery.renew(person)
    codes = codes_on(client.post(f"{HERE}codes/").content)
    assert len(set(codes) - set(old)) == 10
    assert client.get(f"{HERE}codes/")["Location"] == HERE


def test_passkeys_are_added_named_and_removed(client, person, clock):
    device = Device()
    answer = device.make(second.options_of(client.get(HERE).content))
    done = client.post(f"{HERE}passkeys/", {"passkey": answer, "name": "Telefon\x00 <b>"})
    assert len(codes_on(done.content)) == 10
    (key,) = person.passkeys.all()
    assert key.name == "Telefon <b>"
    page = client.get(HERE).content.decode()
    assert "Telefon &lt;b&gt;" in page
    assert "Not used yet." in page
    assert client.post(f"{HERE}passkeys/{key.pk}/", {"name": "Nøkkelring"})["Location"] == HERE
    assert client.post(f"{HERE}passkeys/{key.pk}/", {"name": " "}).status_code == 422
    assert client.post(f"{HERE}passkeys/{key.pk + 1}/", {"name": "x"}).status_code == 404
    page = client.get(f"{HERE}remove/?what={key.pk}").content
    assert "Remove the passkey Nøkkelring".encode() in page
    client.post(f"{HERE}remove/", {"what": key.pk, "passkey": device.prove(second.options_of(page))})
    assert not has_factor(person)


def test_a_passkey_that_is_none(client, person):
    client.get(HERE)
    refused = client.post(f"{HERE}passkeys/", {"passkey": "{}", "name": "Telefon"})
    assert refused.status_code == 422
    assert b"was not added" in refused.content
    assert b'value="Telefon"' in refused.content
    assert not has_factor(person)


@pytest.mark.parametrize("proof", ["code", "recovery", "password"])
def test_it_is_turned_off_by_who_proves_it(front, client, person, proof):
    secret = second.with_app(person)
    codes = second.with_codes(person)
    proofs = {"code": code(secret), "recovery": codes[0], "password": front[1].password}
    refused = client.post(f"{HERE}remove/", {"what": "all", "proof": "wrong"})
    assert refused.status_code == 422
    assert client.post(f"{HERE}remove/", {"what": "all"}).status_code == 422
    assert has_factor(person)
    client.post(f"{HERE}remove/", {"what": "all", "proof": proofs[proof]})
    assert not has_factor(person)
    assert recovery.left(person) == 0


def test_of_two_factors_one_goes(client, person):
    second.with_passkey(person)
    secret = second.with_app(person)
    client.post(f"{HERE}remove/", {"what": "app", "proof": code(secret)})
    assert (factors_of(person).authenticator, factors_of(person).passkeys) == (False, 1)
    assert client.get(f"{HERE}remove/?what=nonsense").status_code == 404


def test_guesses_of_a_proof_are_limited(front, client, person):
    second.with_app(person)
    for _ in range(5):
        client.post(f"{HERE}remove/", {"what": "all", "proof": "wrong"})
    waits = client.post(f"{HERE}remove/", {"what": "all", "proof": front[1].password})
    assert waits.status_code == 422
    assert b"Wait 1 minute" in waits.content
    assert has_factor(person)


def test_nothing_changes_long_after_the_sign_in(front, client, person, clock):
    secret = second.with_app(person)
    clock.move(FRESH)
    page = client.get(HERE).content
    assert b"Make new codes" not in page
    for path in ("app/", "codes/", "passkeys/"):
        assert client.post(HERE + path, {"code": code(secret)})["Location"].startswith(f"{HERE}confirm/")
    assert recovery.left(person) == 0
    assert client.post(f"{HERE}confirm/", {"proof": "wrong"}).status_code == 422
    confirmed = client.post(f"{HERE}confirm/", {"proof": front[1].password, "next": "//evil.example"})
    assert confirmed["Location"] == HERE
    assert len(codes_on(client.post(f"{HERE}codes/").content)) == 10


def test_the_secret_is_shown_only_shortly_after_the_sign_in(client, person, clock):
    clock.move(FRESH)
    assert (
        client.get(f"{HERE}app/")["Location"] == f"{HERE}confirm/?next=%2Fpreferences%2Fsecond-step%2Fapp%2F"
    )
    assert not Authenticator.objects.filter(person=person).exists()


def test_where_it_is_off_there_is_no_such_page(client, settings):
    settings.SECOND_FACTOR = "off"
    assert client.get(HERE).status_code == 404
    assert HERE.encode() not in client.get("/preferences/").content


def test_where_it_is_required_it_is_set_up_first(front, client, person, settings):
    settings.SECOND_FACTOR = "required"
    assert client.get("/folder/INBOX/").status_code == 200
    client.post("/sign-out/", {})
    client.post("/sign-in/", {"username": front[1].name, "password": front[1].password})
    assert client.get("/folder/INBOX/")["Location"] == HERE
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == HERE
    assert client.get("/live/").status_code == 204
    refused = client.post("/compose/", {"message_id": "1@x.example", "subject": "Hei"})
    assert refused.status_code == 403
    assert b"Set up your second step first" in refused.content
    assert b"This service asks everybody" in client.get(HERE).content
    secret = secret_on(client.get(f"{HERE}app/").content)
    client.post(f"{HERE}app/", {"code": code(secret)})
    assert client.get("/folder/INBOX/").status_code == 200
    client.post(f"{HERE}remove/", {"what": "app", "proof": front[1].password})
    assert client.get("/folder/INBOX/")["Location"] == HERE
    assert client.post("/sign-out/", {}).status_code == 302
