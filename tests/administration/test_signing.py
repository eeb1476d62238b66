"""The admin's own door: who comes in, who does not, and that it is none of mail's."""

from __future__ import annotations

import pytest
from django.contrib.auth import SESSION_KEY as MAIL_SIGN_IN
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from tests.administration.conftest import PASSWORD
from webmail.accounts.models import Person
from webmail.signins import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


def enter(client: Client, username: str = "root", password: str = PASSWORD, **more: str):
    return client.post("/admin/login/", {"username": username, "password": password, **more})


def test_whoever_is_not_signed_in_sees_the_sign_in(root):
    client = Client()
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/login/?next=/admin/"
    page = client.get(answer["Location"]).content.decode()
    assert 'name="username"' in page
    assert "root" not in page


def test_an_administrator_comes_in_and_leads_on_to_where_they_were(root):
    client = Client()
    assert enter(client, next="/admin/password_change/")["Location"] == "/admin/password_change/"
    assert client.get("/admin/").status_code == 200
    assert "no-store" in client.get("/admin/")["Cache-Control"]


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example/", "/folder/INBOX/", "javascript:1"]
)
def test_the_sign_in_leads_nowhere_else(root, where):
    assert enter(Client(), next=where)["Location"] == "/admin/"


def test_the_cookie_is_for_the_admin_alone(root):
    client = Client()
    enter(client)
    cookie = client.cookies["administration"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/admin/", "Strict", True)
    assert "session" not in client.cookies


@pytest.mark.parametrize(
    ("changes", "password"),
    [
        ({"is_staff": False, "is_superuser": False}, PASSWORD),
        ({"is_active": False}, PASSWORD),
        ({}, "wrong"),
        ({}, ""),
    ],
)
def test_every_no_is_the_same(root, changes, password):
    Person.objects.filter(pk=root.pk).update(**changes)
    client = Client()
    answer = enter(client, password=password)
    assert answer.status_code == 422
    assert client.get("/admin/").status_code == 302


def test_a_person_of_mail_alone_has_no_password_here(db):
    person = Person.objects.create(username="kari@fjord.example", is_staff=True)
    person.set_unusable_password()
    person.save()
    for password in ("", "!", person.password):
        assert enter(Client(), "kari@fjord.example", password).status_code == 422


def test_guessing_is_slowed_down_and_the_right_password_is_not_told(root):
    client = Client()
    for _ in range(limits.BY_BOTH):
        assert enter(client, password="wrong").status_code == 422
    answer = enter(client)
    assert answer.status_code == 429
    assert "too many tries" in answer.content.decode()
    assert client.get("/admin/").status_code == 302


def test_a_session_of_mail_opens_no_admin_and_an_admins_no_mail(root):
    mail = Client()
    mail.force_login(root)
    key = mail.cookies["session"].value
    assert mail.get("/admin/").status_code == 302
    mail.cookies["administration"] = key
    assert mail.get("/admin/").status_code == 302

    staff = Client()
    enter(staff)
    assert staff.get("/folder/INBOX/").status_code == 302
    staff.cookies["session"] = staff.cookies["administration"].value
    assert staff.get("/folder/INBOX/")["Location"].startswith("/sign-in/")
    assert staff.get("/preferences/")["Location"].startswith("/sign-in/")
    assert MAIL_SIGN_IN not in staff.session


def test_both_at_once_in_one_browser(root):
    client = Client()
    client.force_login(root)
    enter(client)
    before = client.cookies["session"].value
    assert client.get("/admin/").status_code == 200
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302
    assert client.cookies["session"].value == before
    assert client.session[MAIL_SIGN_IN] == str(root.pk)


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_staff": False}, {"password": "!"}])
def test_what_changes_for_a_person_holds_at_once(root, admin, changes):
    assert admin.get("/admin/").status_code == 200
    Person.objects.filter(pk=root.pk).update(**changes)
    assert admin.get("/admin/").status_code == 302


def test_a_new_password_ends_the_others(root, signed_in):
    here, there = signed_in(root), signed_in(root)
    fields = {"old_password": PASSWORD, "new_password1": "a longer one, of some words"}
    answer = here.post("/admin/password_change/", fields | {"new_password2": fields["new_password1"]})
    assert answer.status_code == 302, answer.content.decode()
    assert here.get("/admin/").status_code == 200
    assert there.get("/admin/").status_code == 302


def test_signing_in_makes_a_new_session(root):
    client = Client()
    client.cookies["administration"] = "chosen-by-somebody-else-entirely"
    enter(client)
    assert client.cookies["administration"].value != "chosen-by-somebody-else-entirely"


def test_the_session_is_short(root, settings):
    settings.ADMIN_SESSION_SECONDS = 600
    client = Client()
    enter(client)
    assert client.cookies["administration"]["max-age"] == 600


def test_nothing_there_looks_like_the_admin(admin):
    answer = admin.get("/admin/nothing/")
    assert answer.status_code == 404
    assert "Administration" in answer.content.decode()
    assert "/folder/" not in answer.content.decode()


def test_no_page_has_anything_that_its_policy_refuses(admin):
    for path in ("/admin/", "/admin/password_change/"):
        answer = admin.get(path)
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
        text = answer.content.decode()
        assert "style=" not in text
        assert "<style" not in text
        assert "onclick" not in text


def test_an_administrator_is_made_on_the_command_line(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, username="keeper", verbosity=0)
    client = Client()
    assert enter(client, "keeper").status_code == 302
    assert client.get("/admin/").status_code == 200
