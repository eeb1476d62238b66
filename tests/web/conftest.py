"""A person who is signed in through the front door, with a mailbox on a real Dovecot."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.test import Client

from tests.servers.dovecot import MailUser
from tests.web import letters
from webmail.accounts import connections


@dataclass
class Visitor:
    """`get` and `post` as a browser would, `uid_validity` that of the inbox."""

    client: Client
    user: MailUser

    def get(self, path: str, **headers: str):
        return self.client.get(path, headers=headers)

    def post(self, path: str, data: dict, **headers: str):
        return self.client.post(path, data, headers=headers)

    @property
    def uid_validity(self) -> int:
        found = re.search(r'name="uid_validity" value="(\d+)"', self.get("/folder/INBOX/").content.decode())
        assert found
        return int(found[1])

    def message(self, uid: int = 1) -> str:
        return f"/message/INBOX/{self.uid_validity}/{uid}/"


@pytest.fixture
def front(dovecot, mail_user, settings, db):
    """(Client, MailUser): not signed in yet."""
    settings.IMAP_URL = dovecot.url
    yield Client(enforce_csrf_checks=False), mail_user
    connections.close_pool()


@pytest.fixture
def visitor(front) -> Visitor:
    client, user = front
    user.deliver("INBOX", letters.PLAIN)
    user.deliver("INBOX", letters.NEWSLETTER)
    user.deliver("INBOX", letters.ATTACHMENTS)
    user.deliver("INBOX", letters.FORWARDED)
    answer = client.post("/sign-in/", {"username": user.name, "password": user.password})
    assert answer.status_code == 302, answer.content
    return Visitor(client, user)
