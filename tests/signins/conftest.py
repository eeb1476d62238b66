"""The same people and servers as for the front door; a request as a browser of somebody makes it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from tests.front.conftest import kari, pool, visitor
from tests.servers.databases import drop_database, new_database
from tests.servers.dovecot import Dovecot
from tests.servers.program import Program
from tests.signins.hour import Hour
from webmail.signins.store import SessionStore

__all__ = ["kari", "pool", "visitor"]


@pytest.fixture(scope="session")
def pair(dovecot: Dovecot) -> Iterator[tuple[Program, Program]]:
    """Two instances on one database, each with a cache of its own, behind a proxy of this machine."""
    place = Path(tempfile.mkdtemp(prefix="ekorn-pair-"))
    env = {
        "DATABASE_URL": new_database(place),
        "SECRET_KEY": "one for both of them",
        "BEHIND_PROXY": "on",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    one, other = (Program(imap_url=dovecot.url, env=env) for _ in range(2))
    try:
        for program in (one, other):
            program.start()
        yield one, other
    finally:
        for program in (one, other):
            program.close()
        drop_database(env["DATABASE_URL"])
        shutil.rmtree(place)


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hour]:
    """The time as these modules see it: `hour.pass_(minutes=15)`."""
    hour = Hour()
    monkeypatch.setattr("django.utils.timezone.now", hour.now)
    return hour


@pytest.fixture
def ask() -> Callable[..., HttpRequest]:
    """`ask("192.0.2.1", agent="…")`: a request for the sign-in page from there."""

    def request(address: str = "192.0.2.1", *, agent: str = "", **cookies: str) -> HttpRequest:
        made = RequestFactory().post("/sign-in/", REMOTE_ADDR=address, headers={"User-Agent": agent})
        made.COOKIES.update(cookies)
        made.session = SessionStore()
        return made

    return request
