"""A person who is signed in through the front door, with a mailbox on a real Dovecot; the same in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.servers.dovecot import MailUser
from tests.servers.program import Program
from tests.web import letters
from webmail.accounts import connections
from webmail.accounts.models import Person


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
def kari(front) -> tuple[Client, Person]:
    """Signed in, with an empty mailbox and nobody in the address book."""
    client, user = front
    assert client.post("/sign-in/", {"username": user.name, "password": user.password}).status_code == 302
    return client, Person.objects.get(username=user.name)


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


# What is on the inbox's second page of fifty, and the four letters before it.
FILLING = 56


@pytest.fixture
def person(mail_user: MailUser) -> MailUser:
    """With two pages of mail: sixty letters, the last four of which are those of `tests.web.letters`."""
    plain = b"Subject: Brev nummer %d\r\nFrom: Ola Nes <ola@fjord.example>\r\n\r\nHei\r\n"
    mail_user.bulk("INBOX", [plain % number for number in range(FILLING)])
    mail_user.bulk("INBOX", [letters.PLAIN, letters.NEWSLETTER, letters.ATTACHMENTS, letters.FORWARDED])
    return mail_user


@pytest.fixture
def open_page(browser: Browser, program: Program, person: MailUser) -> Iterator[Callable[..., Page]]:
    """`open_page(width=360, java_script_enabled=False)`: signed in, at the inbox. Errors of script fail the test."""
    contexts, faults = [], []

    def start(*, width: int = 1440, height: int = 900, language: str = "en", **options: Any) -> Page:
        context = browser.new_context(
            base_url=program.url, viewport={"width": width, "height": height}, locale=language, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        page.goto("/")
        page.fill("#username", person.name)
        page.fill("#password", person.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/folder/INBOX/", wait_until="load")
        return page

    yield start
    for context in contexts:
        context.close()
    assert faults == []
