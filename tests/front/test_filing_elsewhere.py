"""The same on servers that can do less: Courier (no MOVE, `INBOX.` before every name) and the demo's (no keywords)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.front.test_filing import contents, id_of, ids, letters, press, undo
from tests.front.visitor import Visitor
from tests.servers.courier import Courier
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer
from webmail.imap.commands.copy import Copy
from webmail.imap.session import Session


@pytest.fixture
def at_courier(courier: Courier, settings: Any, db: None, pool: None) -> tuple[Visitor, Any]:
    settings.IMAP_URL = courier.url
    user, visitor = courier.user(), Visitor()
    user.bulk("INBOX", letters(10))
    assert visitor.sign_in(user).status == 302
    return visitor, user


class TestCourier:
    @pytest.mark.parametrize(
        ("do", "folder"), [("archive", "INBOX.Archive"), ("junk", "INBOX.Junk"), ("trash", "INBOX.Trash")]
    )
    def test_filed_and_taken_back(self, at_courier: tuple[Visitor, Any], do: str, folder: str) -> None:
        visitor, user = at_courier
        press(visitor, "star", [2])
        before = contents(user, "INBOX")
        page = press(visitor, do, [2, 3, 4])
        assert ids(user, folder) == id_of(2, 3, 4)
        assert ids(user, "INBOX") == id_of(1, 5, 6, 7, 8, 9, 10)
        undo(visitor, page)
        assert contents(user, "INBOX") == before
        assert ids(user, folder) == set()

    def test_what_others_marked_stays(self, at_courier: tuple[Visitor, Any]) -> None:
        visitor, user = at_courier
        with user.imap() as client:
            client.select("INBOX")
            client.store("9", "+FLAGS", "(\\Deleted)")
        press(visitor, "trash", [1])
        assert ids(user, "INBOX") == id_of(*range(2, 11))
        assert b"\\Deleted" in contents(user, "INBOX")[b"<9@fjord.example>"]


def test_without_uidplus_what_was_moved_is_found_by_its_message_id(
    at_courier: tuple[Visitor, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, user = at_courier
    has = Session.has
    monkeypatch.setattr(Session, "has", lambda self, name: name != "UIDPLUS" and has(self, name))
    monkeypatch.setattr(Copy, "_take", lambda self, code: False)
    before = contents(user, "INBOX")
    page = press(visitor, "trash", [2, 3, 4])
    assert "3 messages moved to Trash" in page.text
    assert ids(user, "INBOX.Trash") == id_of(2, 3, 4)
    undo(visitor, page)
    assert contents(user, "INBOX") == before


def test_the_demo(settings: Any, db: None, pool: None) -> None:
    with MailServer() as server:
        settings.IMAP_URL = server.imap_url
        visitor, account = Visitor(), ACCOUNTS[0]
        visitor.post("/sign-in/", username=account.address, password=account.password)
        listed = visitor.list()
        total = listed.tree.xpath("string(//span[@class='range'])").split()[-1]
        uids = [int(address.split("/")[-2]) for address in listed.rows[:3]]
        for do in ("archive", "junk", "trash"):
            page = press(visitor, do, uids)
            assert not {address.split("/")[-2] for address in page.rows} & set(map(str, uids))
            back = undo(visitor, page)
            assert "Taken back: 3 messages" in back.text
            assert back.tree.xpath("string(//span[@class='range'])").split()[-1] == total
            uids = [int(address.split("/")[-2]) for address in back.rows[:3]]
