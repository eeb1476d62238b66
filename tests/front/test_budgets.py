"""What a page costs: round trips, commands and octets at the mail server, counted on the wire, and queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.letters import kind_of
from tests.servers.mailboxes import fill
from tests.servers.tap import Tap, Traffic
from webmail.accounts import connections
from webmail.mailbox import reading

SMALL, LARGE = 1_000, 100_000
LIST = "/folder/INBOX/"


@dataclass
class Desk:
    """A visitor, and what each request moves over the wire until it is answered, and afterwards."""

    visitor: Visitor
    tap: Tap
    user: MailUser
    count: int
    answered: int | None = None

    def cost(self, ask: Callable[[], Answer]) -> tuple[Traffic, Traffic]:
        self.answered, mark = None, self.tap.mark()
        answer = ask()
        self.tap.settle()
        assert answer.status in (200, 302), answer.status
        whole = self.tap.since(mark)
        if self.answered is None:
            return whole, Traffic()
        after = self.tap.since(self.answered)
        commands = whole.commands[: len(whole.commands) - len(after.commands)]
        before = Traffic(
            connections=whole.connections - after.connections,
            round_trips=whole.round_trips - after.round_trips,
            up=whole.up - after.up,
            down=whole.down - after.down,
            commands=commands,
        )
        return before, after

    def get(self, address: str) -> Traffic:
        """Until it is answered."""
        return self.cost(lambda: self.visitor.get(address))[0]

    def newest(self, kind: str, *, skip: int = 0) -> str:
        """The address of a message of this kind, `skip` such nearer to the newest left out."""
        uids = [uid for uid in range(self.count, 0, -1) if kind_of(uid) == kind]
        return f"/message/INBOX/{self.validity}/{uids[skip]}/"

    def oldest(self, count: int) -> list[str]:
        """UIDs of the messages on the list's last page."""
        rows = self.visitor.list(page=9_999_999).rows
        return [address.split("/")[-2] for address in rows][-count:]

    @property
    def validity(self) -> int:
        return 1_700_000_000


@pytest.fixture(scope="module", params=[SMALL, pytest.param(LARGE, marks=pytest.mark.slow)])
def mailbox(request: pytest.FixtureRequest, dovecot: Dovecot) -> tuple[MailUser, int]:
    user = dovecot.user()
    fill(user, "INBOX", request.param)
    fill(user, "Archive", 100, seed=2)
    with user.imap() as client:
        # Dovecot's own index of the mailbox is made once, by whoever comes first.
        client.select("INBOX")
        client.fetch(f"1:{request.param}", "(UID FLAGS RFC822.SIZE)")
    return user, request.param


