"""A person who sends: their mailbox is on a real Dovecot, the submission server says what the test wants."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.servers.dovecot import Dovecot, MailUser
from tests.smtp.scripted import Scripted
from webmail.accounts import connections
from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.mailbox.writing import Composition
from webmail.outbox.models import Outgoing
from webmail.outbox.sending import send
from webmail.outbox.worker import take_due

SECRET = "a-secret-that-nobody-may-find"


@dataclass
class Desk:
    """A person and how they send. `number` makes Message-IDs."""

    access: Access
    user: MailUser
    number: int = 0

    def write(self, **fields: object) -> Composition:
        self.number += 1
        given = {
            "message_id": f"{self.number}.{self.user.name.replace('@', '.')}@fjord.example",
            "to": "Ola <ola@fjord.example>",
            "subject": f"Subject {SECRET}",
            "text": f"Hei\n\n{SECRET}\n",
        }
        return Composition(**given | fields)

    def send(self, composition: Composition | None = None, **options: object):
        return send(
            access=self.access,
            composition=composition or self.write(),
            **{"now": timezone.now()} | options,
        )

    def sent(self, folder: str = "Sent") -> list[bytes]:
        """Every message in the folder, as another program of the person's sees it."""
        with self.user.imap() as client, contextlib.suppress(client.error):
            if client.select(f'"{folder}"', readonly=True)[0] == "OK":
                found = client.fetch("1:*", "(BODY.PEEK[])")[1]
                return [part[1] for part in found if isinstance(part, tuple)]
        return []


@pytest.fixture(autouse=True)
def apart(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.MAIL_DOMAIN = "fjord.example"
    settings.SENDER_POLICY = "any"
    settings.SMTP_TIMEOUT = 2


@pytest.fixture
def person_at(settings, db):
    """`person_at(dovecot)`: somebody new whose mailbox is there."""

    def sign_in(dovecot: Dovecot) -> Desk:
        settings.IMAP_URL = dovecot.url
        user = dovecot.user()
        person = Person.objects.create(username=user.name, undo_seconds=0)
        return Desk(Access(person, holder_of(person, login=user.name, password=user.password)), user)

    yield sign_in
    connections.close_pool()


@pytest.fixture
def desk(dovecot, person_at) -> Desk:
    return person_at(dovecot)


@pytest.fixture
def server(settings):
    """`server({"RCPT": b"450 Not now"})`: the submission server from now on."""
    with contextlib.ExitStack() as running:

        def start(table=None, **options) -> Scripted:
            scripted = running.enter_context(Scripted(table, **options))
            settings.SMTP_URL = scripted.url
            return scripted

        yield start


@pytest.fixture
def later():
    """As if so much time had gone by: `later(minutes=5)` moves every row into the past and lets the worker look."""

    def pass_by(**by: float) -> int:
        ago = timedelta(**by)
        for row in Outgoing.objects.all():
            for name in ("next_try", "not_before", "created", "finished", "lease_until"):
                moment = getattr(row, name)
                setattr(row, name, moment and moment - ago)
            row.save()
        return take_due()

    return pass_by


def mails(smtp: Scripted) -> list[bytes]:
    """What it got; a transaction that was backed out of is none."""
    return [content for content in smtp.contents if content]
