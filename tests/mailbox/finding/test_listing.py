"""A page of a view on a real Dovecot, and what it costs on the wire."""

from __future__ import annotations

import pytest

from tests.mailbox.letters import letter
from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.errors import CommandError
from webmail.mailbox import finding
from webmail.mailbox.finding.matching import found_within
from webmail.mailbox.query.meaning import Asker
from webmail.mailbox.reading.selecting import session_of
from webmail.mailbox.view import View


@pytest.fixture
def sixty(tapped):
    access, tap, user = tapped
    for number in range(1, 61):
        user.deliver("INBOX", letter(number), flags=["\\Seen"] if number > 10 else [])
    return access, tap, user


def found(access, text="", **more):
    page = more.pop("page", 1)
    return finding.list_view(access=access, view=View("INBOX", text=text, **more), page=page)


def subjects(page):
    return [row.subject for row in page.rows]


def test_words_newest_first_in_pages(sixty):
    access, _, _ = sixty
    first = found(access, "subject:letter")
    assert subjects(first) == [f"Letter {number}" for number in range(60, 10, -1)]
    assert (first.number, first.pages, first.total, first.first, first.last) == (1, 2, 60, 1, 50)
    second = found(access, "subject:letter", page=2)
    assert subjects(second) == [f"Letter {number}" for number in range(10, 0, -1)]
    assert subjects(found(access, "subject:letter", page=9)) == subjects(second)


def test_filters_and_sort(sixty):
    access, _, _ = sixty
    assert subjects(found(access, only=("unread",))) == [f"Letter {number}" for number in range(10, 0, -1)]
    assert subjects(found(access, only=("unread",), sort="subject"))[:2] == ["Letter 1", "Letter 10"]
    assert subjects(found(access, sort="arrival"))[:2] == ["Letter 1", "Letter 2"]
    assert subjects(found(access, sort="-subject"))[:2] == ["Letter 9", "Letter 8"]


def test_a_body_is_searched_in_steps(sixty):
    access, _, user = sixty
    page = found(access, "hei -subject:60")
    assert page.total == 59
    assert page.found.done
    user.deliver("INBOX", letter(61))
    assert found(access, "hei -subject:60").total == 60
    user.deliver("INBOX", letter(62))
    assert subjects(found(access, "subject:letter"))[:2] == ["Letter 62", "Letter 61"]
    assert found(access, "zebra").rows == ()


def test_what_is_gone_closes_up(sixty):
    access, _, user = sixty
    assert found(access, "hei").total == 60
    with user.imap() as client:
        client.select("INBOX")
        client.store("60", "+FLAGS", "(\\Deleted)")
        client.expunge()
    page = found(access, "hei")
    assert subjects(page) == [f"Letter {number}" for number in range(59, 9, -1)]


class TestCost:
    @pytest.fixture
    def cost(self, sixty):
        access, tap, _ = sixty
        for page in (1, 2):
            finding.list_view(access=access, view=View("INBOX"), page=page)

        def of(*args, **more):
            mark = tap.mark()
            found(access, *args, **more)
            traffic = tap.since(mark)
            return traffic.round_trips, [command.partition(" (")[0] for command in traffic.commands]

        return of

    def test_a_search_is_one_round_trip(self, cost):
        assert cost("subject:letter") == (1, ["NOOP", "UID SEARCH RETURN"])
        assert cost("subject:letter") == (1, ["NOOP"])
        assert cost("subject:letter", page=2) == (1, ["NOOP"])

    def test_a_sort_is_one_round_trip(self, cost):
        assert cost(sort="-subject") == (1, ["NOOP", "UID SORT RETURN"])
        assert cost(sort="-subject", page=2) == (1, ["NOOP"])

    def test_a_page_that_nobody_saw_comes_with_the_noop(self, sixty):
        access, tap, _ = sixty
        found(access, "subject:letter")
        mark = tap.mark()
        found(access, "subject:letter", page=2)
        traffic = tap.since(mark)
        assert (traffic.round_trips, len(traffic.commands)) == (1, 2)


class Offering:
    """A session that says it knows words that are alike; it may be wrong."""

    def __init__(self, session, *, refuses, finds=True):
        self.session, self.refuses, self.finds, self.offered, self.asked = session, refuses, finds, True, []

    def __getattr__(self, name):
        return getattr(self.session, name)

    def has(self, name):
        return self.offered if name == "SEARCH=FUZZY" else self.session.has(name)

    def distrust(self, name):
        assert name == "SEARCH=FUZZY"
        self.offered = False

    def run(self, command):
        words = str(command.arguments)
        self.asked.append("FUZZY" in words)
        if self.refuses and self.asked[-1]:
            raise CommandError("BAD", "", "what?")
        sought = "hei" if self.finds or not self.asked[-1] else "no such word"
        return self.session.run(imap.search(criteria.text("TEXT", sought)))


def test_a_server_that_offers_words_that_are_alike_and_has_no_index_of_them(sixty):
    """Cyrus without its indexer: a fuzzy search finds nothing, ever."""
    access, _, _ = sixty
    with session_of(access, "INBOX") as session:
        session.run(imap.select("INBOX"))
        offering = Offering(session, refuses=False, finds=False)
        assert len(found_within(offering, View("INBOX", text="hei").query, Asker())) == 60
        assert len(found_within(offering, View("INBOX", text="hei").query, Asker())) == 60
    assert offering.asked == [True, False, False]


@pytest.mark.parametrize("refuses", [False, True])
def test_words_that_are_alike_are_asked_for_where_offered(sixty, refuses):
    access, _, _ = sixty
    with session_of(access, "INBOX") as session:
        session.run(imap.select("INBOX"))
        offering = Offering(session, refuses=refuses)
        found = found_within(offering, View("INBOX", text="hei").query, Asker())
    assert len(found) == 60
    assert offering.offered is not refuses
    assert offering.asked[0]
    assert offering.asked[-1] is not refuses