@pytest.fixture
def desk(
    mailbox: tuple[MailUser, int], tap: Tap, visitor: Visitor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    settings.IMAP_URL = tap.url
    desk = Desk(visitor, tap, *mailbox)
    after_open = reading.after_open

    def noted(**where: Any) -> None:
        tap.settle()
        desk.answered = tap.mark()
        after_open(**where)

    monkeypatch.setattr(reading, "after_open", noted)
    yield desk
    connections.close_pool()


@pytest.fixture
def warm(desk: Desk) -> Desk:
    """Signed in, with the inbox on the screen."""
    desk.visitor.sign_in(desk.user)
    assert len(desk.visitor.list().rows) == 50
    desk.tap.settle()
    return desk


def test_from_signing_in_to_the_first_list(desk: Desk) -> None:
    signed_in, _ = desk.cost(lambda: desk.visitor.sign_in(desk.user))
    listed = desk.get(LIST)
    assert signed_in.connections + listed.connections == 1
    assert signed_in.round_trips + listed.round_trips <= 3
    assert listed.down < 120_000


class TestTheList:
    def test_nothing_new_is_one_noop(self, warm: Desk) -> None:
        again = warm.get(LIST)
        assert (again.round_trips, again.commands, again.connections) == (1, ("NOOP",), 0)
        assert again.down < 200

    @pytest.mark.parametrize("page", [2, 7, 20])
    def test_any_page_is_one_round_trip(self, warm: Desk, page: int) -> None:
        turned = warm.get(f"{LIST}?page={page}")
        assert turned.round_trips == 1
        assert turned.down < 120_000
        assert warm.get(f"{LIST}?page={page}").commands == ("NOOP",)

    def test_a_new_message_costs_that_message(self, warm: Desk) -> None:
        number = warm.count + 1
        warm.user.deliver("INBOX", b"From: a@example.org\r\nSubject: brand new %d\r\n\r\nhello\r\n" % number)
        try:
            seen = warm.get(LIST)
            assert seen.round_trips <= 2
            assert seen.down < 4_000
            assert f"brand new {number}" in warm.visitor.list().text
        finally:
            with warm.user.imap() as client:
                client.select("INBOX")
                client.uid("STORE", "*", "+FLAGS", "(\\Deleted)")
                client.expunge()

    def test_another_folder_is_two(self, warm: Desk) -> None:
        other = warm.get("/folder/Archive/")
        assert other.round_trips <= 2
        assert other.connections <= 1

    def test_counts_come_along(self, warm: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("webmail.mailbox.reading.folders.FRESH", 0.0)
        counted = warm.get(LIST)
        assert counted.round_trips == 1
        assert any("STATUS" in command for command in counted.commands)

    def test_queries(self, warm: Desk, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(2):
            warm.visitor.list()


class TestThreads:
    """A page of fifty threads, once the server has been asked for them."""

    def test_the_first_time(self, warm: Desk) -> None:
        first = warm.get(f"{LIST}?threads=1")
        assert first.round_trips <= 2
        assert sum("THREAD" in command for command in first.commands) == 1
        assert warm.get(f"{LIST}?threads=1").commands == ("NOOP",)

    @pytest.mark.parametrize("page", [2, 11])
    def test_any_page_is_one_round_trip(self, warm: Desk, page: int) -> None:
        warm.get(f"{LIST}?threads=1")
        turned = warm.get(f"{LIST}?threads=1&page={page}")
        assert turned.round_trips == 1
        assert turned.down < 200_000
        assert warm.get(f"{LIST}?threads=1&page={page}").commands == ("NOOP",)

    def test_a_new_message_costs_what_is_near_it(self, warm: Desk) -> None:
        warm.get(f"{LIST}?threads=1")
        number = warm.count + 1
        warm.user.deliver("INBOX", b"From: a@example.org\r\nSubject: brand new %d\r\n\r\nhello\r\n" % number)
        try:
            seen = warm.get(f"{LIST}?threads=1")
            assert seen.round_trips <= 3
            assert seen.down < 25_000
        finally:
            with warm.user.imap() as client:
                client.select("INBOX")
                client.uid("STORE", "*", "+FLAGS", "(\\Deleted)")
                client.expunge()

    def test_from_another_folder(self, warm: Desk) -> None:
        warm.get(f"{LIST}?threads=1")
        warm.get("/folder/Archive/?threads=1")
        assert warm.get(f"{LIST}?threads=1").round_trips <= 2

    def test_unfolding(self, warm: Desk) -> None:
        page = warm.visitor.get(f"{LIST}?threads=1")
        link = page.tree.xpath("//a[@class='unfold']/@href")[0].partition("#")[0]
        assert warm.get(link).round_trips == 1

    def test_queries(self, warm: Desk, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(2):
            warm.get(f"{LIST}?threads=1")


class TestOpening:
    def test_a_plain_message(self, warm: Desk) -> None:
        before, after = warm.cost(lambda: warm.visitor.get(warm.newest("plain")))
        assert before.round_trips == 1
        assert before.down < 20_000
        assert after.round_trips <= 1

    def test_one_of_a_page_that_was_never_listed(self, warm: Desk) -> None:
        """Its structure is not known: a bookmark, for example."""
        assert warm.get(warm.newest("plain", skip=400)).round_trips == 1

    def test_a_newsletter_and_its_frame(self, warm: Desk) -> None:
        address = warm.newest("newsletter")
        opened = warm.get(address)
        assert opened.round_trips == 1
        assert opened.down < 70_000
        assert warm.get(f"{address}body/").round_trips == 0
        assert warm.get(f"{address}?view=html").round_trips == 0

    def test_a_message_beside_an_attachment_costs_its_text(self, warm: Desk) -> None:
        opened = warm.get(warm.newest("attachment"))
        assert opened.round_trips == 1
        assert opened.down < 5_000

    def test_in_another_folder(self, warm: Desk) -> None:
        opened = warm.get(f"/message/Archive/{warm.validity}/90/")
        assert opened.round_trips <= 2
        assert opened.connections <= 1

    def test_next_and_previous_were_fetched_ahead(self, warm: Desk) -> None:
        page = warm.visitor.get(warm.newest("plain", skip=3))
        (older,) = page.tree.xpath("//a[@data-open='older']/@href")
        (newer,) = page.tree.xpath("//a[@data-open='newer']/@href")
        assert warm.get(older).round_trips == 0
        assert warm.get(newer).round_trips == 0

    def test_again(self, warm: Desk) -> None:
        address = warm.newest("plain", skip=5)
        warm.visitor.get(address)
        assert warm.get(address).round_trips == 0

    def test_queries(self, warm: Desk, django_assert_max_num_queries: Any) -> None:
        warm.visitor.get(warm.newest("plain", skip=6))
        for address in (warm.newest("newsletter"), warm.newest("plain")):
            with django_assert_max_num_queries(2):
                warm.visitor.get(address)
        with django_assert_max_num_queries(2):
            warm.visitor.get(f"{warm.newest('newsletter')}body/")


class TestConversations:
    def test_of_an_opened_message_that_stands_alone(self, warm: Desk) -> None:
        address = warm.newest("plain", skip=8)
        warm.visitor.get(address)
        found = warm.get(f"{address}conversation/")
        assert (found.round_trips, found.connections) == (1, 0)
        assert found.down < 12_000
        # The list and what was fetched ahead are known as before.
        assert warm.get(LIST).commands == ("NOOP",)
        (older,) = warm.visitor.get(address).tree.xpath("//a[@data-open='older']/@href")
        assert warm.get(older).round_trips == 0


class TestFinding:
    def test_a_search(self, warm: Desk) -> None:
        address = f"{LIST}?q=subject:a"
        first = warm.get(address)
        assert first.round_trips <= 2
        # The UIDs of all that match are one run-length set; the page is what costs.
        assert first.down < 160_000
        again = warm.get(address)
        assert (again.round_trips, again.commands) == (1, ("NOOP",))
        assert warm.get(f"{address}&page=2").round_trips == 1

    @pytest.mark.parametrize("sort", ["subject", "-from", "size"])
    def test_another_order(self, warm: Desk, sort: str) -> None:
        first = warm.get(f"{LIST}?sort={sort}")
        assert first.round_trips <= 2
        assert first.down < 120_000
        assert warm.get(f"{LIST}?sort={sort}").commands == ("NOOP",)

    def test_a_message_and_its_neighbours(self, warm: Desk) -> None:
        listed = warm.visitor.get(f"{LIST}?sort=subject")
        (third,) = listed.tree.xpath("//li[contains(@class, 'row')][3]//a[@class='open']/@href")
        assert warm.get(third).round_trips == 1
        page = warm.visitor.get(third)
        (above,) = page.tree.xpath("//a[@data-open='newer']/@href")
        (below,) = page.tree.xpath("//a[@data-open='older']/@href")
        assert warm.get(below).round_trips == 0
        assert warm.get(above).round_trips == 0

    def test_queries(self, warm: Desk, django_assert_max_num_queries: Any) -> None:
        for address in (f"{LIST}?q=subject:a&sort=from", f"{LIST}?only=unread"):
            with django_assert_max_num_queries(2):
                warm.visitor.get(address)


class TestSearchingAllFolders:
    ADDRESS = f"{LIST}?q=subject:a&in=all"

    @pytest.fixture
    def found(self, warm: Desk) -> Traffic:
        """What the first look costs, on connections that another search has opened; the search is over."""
        self.through(warm, f"{LIST}?q=subject:nothing-like-it&in=all")
        first = warm.get(self.ADDRESS)
        self.through(warm, self.ADDRESS)
        return first

    def through(self, warm: Desk, address: str) -> None:
        while 'id="searching"' in warm.visitor.get(address).text:
            pass

    def test_a_search(self, warm: Desk, found: Traffic) -> None:
        """What there is, what matches, when it came, and the page: however many folders there are."""
        assert found.round_trips <= 4
        assert found.connections == 0
        assert found.down < 300_000
        again = warm.get(self.ADDRESS)
        assert again.round_trips <= 2
        assert not any("SEARCH" in command for command in again.commands)

    def test_a_page_is_one_round_trip(self, warm: Desk, found: Traffic) -> None:
        del found
        turned = warm.get(f"{self.ADDRESS}&page=2")
        assert turned.round_trips == 1
        assert turned.down < 120_000

    def test_queries(self, warm: Desk, found: Traffic, django_assert_max_num_queries: Any) -> None:
        del found
        with django_assert_max_num_queries(2):
            warm.visitor.get(self.ADDRESS)


class TestDoing:
    def test_marking_fifty_is_one_round_trip(self, warm: Desk) -> None:
        uids = [str(uid) for uid in range(warm.count - 49, warm.count + 1)]
        for action in ("star", "unstar"):
            marked, _ = warm.cost(
                lambda action=action: warm.visitor.post(
                    "/mark/INBOX/", uid_validity=str(warm.validity), uid=uids, do=action
                )
            )
            assert marked.round_trips == 1
            assert marked.down < 6_000
            assert warm.get(LIST).round_trips == 1

    @pytest.mark.parametrize("do", ["archive", "trash", "junk", "move", "label", "seen"])
    def test_filing_fifty_is_one_round_trip_and_so_is_undo(self, warm: Desk, do: str) -> None:
        """Of the oldest, which no other test here looks at; they come back, as others."""
        uids = warm.oldest(50)
        asked = {"to": "Archive", "label": "reise", "do": do, "uid_validity": str(warm.validity)}
        warm.visitor.post("/mark/INBOX/", **asked, uid=uids[0])
        warm.visitor.list()
        filed, _ = warm.cost(lambda: warm.visitor.post("/mark/INBOX/", **asked, uid=uids[1:]))
        assert filed.round_trips == 1
        assert filed.up < 1_500
        assert filed.down < 10_000
        warm.visitor.list()
        pages = warm.visitor.get("/done/").tree.xpath("//form[contains(@action, '/undo/')]/@action")
        # Where the messages are now has to be selected first.
        back, _ = warm.cost(lambda: warm.visitor.post(pages[0]))
        assert back.round_trips <= 2
        for page in pages[1:2]:
            warm.visitor.post(page)

    def test_downloading(self, warm: Desk) -> None:
        """Of a message that is on the screen: the part, as it is transferred, and hardly more."""
        address = warm.newest("attachment")
        page = warm.visitor.get(address)
        (link,) = page.tree.xpath("//a[@download]/@href[contains(., '/part/')]")
        saved = warm.visitor.get(link)
        moved = warm.get(link)
        assert moved.round_trips == 1
        assert len(saved.data) < moved.down < len(saved.data) * 1.5

    def test_the_source(self, warm: Desk) -> None:
        address = warm.newest("newsletter")
        warm.visitor.get(address)
        moved = warm.get(f"{address}source/")
        assert moved.round_trips <= 2
