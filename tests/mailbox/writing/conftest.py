"""A person who writes: files go to a directory of the test's own."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from io import BytesIO

import pytest

from webmail.accounts.access import Access, holder_of
from webmail.mailbox import writing
from webmail.mailbox.writing import Words

NOW = datetime(2026, 11, 25, 14, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.MAIL_DOMAIN = "fjord.example"


@pytest.fixture
def message(mail_user):
    """`message("Drafts", 2)`: the octets of a message as another program of the person's sees them."""

    def read(folder, number=1):
        with mail_user.imap() as client:
            client.select(folder, readonly=True)
            return client.fetch(str(number), "(BODY.PEEK[])")[1][0][1]

    return read


@pytest.fixture
def count(mail_user):
    def ask(folder):
        with mail_user.imap() as client:
            return int(client.select(folder, readonly=True)[1][0] or 0)

    return ask


WORDS = Words(
    attribution=lambda original: (
        f"{original.from_[0].display} wrote:" if original.from_ else "Somebody wrote:"
    ),
    fields=lambda original: (
        ("Subject", original.subject),
        ("From", ", ".join(one.display for one in original.from_)),
    ),
)


@pytest.fixture
def plain(access):
    """The person writes plain text."""
    access.person.compose = "plain"
    return access


@pytest.fixture
def uid_validity(mail_user):
    def ask(folder="INBOX"):
        with mail_user.imap() as client:
            answer = client.status(f'"{folder}"', "(UIDVALIDITY)")[1][0]
        return int(answer.split(b"UIDVALIDITY ")[1].split(b")")[0])

    return ask


def parsed(octets):
    return message_from_bytes(octets, policy=policy.default)


def built(access, composition, for_="wire"):
    """The octets, parsed by another library."""
    target = BytesIO()
    writing.build(access=access, composition=composition, target=target, for_=for_, now=NOW)
    return parsed(target.getvalue())


@pytest.fixture
def elsewhere(dovecot_with, settings, plain, pool):
    """`elsewhere(quota=True)`: (access, user) of the same person on a Dovecot with these options."""

    def move(**options):
        server = dovecot_with(**options)
        user = server.user()
        settings.IMAP_URL = server.url
        return Access(plain.person, holder_of(plain.person, login=user.name, password=user.password)), user

    return move
