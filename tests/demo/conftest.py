"""One mail server with the believable mail for all tests of the demo."""

from collections.abc import Iterator

import pytest

from webmail.demo.server import MailServer


@pytest.fixture(scope="package")
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def fresh() -> Iterator[MailServer]:
    """Empty inboxes of one's own."""
    with MailServer(mail={}) as running:
        yield running
