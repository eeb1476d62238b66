"""A person with a mailbox on a real Dovecot, and a tap between."""

import pytest

from tests.servers.tap import Tap
from webmail.accounts import connections
from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.mailbox.reading import Links

LINKS = Links(part=lambda section: f"/part/{section}", picture=lambda token: f"/picture/{token}")


@pytest.fixture
def pool():
    yield
    connections.close_pool()


@pytest.fixture
def tapped(dovecot, mail_user, settings, db, pool):
    """(access, tap, mail_user): every octet between us and the server passes the tap."""
    with Tap(dovecot.port) as tap:
        settings.IMAP_URL = f"imap://127.0.0.1:{tap.port}"
        person = Person.objects.create(username=mail_user.name)
        yield (
            Access(person, holder_of(person, login=mail_user.name, password=mail_user.password)),
            tap,
            mail_user,
        )


@pytest.fixture
def access(tapped):
    return tapped[0]
