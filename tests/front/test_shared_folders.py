"""Folders of other people and how full the mailbox is, on a Dovecot that has both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.front.odd import letter
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.tap import Tap
from webmail.accounts import connections
from webmail.web.converters import encode_folder


@pytest.fixture
def server(dovecot_with: Callable[..., Dovecot], settings: Any, db: None, pool: None) -> Dovecot:
    server = dovecot_with(shared=True, quota=True)
    settings.IMAP_URL = server.url
    return server


@pytest.fixture
def ola(server: Dovecot) -> MailUser:
    return server.user(quota=1000)


@pytest.fixture
def kari(server: Dovecot) -> MailUser:
    return server.user(quota=200)


@pytest.fixture
def visitor(kari: MailUser) -> Visitor:
    visitor = Visitor()
    assert visitor.sign_in(kari).status == 302
    return visitor


def shared(ola: MailUser, kari: MailUser, mailbox: str, rights: str) -> str:
    ola.deliver(mailbox, letter(b"to all of us"))
    return ola.share(mailbox, kari, rights)


def page_of(visitor: Visitor, name: str):
    return visitor.get(f"/folders/one/{encode_folder(name)}/")


class TestOthersFolders:
    def test_they_stand_by_themselves_in_the_sidebar(
        self, visitor: Visitor, ola: MailUser, kari: MailUser
    ) -> None:
        name = shared(ola, kari, "Felles", "lrs")
        nav = visitor.list().tree.xpath("//nav[@id='folders']")[0]
        (heading,) = [one for one in nav.xpath(".//h2") if one.text == "Shared"]
        lines = [one.text_content() for one in heading.getnext().xpath(".//*[contains(@class, 'name')]")]
        assert lines == [ola.name, "Felles"]
        assert "to all of us" in visitor.list(name).text

    def test_of_the_right_to_read_nothing_else_is_offered(
        self, visitor: Visitor, ola: MailUser, kari: MailUser
    ) -> None:
        name = shared(ola, kari, "Felles", "lrs")
        page = page_of(visitor, name)
        assert "You are not allowed to rename or delete this folder." in page.text
        assert page.tree.xpath("//button[@value='rename']") == []
        assert page.tree.xpath("//a[contains(@href, '/folders/delete/')]") == []
        assert "see it, read, keep what is read and unread" in page.text
        assert "read only" in visitor.get("/folders/").text
        options = visitor.get("/folders/").tree.xpath("//select[@name='parent']/option/@value")
        assert name not in options

    @pytest.mark.parametrize(("rights", "shut"), [("lrs", True), ("lr", True), ("lrswite", False)])
    def test_nothing_is_filed_from_where_it_may_not(
        self, visitor: Visitor, ola: MailUser, kari: MailUser, rights: str, shut: bool
    ) -> None:
        listed = visitor.list(shared(ola, kari, "Felles", rights))
        opened = visitor.get(listed.rows[0])
        for page in (listed, opened):
            assert bool(page.tree.xpath("//*[contains(@class, 'read-only')]")) is shut

    def test_what_is_tried_all_the_same_is_refused_in_words(
        self, visitor: Visitor, ola: MailUser, kari: MailUser
    ) -> None:
        name = shared(ola, kari, "Felles", "lrs")
        for answer in (
            visitor.post(f"/folders/one/{encode_folder(name)}/", do="rename", label="X", parent=""),
            visitor.post("/folders/", do="create", label="Under", parent=name),
        ):
            assert answer.status == 422
            assert "not allowed" in answer.text or "refused" in answer.text
        asked = visitor.get(f"/folders/delete/{encode_folder(name)}/")
        (seal,) = asked.tree.xpath("//input[@name='seal']/@value")
        done = visitor.follow(visitor.post(f"/folders/delete/{encode_folder(name)}/", seal=seal))
        assert "not allowed" in done.text or "refused" in done.text
        with ola.imap() as client:
            assert client.status("Felles", "(MESSAGES)")[1] == [b"Felles (MESSAGES 1)"]

    def test_of_all_rights_all_is_offered(self, visitor: Visitor, ola: MailUser, kari: MailUser) -> None:
        name = shared(ola, kari, "Felles", "lrswipkxtea")
        page = page_of(visitor, name)
        assert page.tree.xpath("//button[@value='rename']")
        assert ola.name in page.text
        assert kari.name in page.text
        assert visitor.post("/folders/", do="create", label="Under", parent=name).status == 302
        assert f"{name}/Under" in visitor.get("/folders/").tree.xpath("//li/@data-folder")

    def test_ones_own_show_who_has_been_let_in(self, ola: MailUser, kari: MailUser) -> None:
        shared(ola, kari, "Felles", "lrs")
        visitor = Visitor()
        visitor.sign_in(ola)
        page = page_of(visitor, "Felles")
        rows = {
            row.find("dt").text_content(): row.find("dd").text_content()
            for row in page.tree.xpath("//dl/div")
        }
        assert rows[kari.name] == "see it, read, keep what is read and unread"

    def test_they_have_no_task_of_ours(self, visitor: Visitor, ola: MailUser, kari: MailUser) -> None:
        name = shared(ola, kari, "Sent", "lrs")
        assert page_of(visitor, name).tree.xpath("//button[@value='role']") == []
        roles = visitor.list().tree.xpath("//nav[@id='folders']//a[@data-role='sent']/@href")
        assert roles == ["/folder/Sent/"]


class TestRoom:
    def test_how_full_it_is_stands_in_the_sidebar_and_on_the_page(
        self, visitor: Visitor, kari: MailUser
    ) -> None:
        kari.bulk("INBOX", (letter(b"x" * 60) + b"y" * 50_000 for _ in range(2)))
        quota = visitor.list().tree.xpath("//nav[@id='folders']//p[contains(@class, 'quota')]")
        assert [one.text_content() for one in quota] == ["101 kB of 204 kB used".replace(" kB", "\u00a0kB")]
        assert "used (50 %)" in visitor.get("/folders/").text

    def test_a_warning_at_ninety_percent(self, visitor: Visitor, kari: MailUser) -> None:
        kari.bulk("INBOX", (letter(b"x") + b"y" * 50_000 for _ in range(4)))
        assert "Almost full" in visitor.get("/folders/").text
        assert "Almost full" in visitor.list().text
        assert visitor.get("/folders/").tree.xpath("//p[@class='quota warn']")

    def test_it_costs_no_round_trip(
        self, server: Dovecot, kari: MailUser, settings: Any, visitor: Visitor
    ) -> None:
        kari.bulk("INBOX", (letter(b"x") for _ in range(3)))
        connections.close_pool()
        with Tap(server.port) as tap:
            settings.IMAP_URL = f"imap://127.0.0.1:{tap.port}"
            fresh = Visitor()
            fresh.sign_in(kari)
            assert "used" in fresh.list().text
            tap.settle()
            mark = tap.mark()
            assert "used" in fresh.list().text
            tap.settle()
            assert tap.since(mark).round_trips == 1
