"""A person who can send answers, through a scripted server, to messages that ask for some."""

from __future__ import annotations

import contextlib
import re

import pytest
from django.test import Client

from tests.smtp.scripted import Scripted
from tests.web.conftest import Visitor
from webmail.accounts import connections
from webmail.accounts.models import Person

DOMAIN = "fjord.example"


class Reader(Visitor):
    """`letter(octets)` delivers and gives the message's address."""

    smtp: Scripted

    @property
    def address(self) -> str:
        return self.user.name if "@" in self.user.name else f"{self.user.name}@{DOMAIN}"

    @property
    def person(self) -> Person:
        return Person.objects.get()

    def letter(self, octets: bytes) -> str:
        self.user.deliver("INBOX", octets)
        page = self.get("/folder/INBOX/").content.decode()
        newest = max(map(int, re.findall(r'id="m(\d+)"', page)))
        return f"/message/INBOX/{self.uid_validity}/{newest}/"

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    def flags(self) -> bytes:
        with self.user.imap() as client:
            client.select("INBOX", readonly=True)
            return b" ".join(client.fetch("1:*", "(FLAGS)")[1]).lower()

    def sent(self, folder: str = "Sent") -> list[bytes]:
        with self.user.imap() as client, contextlib.suppress(client.error):
            if client.select(f'"{folder}"', readonly=True)[0] == "OK":
                found = client.fetch("1:*", "(BODY.PEEK[])")[1]
                return [part[1] for part in found if isinstance(part, tuple)]
        return []

    def posted(self) -> list[bytes]:
        """As they were before the dots were doubled."""
        return [content.replace(b"\r\n..", b"\r\n.") for content in self.smtp.contents if content]


@pytest.fixture
def reader(dovecot, mail_user, settings, db, tmp_path):
    """Signed in, with no undo, before a submission server that takes everything."""
    settings.IMAP_URL = dovecot.url
    settings.MAIL_DOMAIN = DOMAIN
    settings.OUTBOX_DIR, settings.UPLOAD_DIR = tmp_path / "outbox", tmp_path / "uploads"
    with Scripted() as smtp:
        settings.SMTP_URL = smtp.url
        reader = Reader(Client(), mail_user)
        reader.smtp = smtp
        answer = reader.post("/sign-in/", {"username": mail_user.name, "password": mail_user.password})
        assert answer.status_code == 302
        Person.objects.update(undo_seconds=0)
        yield reader
    connections.close_pool()
