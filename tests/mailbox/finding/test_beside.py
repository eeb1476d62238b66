"""The neighbours of a message in the order of a view, on a real Dovecot."""

from __future__ import annotations

import pytest

from tests.mailbox.letters import letter
from webmail.mailbox import finding
from webmail.mailbox.finding import order
from webmail.mailbox.view import View


@pytest.fixture
def inbox(tapped):
    """(access, tap, user, UIDVALIDITY): sixty letters, the first ten unread."""
    access, tap, user = tapped
    for number in range(1, 61):
        user.deliver("INBOX", letter(number), flags=["\\Seen"] if number > 10 else [])
    return access, tap, user, finding.list_view(access=access, view=View("INBOX")).uid_validity


@pytest.fixture
def around(inbox):
    access, _, _, validity = inbox

    def of(uid, *, size=50, **view):
        found = finding.beside(
            access=access, view=View("INBOX", **view), uid_validity=validity, uid=uid, size=size
        )
        return found.above, found.below, found.page

    return of


def test_in_a_search(around):
    assert around(8, text="subject:letter", size=10) == (9, 7, 6)
    assert around(60, text="subject:letter") == (None, 59, 1)
    assert around(1, text="subject:letter") == (2, None, 2)
    assert around(8, text="subject:letter", sort="arrival", size=5) == (7, 9, 2)


def test_in_another_order(around):
    rows = ["Letter 1", "Letter 10", "Letter 11"]
    assert rows == sorted(rows)
    assert around(1, sort="subject") == (None, 10, 1)
    assert around(10, sort="subject") == (1, 11, 1)
    assert around(9, sort="subject", size=50) == (8, None, 2)
    assert around(8, only=("unread",), sort="subject")[:2] == (7, 9)


def test_what_matches_no_longer_still_has_its_place(inbox, around):
    access, _, user, _ = inbox
    finding.list_view(access=access, view=View("INBOX", only=("unread",)))
    with user.imap() as client:
        client.select("INBOX")
        client.store("5", "+FLAGS", "(\\Seen)")
    assert around(5, only=("unread",)) == (6, 4, 1)
    finding.list_view(access=access, view=View("INBOX", only=("unread",)))
    assert around(5, only=("unread",)) == (6, 4, 0)


def test_at_the_edge_of_what_is_known(around, monkeypatch):
    monkeypatch.setattr(order, "BLOCK", 20)
    order_of = sorted(range(1, 61), key=lambda number: f"Letter {number}")
    for position in (29, 30, 31, 21, 20, 19):
        above, below, page = around(order_of[position - 1], sort="subject", size=5)
        assert (above, below) == (order_of[position - 2], order_of[position]), position
        assert page == (position - 1) // 5 + 1


def test_of_another_folder_of_that_name(inbox):
    access, _, _, validity = inbox
    found = finding.beside(access=access, view=View("INBOX", text="hei"), uid_validity=validity + 1, uid=3)
    assert found == finding.beside(access=access, view=View("INBOX", text="x"), uid_validity=validity, uid=3)


def test_what_was_on_the_screen_costs_nothing(inbox, around):
    access, tap, _, _ = inbox
    for view in ({"text": "subject:letter"}, {"sort": "-subject"}, {"text": "hei"}):
        finding.list_view(access=access, view=View("INBOX", **view))
        mark = tap.mark()
        assert around(30, **view)[2] == 1
        assert tap.since(mark).round_trips == 0
