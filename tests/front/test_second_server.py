"""The same program in front of other servers: Courier, the demo's own, and a Dovecot that is set up differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.front.odd import PLAIN, file, letter, of
from tests.front.visitor import Visitor
from tests.servers.courier import Courier
from tests.servers.dovecot import Dovecot
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer
from webmail.web.addresses import folder_address

NAMES = ("Prosjekt", "Blåbær & sånt", "Проект", "会議", "Kundar.Vik kommune")


def whole_round(visitor: Visitor, folder: str) -> None:
    """Of the newest message of a folder: its page, everything it leads to, and back."""
    (address, *_) = visitor.list(folder).rows
    page = visitor.get(address)
    assert page.status == 200
    for link in page.links(address):
        answer = visitor.get(link)
        assert answer.status == 200, link
        assert answer.data
    for tail in ("source/", "message.eml", "headers/", "print/"):
        assert visitor.get(address + tail).status == 200


@pytest.fixture
def before(settings: Any, db: None, pool: None) -> Callable[[str], Visitor]:
    """`before(url)`: somebody who has not signed in yet, in front of this server."""

    def at(url: str) -> Visitor:
        settings.IMAP_URL = url
        return Visitor()

    return at


class TestEverythingBelowInbox:
    """Courier, and a Dovecot of the same habits: `INBOX.` before every name, `.` between their parts."""

    @pytest.fixture(params=["courier", "dovecot"])
    def server(
        self, request: pytest.FixtureRequest, dovecot_with: Callable[..., Dovecot]
    ) -> Dovecot | Courier:
        if request.param == "courier":
            return request.getfixturevalue("courier")
        return dovecot_with(separator=".", prefix="INBOX.")

    @pytest.fixture
    def user(self, server: Any) -> Any:
        user = server.user()
        attached = file(b'filename="bl\xc3\xa5b\xc3\xa6r.txt"', b"blue\r\n")
        user.bulk("INBOX", [letter(b"the first"), of("blåbær".encode(), b"mixed", PLAIN, attached)])
        for name in NAMES:
            user.deliver(f"INBOX.{name}", letter(f"in {name}".encode()))
        return user

    def test_reading(self, server: Any, user: Any, before: Callable[[str], Visitor]) -> None:
        visitor = before(server.url)
        assert visitor.sign_in(user).status == 302
        inbox = visitor.list()
        assert len(inbox.rows) == 2
        page = visitor.get(inbox.rows[0])
        assert "blåbær.txt" in page.text
        (saved,) = page.tree.xpath("//a[@download]/@href[contains(., '/part/')]")
        assert visitor.get(saved).data.strip() == b"blue"
        whole_round(visitor, "INBOX")

    def test_folders(self, server: Any, user: Any, before: Callable[[str], Visitor]) -> None:
        visitor = before(server.url)
        visitor.sign_in(user)
        tree = visitor.list()
        labels = [
            squeezed
            for squeezed in map(str.strip, tree.tree.xpath("//nav[@id='folders']//text()"))
            if squeezed
        ]
        assert "INBOX." not in " ".join(labels)
        for name in NAMES:
            assert name.rpartition(".")[2] in labels
            address = folder_address(f"INBOX.{name}")
            assert address in tree.links()
            assert f"in {name}" in visitor.get(address).text
            whole_round(visitor, f"INBOX.{name}")

    def test_marking(self, server: Any, user: Any, before: Callable[[str], Visitor]) -> None:
        visitor = before(server.url)
        visitor.sign_in(user)
        _, oldest = visitor.list().rows
        visitor.get(oldest)
        validity, uid = oldest.split("/")[-3:-1]
        pressed = visitor.post("/mark/INBOX/", uid_validity=validity, uid=uid, do="star")
        assert pressed.location == "/folder/INBOX/"
        classes = [row.get("class") for row in visitor.list().tree.xpath("//li[contains(@class, 'row')]")]
        assert classes == ["row unread", "row starred"]
        with user.imap() as client:
            client.select("INBOX", readonly=True)
            flags = client.uid("FETCH", uid, "(FLAGS)")[1][0].decode()
        assert "\\Seen" in flags
        assert "\\Flagged" in flags

    def test_wrong_password(self, server: Any, user: Any, before: Callable[[str], Visitor]) -> None:
        visitor = before(server.url)
        assert visitor.post("/sign-in/", username=user.name, password="wrong").status == 422
        assert visitor.sign_in(user).status == 302

    def test_deeper_pages(self, server: Any, user: Any, before: Callable[[str], Visitor]) -> None:
        user.bulk("INBOX.Many", (letter(b"number %d" % number) for number in range(120)))
        visitor = before(server.url)
        visitor.sign_in(user)
        uids = [int(address.split("/")[-2]) for address in visitor.whole_list("INBOX.Many")]
        assert uids == list(range(120, 0, -1))


class TestTheDemo:
    @pytest.fixture(scope="class")
    def server(self) -> Iterator[MailServer]:
        with MailServer() as server:
            yield server

    @pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.name)
    def test_every_folder_and_page(
        self, server: MailServer, account: Any, before: Callable[[str], Visitor]
    ) -> None:
        visitor = before(server.imap_url)
        assert visitor.post("/sign-in/", username=account.address, password=account.password).status == 302
        tree = visitor.list()
        folders = [link for link in tree.links("/folder/") if "?" not in link]
        assert len(folders) > 6
        seen = 0
        for address in folders:
            listed = visitor.get(address)
            assert listed.status == 200
            for message in listed.rows[:3]:
                page = visitor.get(message)
                assert page.status == 200
                for link in page.links(message)[:12]:
                    assert visitor.arrive(link).status == 200, link
                seen += 1
        assert seen > 10

    def test_all_of_the_inbox_opens(self, server: MailServer, before: Callable[[str], Visitor]) -> None:
        visitor = before(server.imap_url)
        account = ACCOUNTS[0]
        visitor.post("/sign-in/", username=account.address, password=account.password)
        statuses = {address: visitor.get(address).status for address in visitor.whole_list()}
        assert len(statuses) > 50
        assert set(statuses.values()) == {200}
