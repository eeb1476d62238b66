"""Two domains, each with people of its own on a real mail server."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from webmail.accounts import connections
from webmail.domains.models import MailDomain


@pytest.fixture
def domain(dovecot: Dovecot, db: None) -> Iterator[Callable[..., MailDomain]]:
    """`domain("fjord.example", recipients=3)`: a row whose people are on `dovecot`, unless it says otherwise."""

    def make(name: str, **fields: Any) -> MailDomain:
        made = MailDomain(**{"name": name, "imap_url": dovecot.url} | fields)
        made.full_clean()
        made.save()
        return made

    yield make
    connections.close_pool()


@pytest.fixture
def person(dovecot: Dovecot) -> Callable[..., MailUser]:
    """`person("kari", "fjord.example")`: somebody new with this name; of equal names, the same stands before the @."""
    mark = secrets.token_hex(3)

    def make(local: str, at: str, *, login: str = "{0}@{1}", server: Dovecot = dovecot) -> MailUser:
        return server.user(login.format(f"{local}-{mark}", at))

    return make


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor()
