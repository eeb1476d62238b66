"""The whole house, one a run, and people who use it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deploy.crowd import Crowd
from tests.front.odd import letter
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.dovecot_submission import DovecotSubmission
from tests.servers.house import House
from tests.servers.postfix import Postfix
from tests.servers.postgres import Postgres
from tests.servers.valkey import Valkey


@pytest.fixture(scope="session")
def house(
    dovecot: Dovecot, submission: Postfix | DovecotSubmission, postgres: Postgres, valkey: Valkey
) -> Iterator[House]:
    """Four instances behind nginx. A test that ends a part of it must start it again."""
    with House(dovecot, submission, postgres, valkey) as house:
        yield house


@pytest.fixture
def users(dovecot: Dovecot) -> list[MailUser]:
    """Five people, each with a message in the inbox."""
    found = [dovecot.user() for _ in range(5)]
    for user in found:
        user.deliver("INBOX", letter(b"hello"))
    return found


@pytest.fixture
def crowd(house: House, users: list[MailUser]) -> Iterator[Crowd]:
    """They are signed in, and at it."""
    with Crowd(house, users) as crowd:
        yield crowd
