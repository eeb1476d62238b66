"""Each of the servers that the program needs, stopped and started while people use it: clear pages, nothing lost,
and recovery without a restart of ours."""

from __future__ import annotations

import contextlib
import html
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.deploy.crowd import RECIPIENT, Crowd, Failure
from tests.servers.browser import Browser
from tests.servers.dovecot import MailUser
from tests.servers.house import House
from tests.web.compose import Form

TEXT = 'Dette er «skrive» og må ikkje gå tapt: <b> & "hermeteikn"'


def in_words(failure: Failure) -> bool:
    """What a page must look like while something is away."""
    return failure.status == 503 and "<h1" in failure.page and "Traceback" not in failure.page


def writing(browser: Browser) -> dict[str, str]:
    """A form that somebody has filled in."""
    page = browser.ask("GET", "/compose/")
    assert page.status == 200
    return dict(Form(page.body).fields) | {"to": RECIPIENT, "subject": "Skrive", "text": TEXT, "do": "save"}


@pytest.fixture
def writer(house: House, users: list[MailUser]) -> Browser:
    browser = house.browser()
    assert browser.sign_in(users[0]).status == 302
    return browser


@contextlib.contextmanager
def away(server: Any) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


def test_postgres(house: House, crowd: Crowd, writer: Browser) -> None:
    form = writing(writer)
    with away(house.postgres):
        crowd.until(lambda failure: failure.what.startswith("GET /folder/"))
        answer = writer.ask("POST", "/compose/", form, Referer=f"{house.url}/compose/")
    assert answer.status == 503
    assert "A part of this service is not answering" in answer.body
    fields = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>', answer.body))
    assert html.unescape(fields["text"]).encode("latin-1").decode() == TEXT
    assert fields.keys() == form.keys()
    again = writer.ask("POST", "/compose/", form, Referer=f"{house.url}/compose/")
    assert again.status in (200, 303)
    # What was just being handed in when the database went is not handed in again.
    (found,) = house.postgres.execute(
        "SELECT count(*) FROM outbox_outgoing WHERE state = 'unknown'", house.database
    )
    recovered(crowd, unknown=int(str(found[0])))


def test_valkey(house: House, crowd: Crowd, writer: Browser) -> None:
    with away(house.valkey):
        crowd.go_on(3)
        assert writing(writer)
        assert house.browser().ask("GET", "/sign-in/").status == 200
    recovered(crowd)
    assert crowd.failures == []


def test_dovecot(house: House, crowd: Crowd, writer: Browser) -> None:
    form = writing(writer)
    with away(house.dovecot):
        crowd.until(lambda failure: failure.what.startswith("GET /folder/"))
        answer = writer.ask("POST", "/compose/", form, Referer=f"{house.url}/compose/")
    assert answer.status == 503
    assert dict(Form(answer.body).fields)["text"].encode("latin-1").decode().strip() == TEXT
    recovered(crowd)


def test_postfix(house: House, crowd: Crowd) -> None:
    with away(house.submission):
        crowd.go_on(4)
    recovered(crowd)


def recovered(crowd: Crowd, *, unknown: int = 0) -> None:
    """Nothing fails any more, what failed meanwhile said so in words, and each message went once."""
    restarted = time.monotonic()
    crowd.go_on()
    crowd.rest()
    assert crowd.failed_since(restarted) == []
    assert [str(failure) for failure in crowd.failures if not in_words(failure)] == []
    crowd.everything_went_once(unknown=unknown)
