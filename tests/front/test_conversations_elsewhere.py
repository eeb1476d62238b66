"""Conversations on other servers: Courier, and the demo's own."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from tests.front.visitor import Visitor
from tests.servers.courier import Courier
from tests.web import conversing
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer

AROUND = {"HX-Request": "true", "HX-Target": "conversation"}


@pytest.fixture
def demo() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_on_courier(courier: Courier, settings: Any, db: None, pool: None) -> None:
    user = courier.user()
    user.deliver("INBOX", conversing.plan(1))
    user.deliver("INBOX.Sent", conversing.plan(2))
    user.deliver("INBOX.Archive", conversing.plan(3, html=True))
    user.deliver("INBOX", conversing.plan(4))
    settings.IMAP_URL = courier.url
    visitor = Visitor()
    visitor.sign_in(user)
    newest, _oldest = visitor.list().rows
    visitor.get(newest)
    found = visitor.get(f"{newest}conversation/")
    assert "4 messages in this conversation" in found.text
    for address in found.tree.xpath("//details/@data-letter"):
        assert "framlegg" in visitor.get(address).text.lower() or "body/" in visitor.get(address).markup


def test_every_conversation_of_the_demo(demo: MailServer, settings: Any, db: None, pool: None) -> None:
    settings.IMAP_URL = demo.imap_url
    visitor = Visitor()
    account = ACCOUNTS[0]
    visitor.sign_in(SimpleNamespace(name=account.address, password=account.password))
    counts = []
    for address in visitor.list().rows:
        visitor.get(address)
        found = visitor.client.get(f"{address}conversation/", headers=AROUND)
        assert found.status_code == 200
        counts.append(found.content.count(b'class="member-line'))
    assert max(counts) >= 1
