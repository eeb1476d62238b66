"""Whose address book it is."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from tests.contacts import book
from webmail.accounts.models import Person
from webmail.contacts.book import list_contacts
from webmail.contacts.models import Contact, Group


@pytest.fixture
def ola(db) -> Person:
    return Person.objects.create(username="ola@fjord.example")


READ = [
    "/contacts/", "/contacts/collected/", "/contacts/doubles/", "/contacts/files/", "/contacts/files/save/?as=csv",
    "/contacts/groups/", "/contacts/new/", "/contacts/suggest/?q=a",
]  # fmt: skip
WRITE = ["/contacts/change/", "/contacts/add/", "/contacts/undo/", "/contacts/groups/1/change/"]


class TestWhoMay:
    def test_somebody_elses_is_not_there(self, kari, ola):
        client, _ = kari
        contact = book.contact(ola, "Secret Anna", "anna@x.example")
        group = book.group(ola, "Secret choir", contact)
        for path in (
            f"/contacts/{contact.pk}/",
            f"/contacts/{contact.pk}/edit/",
            f"/contacts/groups/{group.pk}/",
        ):
            assert client.get(path).status_code == 404
        for path, data in (
            (f"/contacts/{contact.pk}/edit/", {"name": "Changed"}),
            (f"/contacts/groups/{group.pk}/change/", {"do": "delete"}),
            (f"/contacts/groups/{group.pk}/change/", {"do": "rename", "name": "x"}),
            ("/contacts/change/", {"do": "join", "group": group.pk}),
            ("/contacts/change/", {"do": "leave", "group": group.pk}),
            ("/contacts/doubles/", {"contact": [contact.pk, contact.pk + 1]}),
        ):
            assert client.post(path, data).status_code == 404, path
        for action in ("delete", "keep", "write"):
            client.post("/contacts/change/", {"do": action, "contact": contact.pk})
        for path in READ:
            answer = client.get(path)
            assert b"Secret" not in (answer.getvalue() if answer.streaming else answer.content)
        assert list_contacts(person=ola).total == 1
        assert Group.objects.get().name == "Secret choir"

    def test_nobody_without_signing_in(self, client, db):
        for path in (*READ, "/contacts/1/", "/contacts/1/edit/", "/contacts/groups/1/"):
            answer = client.get(path)
            assert answer.status_code == 302
            assert answer["Location"].startswith("/sign-in/?next=%2Fcontacts%2F")
        for path in (*WRITE, "/contacts/new/", "/contacts/groups/", "/contacts/files/"):
            assert client.post(path, {"name": "x"})["Location"] == "/sign-in/"
        assert not Contact.objects.exists()

    def test_the_wrong_method(self, kari):
        client, _ = kari
        for path in WRITE:
            assert client.get(path).status_code == 405
        for path in (
            "/contacts/",
            "/contacts/collected/",
            "/contacts/suggest/",
            "/contacts/1/",
            "/contacts/files/save/",
        ):
            assert client.post(path).status_code == 405

    def test_no_form_of_another_site(self, db):
        client = Client(enforce_csrf_checks=True)
        for path in (*WRITE, "/contacts/new/", "/contacts/doubles/", "/contacts/files/"):
            assert client.post(path, {"file": io.BytesIO(b"x")}).status_code == 403
