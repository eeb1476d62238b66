"""Every page of the admin: who gets it, what never stands on it, and that a long list asks no more than a short one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.administration.conftest import PASSWORD
from tests.administration.filled import SECRET, fill
from tests.administration.walking import addresses, pages, text_of
from webmail.accounts.models import Person
from webmail.administration.roles import HELP_DESK, PEOPLE, READERS, SERVERS
from webmail.administration.site import site

pytestmark = pytest.mark.django_db

LISTS = [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in site._registry]


@pytest.fixture
def staff(signed_in):
    """`staff("Help desk")`: a browser in which somebody of this role is signed in."""

    def start(role: str) -> Client:
        person = Person.objects.create_user("helper", password=PASSWORD, is_staff=True)
        person.groups.set(Group.objects.filter(name=role))
        return signed_in(person)

    return start


def test_a_superuser_gets_every_page_and_nothing_secret_is_on_any(admin, root):
    fill()
    seen = 0
    for address, answer in pages(admin):
        # What the program writes can't be added or changed by anybody.
        assert answer.status_code in (200, 403), address
        text = text_of(answer)
        assert SECRET not in text, address
        assert PASSWORD not in text
        assert root.password not in text
        assert admin.cookies["administration"].value not in text
        for inline in ("style=", "<style", "onclick=", "javascript:"):
            assert inline not in text, (address, inline)
        seen += answer.status_code == 200
    assert seen > 40


def test_every_list_and_each_thing_in_it_can_be_seen(admin):
    fill()
    for address, answer in pages(admin):
        if address.endswith(("/change/", "/history/")) or address.count("/") == 4:
            assert answer.status_code == 200, address


def test_nobody_else_gets_any(root):
    people = fill()
    mail = Client()
    mail.force_login(people[0])
    for client in (Client(), mail):
        for address, answer in pages(client):
            if not address.endswith("/jsi18n/"):
                assert answer.status_code == 302, address
                assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("role", [HELP_DESK, SERVERS])
def test_a_role_sees_what_is_its_own_and_no_more(staff, role):
    fill()
    client = staff(role)
    for address, answer in pages(client):
        assert answer.status_code in (200, 302, 403, 404), address
        assert SECRET not in text_of(answer)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        (HELP_DESK, ["accounts/person", "signins/session"], ["domains/maildomain", "outbox/outgoing"]),
        (SERVERS, ["domains/maildomain"], ["accounts/person", "signins/session", "outbox/outgoing"]),
        (READERS, ["accounts/person", "domains/maildomain", "outbox/outgoing"], ["auth/group"]),
        (PEOPLE, ["accounts/person", "outbox/outgoing"], ["domains/maildomain", "admin/logentry"]),
    ],
)
def test_roles(staff, role, allowed, refused):
    client = staff(role)
    for name in allowed:
        assert client.get(f"/admin/{name}/").status_code == 200, name
    for name in refused:
        assert client.get(f"/admin/{name}/").status_code == 403, name


def test_staff_without_a_role_see_no_list(staff):
    client = staff("")
    assert client.get("/admin/").status_code == 200
    for name in LISTS:
        assert client.get(reverse(name)).status_code == 403


def test_a_long_list_asks_no_more_than_a_short_one(admin):
    places = ["/admin/", *map(reverse, LISTS)]
    fill(3)
    few = [queries(admin, place) for place in places]
    fill(27, prefix="ola")
    many = [queries(admin, place) for place in places]
    assert dict(zip(places, many, strict=True)) == dict(zip(places, few, strict=True))


def queries(client: Client, place: str) -> int:
    """Once what is remembered for a while is there."""
    client.get(place)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(place).status_code == 200
    return len(asked)


def test_every_address_is_walked_once():
    fill()
    found = [address for address in addresses() if address.count("/") > 4]
    assert len(found) == len(set(found))
