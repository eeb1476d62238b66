"""The threads of a folder on a real Dovecot, and what they cost on the wire."""

from __future__ import annotations

import re

import pytest

from tests.mailbox.letters import letter
from tests.web.letters import ATTACHMENTS
from webmail.imap.session import Session
from webmail.mailbox import errors, following, reading
from webmail.mailbox.following import index
from webmail.mailbox.pages import Found
from webmail.mailbox.view import View


def answer(number, *before, subject="Re: Plan", sender="Ola <ola@fjord.example>"):
    references = " ".join(f"<{one}@test.example>" for one in before)
    return letter(number, subject=subject, sender=sender, extra=f"References: {references}\r\n")


@pytest.fixture(params=["server", "ours"])
def plan(tapped, request, monkeypatch):
    """1 Plan ← 3 ← 5; 2 and 4 alone. Threaded by the server, or by us."""
    access, tap, user = tapped
    if request.param == "ours":
        monkeypatch.setattr(index, "algorithm_of", lambda session: None)
    user.deliver("INBOX", letter(1, subject="Plan"), flags=["\\Seen"])
    user.deliver("INBOX", letter(2))
    user.deliver("INBOX", answer(3, 1), flags=["\\Flagged"])
    user.deliver("INBOX", letter(4), flags=["\\Seen"])
    user.deliver("INBOX", answer(5, 1, 3, sender="Per <per@fjord.example>"), flags=["\\Seen"])
    return access, tap, user


def show(access, **more):
    view = View(more.pop("folder", "INBOX"), only=more.pop("only", ()), threaded=True)
    return following.list_threads(access=access, view=view, **more)


def members(page):
    return [row.members or (row.uid,) for row in page.rows]


def test_a_row_a_thread_the_newest_first(plan):
    access, _, _ = plan
    page = show(access)
    assert members(page) == [(1, 3, 5), (4,), (2,)]
    assert (page.total, page.pages, page.first, page.last, page.threaded) == (3, 1, 1, 3, True)
    row = page.rows[0]
    assert [one.name for one in row.people] == ["Kari Nes", "Ola", "Per"]
    assert (row.uid, row.unread, row.starred, row.subject) == (5, True, True, "Re: Plan")
    assert [row.unread for row in page.rows] == [True, False, True]


def test_pages_of_threads(plan):
    access, _, _ = plan
    second = show(access, page=2, size=2)
    assert members(second) == [(2,)]
    assert (second.number, second.pages, second.first, second.last) == (2, 2, 3, 3)
    assert show(access, page=9, size=2).number == 2


def test_one_thread_is_opened(plan):
    access, _, _ = plan
    rows = show(access, opened=[3]).rows
    assert [row.uid for row in rows[0].inner] == [5, 3, 1]
    assert [row.inner for row in rows[1:]] == [(), ()]
    assert [row.inner for row in show(access, opened=[77]).rows] == [(), (), ()]


def test_a_thread_is_found_where_any_of_its_messages_is(plan):
    access, _, user = plan
    page = show(access, only=("starred",))
    assert (members(page), page.total, page.found) == ([(1, 3, 5)], 1, Found())
    assert members(show(access, only=("unread",))) == [(1, 3, 5), (2,)]
    user.deliver("INBOX", letter(6), flags=["\\Flagged"])
    assert members(show(access, only=("starred",))) == [(6,), (1, 3, 5)]
    assert members(show(access)) == [(6,), (1, 3, 5), (4,), (2,)]


def test_a_file_anywhere_in_a_thread_shows(tapped):
    access, _, user = tapped
    user.deliver("INBOX", ATTACHMENTS)
    (name,) = re.findall(rb"Message-ID: (<[^>]*>)", ATTACHMENTS)
    user.deliver("INBOX", letter(2, extra=f"In-Reply-To: {name.decode()}\r\n"))
    (row,) = show(access).rows
    assert row.attachment
    assert [one.attachment for one in show(access, opened=[2]).rows[0].inner] == [False, True]


def test_an_answer_arrives(plan):
    access, _, user = plan
    show(access)
    user.deliver("INBOX", answer(6, 2, subject="Re: Letter 2"))
    page = show(access)
    assert members(page) == [(2, 6), (1, 3, 5), (4,)]
    assert page.rows[0].unread


def test_what_another_client_expunged_is_gone(plan):
    access, _, user = plan
    show(access)
    with user.imap() as other:
        other.select("INBOX")
        other.store("5", "+FLAGS", "\\Deleted")
        other.store("4", "+FLAGS", "\\Deleted")
        other.expunge()
    assert members(show(access)) == [(1, 3), (2,)]
    assert members(show(access)) == [(1, 3), (2,)]


