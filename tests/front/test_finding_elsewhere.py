"""Searching, filtering and sorting in front of other servers: Courier, and the demo's own, which does not sort."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.front.test_threads_elsewhere import Somebody, appended, before
from tests.front.visitor import Answer
from tests.mailbox.letters import letter
from tests.servers.courier import Courier
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer

LIST = "/folder/INBOX/"


@pytest.fixture(params=["courier", "demo"])
def somebody(request: pytest.FixtureRequest, settings: Any, db: None, pool: None) -> Iterator[Somebody]:
    """With five letters: blåbær 1 from Kari, the others from Ola."""
    if request.param == "courier":
        courier: Courier = request.getfixturevalue("courier")
        user = courier.user()
        for message in letters():
            user.deliver("INBOX", message)
        yield Somebody(before(settings, courier.url, user.name, user.password), user.deliver)
        return
    account = ACCOUNTS[0]
    with MailServer(mail={}) as server:
        for message in letters():
            appended(server.imap_port, account.address, account.password, message)
        visitor = before(settings, server.imap_url, account.address, account.password)
        yield Somebody(visitor, appended)


def letters() -> Iterator[bytes]:
    yield letter(1, subject="=?utf-8?q?Bl=C3=A5b=C3=A6r?=")
    for number, subject in enumerate(("Dansk", "Ananas", "Cato", "Eple"), start=2):
        yield letter(number, subject=subject, sender="Ola <ola@fjord.example>")


def subjects(page: Answer) -> list[str]:
    assert page.status == 200
    return [row.text_content() for row in page.tree.xpath("//span[@class='subject']")]


def ask(somebody: Somebody, query: str) -> Answer:
    """Until a search that takes several steps is done."""
    page = somebody.visitor.get(f"{LIST}?{query}")
    while page.tree.xpath("//*[@id='searching']"):
        page = somebody.visitor.get(f"{LIST}?{query}")
    return page


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("subject:blåbær", ["Blåbær"]),
        ("from:ola -subject:cato", ["Eple", "Ananas", "Dansk"]),
        ("subject:eple OR subject:dansk", ["Eple", "Dansk"]),
        ("zebra", []),
        ("has:attachment", []),
    ],
)
def test_a_search(somebody: Somebody, text: str, found: list[str]) -> None:
    assert subjects(ask(somebody, f"q={quote(text)}")) == found


def test_orders(somebody: Somebody) -> None:
    by_subject = ["Ananas", "Blåbær", "Cato", "Dansk", "Eple"]
    assert subjects(ask(somebody, "sort=subject")) == by_subject
    assert subjects(ask(somebody, "sort=-subject")) == by_subject[::-1]
    assert subjects(ask(somebody, "sort=subject&q=from:ola")) == [
        name for name in by_subject if name != "Blåbær"
    ]
    assert subjects(ask(somebody, "sort=from"))[0] == "Blåbær"


def test_filters_and_the_way_through_a_sorted_list(somebody: Somebody) -> None:
    assert len(subjects(ask(somebody, "only=unread"))) == 5
    assert subjects(ask(somebody, "only=starred")) == []
    page = ask(somebody, "sort=subject")
    (second,) = page.tree.xpath("//li[contains(@class, 'row')][2]//a[@class='open']/@href")
    opened = somebody.visitor.get(second)
    (above,) = opened.tree.xpath("//a[@data-open='newer']/@href")
    (below,) = opened.tree.xpath("//a[@data-open='older']/@href")
    for address, subject in ((above, "Ananas"), (below, "Cato")):
        assert somebody.visitor.get(address).text.startswith(f"{subject} · ")
    assert len(subjects(ask(somebody, "only=unread"))) == 2
