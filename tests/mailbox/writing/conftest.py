"""A person who writes: files go to a directory of the test's own."""

from datetime import UTC, datetime

import pytest

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