def test_flags_of_another_client_show(plan):
    access, _, user = plan
    show(access)
    with user.imap() as other:
        other.select("INBOX")
        other.store("3", "+FLAGS", "\\Seen")
    assert not show(access).rows[0].unread


def test_flags_are_those_of_the_folder(tapped):
    """Two folders have the same UIDs; the connection has had the other one selected meanwhile."""
    access, _, user = tapped
    for number in (1, 2):
        user.deliver("INBOX", letter(number))
        user.deliver("Archive", letter(number), flags=["\\Seen"])
    for _ in range(2):
        unread = [row.unread for row in show(access, folder="Archive").rows]
        assert unread == [False, False]
        assert [row.unread for row in show(access).rows] == [True, True]


def test_an_empty_folder_and_one_that_is_not_there(plan):
    access, _, _ = plan
    empty = show(access, folder="Sent")
    assert (empty.rows, empty.total, empty.first, empty.last, empty.pages) == ((), 0, 0, 0, 1)
    with pytest.raises(errors.FolderNotFoundError):
        show(access, folder="No such folder")


def test_a_folder_made_again_is_threaded_again(plan):
    access, _, user = plan
    user.deliver("Temp", letter(1))
    assert len(show(access, folder="Temp").rows) == 1
    with user.imap() as other:
        other.delete("Temp")
    user.deliver("Temp", letter(1))
    user.deliver("Temp", letter(2))
    show(access)
    assert len(show(access, folder="Temp").rows) == 2


def test_round_trips(plan):
    access, tap, _ = plan
    reading.list_messages(access=access, folder="INBOX")
    mark = tap.mark()
    show(access)
    first = tap.since(mark)
    assert first.round_trips <= 4
    mark = tap.mark()
    show(access)
    assert [command.split()[0] for command in tap.since(mark).commands] == ["NOOP"]


class TestAnswersToOldMail:
    def test_beyond_the_window(self, tapped, monkeypatch):
        """What is new is threaded with the newest; an answer to what is older is looked up."""
        monkeypatch.setattr(index, "WINDOW", 5)
        access, tap, user = tapped
        for number in range(1, 31):
            user.deliver("INBOX", letter(number))
        show(access)
        user.deliver("INBOX", answer(31, 2, subject="Re: Letter 2"))
        user.deliver("INBOX", answer(32, 2, 31, subject="Re: Letter 2"))
        user.deliver("INBOX", answer(33, 29, subject="Re: Letter 29"))
        mark = tap.mark()
        page = show(access)
        assert members(page)[:3] == [(29, 33), (2, 31, 32), (30,)]
        assert tap.since(mark).round_trips <= 4


def test_a_mailbox_beyond_measure(plan, monkeypatch):
    """Only the newest are threaded, and it is said; what is older stays out when it is answered."""
    access, _, user = plan
    monkeypatch.setattr(index, "MOST", 4)
    monkeypatch.setattr(index, "NEWEST", 4)
    monkeypatch.setattr(index, "WINDOW", 2)
    page = show(access)
    assert (members(page), page.newest) == ([(3, 5), (4,), (2,)], 4)
    user.deliver("INBOX", answer(6, 1))
    page = show(access)
    assert members(page)[0] in [(3, 5, 6), (5, 6)]
    assert page.newest in (4, 5)
    with user.imap() as other:
        other.select("INBOX")
        other.store("1", "+FLAGS", "\\Deleted")
        other.expunge()
    page = show(access)
    assert members(page)[0] in [(3, 5, 6), (5, 6)]


class TestOurOwn:
    def test_only_the_newest_and_it_is_said(self, tapped, monkeypatch):
        monkeypatch.setattr(index, "algorithm_of", lambda session: None)
        monkeypatch.setattr(index, "NEWEST", 4)
        access, _, user = tapped
        for number in range(1, 11):
            user.deliver("INBOX", letter(number))
        page = show(access)
        assert (members(page), page.newest) == ([(uid,) for uid in range(10, 0, -1)], 4)
        user.deliver("INBOX", answer(11, 2))
        user.deliver("INBOX", answer(12, 9))
        page = show(access)
        assert (members(page)[:3], page.total, page.newest) == ([(9, 12), (11,), (10,)], 11, 4)

    def test_a_server_that_refuses_what_it_offers(self, plan, monkeypatch):
        access, _, _ = plan
        has = Session.has
        monkeypatch.setattr(Session, "has", lambda self, name: name == "THREAD=REFS" or has(self, name))
        assert members(show(access)) == [(1, 3, 5), (4,), (2,)]


def test_two_people_never_mix(plan, dovecot, django_user_model):
    from webmail.accounts.access import Access, holder_of

    access, _, _ = plan
    show(access)
    user = dovecot.user()
    person = django_user_model.objects.create(username=user.name)
    other = Access(person, holder_of(person, login=user.name, password=user.password))
    assert show(other).rows == ()
