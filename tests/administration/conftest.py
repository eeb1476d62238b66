"""Who administers: a person with a password of their own, signed in to the admin through its front door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from webmail.accounts import connections
from webmail.accounts.models import Person

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick_door(settings):
    settings.ADMIN_SECOND_FACTOR = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def root(db) -> Person:
    return Person.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """`signed_in(person)`: a browser in which that person is signed in to the admin."""

    def start(person: Person) -> Client:
        client = Client()
        answer = client.post("/admin/login/", {"username": person.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return start


@pytest.fixture
def admin(root, signed_in) -> Client:
    return signed_in(root)


@pytest.fixture
def front(dovecot, mail_user, settings, db):
    """(Client, MailUser): not signed in to mail yet."""
    settings.IMAP_URL = dovecot.url
    yield Client(), mail_user
    connections.close_pool()
