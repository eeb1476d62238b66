"""Conversations in front of other servers: Courier threads by itself, for the demo's own it is done here."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.front.visitor import Answer, Visitor
from tests.mailbox.letters import letter
from tests.servers.courier import Courier
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer
from webmail.imap.sets import parse_set

LIST = "/folder/INBOX/"


@dataclass(frozen=True)
class Owner:
    name: str
    password: str


@dataclass(frozen=True)
class Somebody:
    """Signed in, with a mailbox that `deliver` puts letters into; `first` is the UID of the first."""

    visitor: Visitor
    deliver: Callable[..., Any]
    first: int = 1

    def list(self, query: str = "") -> Answer:
        page = self.visitor.get(f"{LIST}?threads=1{query}")
        assert page.status == 200
        return page

    def boxes(self, query: str = "") -> list[list[int]]:
        return self.numbers(self.list(query))

    def numbers(self, page: Answer) -> list[list[int]]:
        """The letters that each box of the list is about, counted from 1."""
        values = page.tree.xpath("//input[@name='uid']/@value")
        return [[uid - self.first + 1 for uid in parse_set(value)] for value in values]


def answer(number: int, *before: int, subject: str = "Re: Plan") -> bytes:
    references = " ".join(f"<{one}@test.example>" for one in before)
    return letter(
        number, subject=subject, sender="Ola <ola@fjord.example>", extra=f"References: {references}\r\n"
    )


def before(settings: Any, url: str, name: str, password: str) -> Visitor:
    settings.IMAP_URL = url
    visitor = Visitor()
    assert visitor.sign_in(Owner(name, password)).status == 302
    return visitor


def appended(port: int, name: str, password: str, message: bytes) -> None:
    with imaplib.IMAP4("127.0.0.1", port) as client:
        client.login(name, password)
        assert client.append("INBOX", "", "", message)[0] == "OK"


@pytest.fixture(params=["courier", "demo"])
def somebody(request: pytest.FixtureRequest, settings: Any, db: None, pool: None) -> Iterator[Somebody]:
    if request.param == "courier":
        courier: Courier = request.getfixturevalue("courier")
        user = courier.user()
        visitor = before(settings, courier.url, user.name, user.password)
        yield Somebody(visitor, lambda message: user.deliver("INBOX", message))
        return
    account = ACCOUNTS[0]
    with MailServer(mail={}) as server:
        visitor = before(settings, server.imap_url, account.address, account.password)
        yield Somebody(
            visitor,
            lambda message: appended(server.imap_port, account.address, account.password, message),
            first=101,
        )


@pytest.fixture
def plan(somebody: Somebody) -> Somebody:
    """1 Plan ← 3 ← 5; 2 and 4 alone."""
    for message in (letter(1, subject="Plan"), letter(2), answer(3, 1), letter(4), answer(5, 1, 3)):
        somebody.deliver(message)
    return somebody


def test_a_conversation(plan: Somebody) -> None:
    assert plan.boxes() == [[1, 3, 5], [4], [2]]
    page = plan.list()
    assert "3 conversations" in page.text
    assert "Kari, Ola" in page.text
    (link,) = page.tree.xpath("//a[@class='unfold']/@href")
    unfolded = plan.visitor.get(link.partition("#")[0])
    assert plan.numbers(unfolded) == [[1, 3, 5], [5], [3], [1], [4], [2]]


def test_what_comes_and_goes(plan: Somebody) -> None:
    assert plan.boxes() == [[1, 3, 5], [4], [2]]
    plan.deliver(answer(6, 2, subject="Re: Letter 2"))
    assert plan.boxes() == [[2, 6], [1, 3, 5], [4]]


def test_all_of_it_is_marked(plan: Somebody) -> None:
    tree = plan.list().tree
    (validity,) = tree.xpath("//form[@id='messages']//input[@name='uid_validity']/@value")
    box = tree.xpath("//input[@name='uid']/@value")[0]
    pressed = plan.visitor.post("/mark/INBOX/", uid_validity=validity, uid=box, do="seen")
    assert pressed.status == 302
    assert plan.boxes("&only=unread") == [[4], [2]]
    assert plan.boxes() == [[1, 3, 5], [4], [2]]


def test_an_empty_folder(somebody: Somebody) -> None:
    assert somebody.boxes() == []
    assert "Nothing in the inbox" in somebody.list().text
