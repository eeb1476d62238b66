"""The whole house, one a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import Dovecot
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
