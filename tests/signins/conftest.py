"""The same people and servers as for the front door; a request as a browser of somebody makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from tests.front.conftest import kari, pool, visitor
from tests.signins.hour import Hour
from webmail.signins.store import SessionStore

__all__ = ["kari", "pool", "visitor"]


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
