"""What may be done with people, and by whom; each of it is written down."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from tests.administration.conftest import PASSWORD
from tests.administration.filled import SECRET, fill
from webmail.accounts.models import Person
from webmail.administration.roles import HELP_DESK, PEOPLE, READERS
from webmail.contacts.models import Contact
from webmail.factors.models import Passkey
from webmail.factors.proving import has_factor
from webmail.outbox.models import Outgoing
from webmail.signins.models import Session, SignInEvent

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/person/"


@pytest.fixture
def kari(db) -> Person:
    (person,) = fill()
    return person


@pytest.fixture
def staff(signed_in):
    def start(role: str, name: str = "helper") -> Client:
        person = Person.objects.create_user(name, password=PASSWORD, is_staff=True)
        person.groups.set(Group.objects.filter(name=role))
        return signed_in(person)

    return start


def act(client: Client, action: str, *people: Person, **more: str):
    data = {"action": action, "index": "0", "_selected_action": [person.pk for person in people]}
    return client.post(LIST, data | more)


def said(person: Person) -> list[str]:
    return [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=str(person.pk))]


def test_blocking_ends_what_is_open_at_once(admin, kari):
    mail = Client()
    mail.force_login(kari)
    assert Session.objects.filter(person=kari).exists()
    assert act(admin, "block", kari).status_code == 302
    kari.refresh_from_db()
    assert not kari.is_active
    assert not Session.objects.filter(person=kari).exists()
    assert mail.get("/folder/INBOX/").status_code == 302
    assert said(kari) == ["Blocked."]
    assert "blocked" in admin.get(LIST).content.decode()
    act(admin, "unblock", kari)
    kari.refresh_from_db()
    assert kari.is_active


def test_signing_out_everywhere(admin, kari):
    act(admin, "sign_out", kari)
    assert not Session.objects.filter(person=kari).exists()
    kari.refresh_from_db()
    assert kari.is_active
    assert said(kari) == ["Signed out everywhere."]


def test_a_second_factor_is_reset(admin, kari):
    Passkey.objects.create(person=kari, name="key", host="testserver", credential_id="x", credential=b"x")
    assert "set up" in admin.get(LIST + "?factor=yes").content.decode()
    act(admin, "reset_factor", kari)
    assert not has_factor(kari)
    assert kari.username not in admin.get(LIST + "?factor=yes").content.decode()


def test_the_page_of_one_has_the_same_as_buttons(admin, kari):
    page = admin.get(f"{LIST}{kari.pk}/change/").content.decode()
    assert 'value="block"' in page
    assert 'value="unblock"' not in page


def test_their_data_as_a_file_without_any_secret(admin, kari):
    answer = act(admin, "export", kari)
    assert answer["Content-Disposition"] == 'attachment; filename="kari0@fjord.example.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    files = {name.split("/")[1]: archive.read(name) for name in archive.namelist()}
    assert set(files) >= {"person.json", "settings.json", "contacts.vcf", "sessions.json", "outbox.json"}
    assert json.loads(files["person.json"])["username"] == kari.username
    assert "password" not in json.loads(files["person.json"])
    # Their own words are in it, whatever is sealed is not.
    assert SECRET.encode() in files["contacts.vcf"]
    for name in ("sessions.json", "outbox.json", "second_factors.json"):
        assert SECRET.encode() not in files[name]


def test_deleting_says_what_goes_and_takes_it(admin, kari):
    page = admin.get(f"{LIST}{kari.pk}/delete/").content.decode()
    assert "1 contact" in page
    assert "1 message that waits to be sent" in page
    assert "All mail stays" in page
    assert admin.post(f"{LIST}{kari.pk}/delete/", {"post": "yes"}).status_code == 302
    for model in (Contact, Outgoing, Session, SignInEvent):
        assert not model.objects.filter(person_id=kari.pk).exists()
    assert not Person.objects.filter(pk=kari.pk).exists()


def test_several_are_deleted_from_the_list(admin):
    people = fill(3)
    page = act(admin, "delete_selected", *people).content.decode()
    assert "3 contacts" in page
    assert act(admin, "delete_selected", *people, post="yes").status_code == 302
    assert Person.objects.count() == 1


def test_a_person_is_listed_before_their_first_sign_in(admin):
    assert admin.post(LIST + "add/", {"username": " Ola@Fjord.example "}).status_code == 302
    ola = Person.objects.get(username="ola@fjord.example")
    assert not ola.has_usable_password()
    answer = admin.post(LIST + "add/", {"username": "OLA@fjord.example"})
    assert "such a person already" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["?q=kari0", "?domain=fjord.example", "?domain=-", "?is_staff__exact=0", "?p=99"]
)
def test_searches_and_filters(admin, kari, query):
    assert admin.get(LIST + query, follow=True).status_code == 200


@pytest.mark.parametrize(
    ("role", "may"),
    [(HELP_DESK, {"unblock", "sign_out", "reset_factor"}), (READERS, set())],
)
def test_what_a_role_may_not_do_is_refused_and_not_only_hidden(staff, kari, role, may):
    client = staff(role)
    for action in ("block", "sign_out", "reset_factor", "export", "delete_selected"):
        Person.objects.filter(pk=kari.pk).update(is_active=True)
        act(client, action, kari, post="yes")
        done = bool(LogEntry.objects.filter(object_id=str(kari.pk)).exclude(user=kari))
        assert done == (action in may), action
        LogEntry.objects.all().delete()
    kari.refresh_from_db()
    assert kari.is_active
    assert client.get(f"{LIST}{kari.pk}/delete/").status_code == 403
    assert client.get(f"{LIST}{kari.pk}/password/").status_code in (302, 403)


def test_nobody_but_a_superuser_touches_staff(staff, root):
    client = staff(PEOPLE)
    for action in ("block", "sign_out", "reset_factor", "delete_selected"):
        act(client, action, root, post="yes")
    root.refresh_from_db()
    assert root.is_active
    assert not LogEntry.objects.filter(object_id=str(root.pk)).exists()
    assert client.post(f"{LIST}{root.pk}/delete/", {"post": "yes"}).status_code == 403


def test_nobody_but_a_superuser_makes_staff(staff, kari):
    client = staff(PEOPLE)
    answer = client.post(f"{LIST}{kari.pk}/change/", {"is_staff": "on", "is_superuser": "on"})
    assert answer.status_code == 403
    assert client.get(f"{LIST}{kari.pk}/password/").status_code == 403
    kari.refresh_from_db()
    assert not kari.is_staff


def test_a_superuser_makes_staff_with_a_password(admin, kari):
    roles = Group.objects.filter(name=HELP_DESK).values_list("pk", flat=True)
    fields = {"is_staff": "on", "groups": list(roles)}
    assert admin.post(f"{LIST}{kari.pk}/change/", fields).status_code == 302
    words = "some quite long words 7"
    fields = {"password1": words, "password2": words, "usable_password": "true"}
    assert admin.post(f"{LIST}{kari.pk}/password/", fields).status_code == 302
    kari.refresh_from_db()
    assert kari.is_staff
    assert kari.check_password(words)
