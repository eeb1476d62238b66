"""Views of several folders on a real Dovecot, and what they cost on the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.mailbox.letters import letter
from webmail.accounts.connections import pool
from webmail.accounts.errors import SignInEndedError
from webmail.mailbox import finding
from webmail.mailbox.finding import exploring, survey, trail
from webmail.mailbox.view import View

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
FOLDERS = ("INBOX", "Sent", "Archive", "Work", "Work/Plans", "Trash", "Junk")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A request waits until all is found, however slow the machine is."""
    monkeypatch.setattr(survey, "SOON", 30.0)
    monkeypatch.setattr(survey, "LATEST", 30.0)


@pytest.fixture
def spread(tapped):
    """Letters 1 to 28, a day after each other, each folder every seventh of them."""
    access, tap, user = tapped
    for number in range(1, 29):
        user.deliver(FOLDERS[number % 7], letter(number), date=BEGIN + timedelta(days=number))
    return access, tap, user


@pytest.fixture
def step_by_step(monkeypatch):
    """Every folder is too large to be searched at once, and a step takes two messages."""
    monkeypatch.setattr(exploring, "AT_ONCE", 0)
    monkeypatch.setattr(trail, "FIRST_SPAN", 2)


def found(access, text="", *, folder="INBOX", page=1, size=50, going_on=True, **more):
    more.setdefault("scope", "all")
    view = View(folder, text=text, **more)
    return finding.list_view(access=access, view=view, page=page, size=size, going_on=going_on)


def everything(access, text="", **more):
    """Asked again until all is found, as a browser does."""
    page = found(access, text, **more)
    while not page.found.done:
        page = found(access, text, **more)
    return page


def subjects(page):
    return [row.subject for row in page.rows]


def letters(*folders):
    return [f"Letter {number}" for number in range(28, 0, -1) if FOLDERS[number % 7] in folders]


def places(page):
    return {row.folder for row in page.rows}


WITHOUT_BINS = FOLDERS[:5]


@pytest.mark.parametrize(
    ("text", "folder", "scope", "expected"),
    [
        ("subject:letter", "INBOX", "all", WITHOUT_BINS),
        ("subject:letter", "INBOX", "everywhere", FOLDERS),
        ("subject:letter", "Trash", "all", (*WITHOUT_BINS, "Trash")),
        ("subject:letter", "Work", "subtree", ("Work", "Work/Plans")),
        ("subject:letter", "INBOX", "subtree", ("INBOX",)),
        ("hei", "Work", "all", WITHOUT_BINS),
        ("", "INBOX", "all", WITHOUT_BINS),
        ("in:sent subject:letter", "INBOX", "all", ("Sent",)),
        ("in:Work/Plans", "INBOX", "folder", ("Work/Plans",)),
        ("in:plans in:papirkorg", "INBOX", "folder", ("Work/Plans", "Trash")),
        ("in:everywhere hei", "INBOX", "folder", FOLDERS),
        ("in:all hei", "INBOX", "subtree", WITHOUT_BINS),
        ("in:innboks", "Work", "folder", ("INBOX",)),
    ],
)
def test_where_it_looks(spread, text, folder, scope, expected):
    access, _, _ = spread
    page = everything(access, text, folder=folder, scope=scope)
    assert subjects(page) == letters(*expected)
    assert page.total == len(page.rows)
    assert places(page) == set(expected)
    assert page.folder.name == folder
    assert page.found.folders[0] == page.found.folders[1] >= len(expected)


def test_a_folder_that_is_not_there_is_named(spread):
    access, _, _ = spread
    page = found(access, "in:atlantis hei")
    assert (page.rows, page.found.unknown, page.found.done) == ((), ("atlantis",), True)
    assert subjects(found(access, "in:atlantis in:sent")) == letters("Sent")


def test_pages(spread):
    access, _, _ = spread
    pages = [found(access, "subject:letter", page=number, size=6) for number in (1, 2, 3, 4)]
    assert [subject for page in pages for subject in subjects(page)] == letters(*WITHOUT_BINS)
    assert [(page.number, page.pages, page.first, page.last) for page in pages] == [
        (1, 4, 1, 6),
        (2, 4, 7, 12),
        (3, 4, 13, 18),
        (4, 4, 19, 20),
    ]
    assert subjects(found(access, "subject:letter", page=9, size=6)) == subjects(pages[-1])


def test_what_was_moved_in_later_stands_where_it_came(tapped):
    access, _, user = tapped
    user.deliver("Archive", letter(2), date=BEGIN + timedelta(days=2))
    user.deliver("Archive", letter(1), date=BEGIN + timedelta(days=1))
    user.deliver("INBOX", letter(3), date=BEGIN + timedelta(days=3))
    user.deliver("Sent", letter(0), date=BEGIN)
    assert subjects(found(access, "hei")) == ["Letter 3", "Letter 2", "Letter 1", "Letter 0"]


def test_rows_say_where_they_are(spread):
    access, _, _ = spread
    for row in found(access, "subject:letter").rows:
        inside = finding.list_view(access=access, view=View(row.folder))
        assert row.uid_validity == inside.uid_validity
        assert row.uid in [one.uid for one in inside.rows]


def test_structures_and_flags(spread):
    access, _, user = spread
    assert everything(access, "has:attachment").rows == ()
    assert len(everything(access, "-filename:x").rows) == 20
    assert found(access, only=("starred",)).rows == ()
    with user.imap() as client:
        client.select("Work")
        client.store("2", "+FLAGS", "(\\Flagged)")
    (row,) = found(access, only=("starred",)).rows
    assert (row.folder, row.uid, row.starred) == ("Work", 2, True)


def test_a_search_is_brought_up_to_date(spread):
    access, _, user = spread
    assert found(access, "subject:letter").total == 20
    user.deliver("Work", letter(99), date=BEGIN + timedelta(days=99))
    user.deliver("New", letter(98), date=BEGIN + timedelta(days=98))
    with user.imap() as client:
        client.select("Archive")
        client.store("1:4", "+FLAGS", "(\\Deleted)")
        client.expunge()
    page = found(access, "subject:letter")
    assert subjects(page) == ["Letter 99", "Letter 98", *letters("INBOX", "Sent", "Work", "Work/Plans")]


def test_what_goes_while_pages_are_turned_closes_up(spread):
    access, _, user = spread
    found(access, "subject:letter", size=6)
    with user.imap() as client:
        client.select("INBOX")
        client.store("1:4", "+FLAGS", "(\\Deleted)")
        client.expunge()
    page = found(access, "subject:letter", page=2, size=6)
    assert "INBOX" not in places(page)
    assert len(page.rows) == 6


def test_steps_and_going_on(spread, step_by_step):
    access, _, user = spread
    page = everything(access, "hei", size=6)
    assert subjects(page) == letters(*WITHOUT_BINS)[:6]
    assert page.total == 20
    user.deliver("Work", letter(99), date=BEGIN + timedelta(days=99))
    assert subjects(everything(access, "hei"))[0] == "Letter 99"
    assert subjects(everything(access, "-filename:x in:everywhere"))[1:] == letters(*FOLDERS)


def test_two_searches_at_a_time_both_come_to_their_end(spread, step_by_step, monkeypatch):
    access, _, _ = spread
    monkeypatch.setattr(survey, "SOON", 0.0)
    monkeypatch.setattr(survey, "LATEST", 0.1)
    pages = [found(access, text) for text in ("hei", "letter")]
    while not all(page.found.done for page in pages):
        pages = [found(access, text) for text in ("hei", "letter")]
    assert [subjects(page) for page in pages] == [letters(*WITHOUT_BINS)] * 2


class TestFaults:
    def survey(self, access, text="subject:letter", scope="all"):
        view = View("INBOX", text=text, scope=scope)
        notes = pool().notes(access.holder)
        return survey.recall(notes, survey.name_of(view, finding.asker_of(access, view)))

    def rest(self, running):
        """Until every thread of it has ended."""
        with running.lock:
            assert running.lock.wait_for(lambda: running.workers == 0, timeout=30)

    def test_a_folder_without_the_right_is_named(self, spread):
        access, _, user = spread
        user.maildir.directory("Work").joinpath("cur").chmod(0)
        user.maildir.directory("Work").joinpath("new").chmod(0)
        page = found(access, "subject:letter")
        assert [folder.name for folder in page.found.left_out] == ["Work"]
        assert subjects(page) == letters("INBOX", "Sent", "Archive", "Work/Plans")

    def test_a_folder_that_goes_meanwhile(self, spread):
        access, _, user = spread
        found(access, "subject:letter", size=6)
        with user.imap() as client:
            client.delete("Work/Plans")
        page = found(access, "subject:letter", page=2, size=6)
        assert "Work/Plans" not in places(page)
        assert [folder.name for folder in page.found.left_out] == ["Work/Plans"]
        again = found(access, "subject:letter")
        assert again.found.left_out == ()
        assert subjects(again) == letters("INBOX", "Sent", "Archive", "Work")

    def test_a_folder_that_was_renumbered(self, spread):
        access, _, user = spread
        found(access, "subject:letter", size=6)
        with user.imap() as client:
            client.delete("Archive")
            client.create("Archive")
            client.append("Archive", None, None, letter(77))
        page = everything(access, "subject:letter", page=2, size=50)
        assert "Letter 77" in subjects(page)
        assert page.total == 17

    def test_a_cut_line_is_mended(self, spread, step_by_step):
        access, tap, _ = spread
        tap.cut_after(2500)
        page = everything(access, "hei")
        assert subjects(page) == letters(*WITHOUT_BINS)
        assert page.found.left_out == ()

    def test_nobody_waits_nothing_runs(self, spread, step_by_step, monkeypatch):
        access, tap, _ = spread
        monkeypatch.setattr(survey, "SOON", 0.0)
        page = found(access, "hei")
        running = self.survey(access, "hei")
        found(access, "hei", going_on=False)
        self.rest(running)
        mark = tap.mark()
        done = found(access, "hei", going_on=False).found.folders
        assert not [line for line in tap.since(mark).commands if "SEARCH" in line]
        assert done >= page.found.folders
        assert subjects(everything(access, "hei")) == letters(*WITHOUT_BINS)

    def test_after_sign_out_nothing_runs(self, spread, step_by_step, monkeypatch):
        access, _, _ = spread
        monkeypatch.setattr(survey, "SOON", 0.0)
        found(access, "hei")
        running = self.survey(access, "hei")
        pool().drain(access.holder.key)
        self.rest(running)
        assert self.survey(access, "hei") is None

    def test_another_password_ends_it(self, spread):
        access, _, user = spread
        user.change_password()
        with pytest.raises(SignInEndedError):
            found(access, "hei")

    def test_a_bug_is_told_and_not_forever(self, spread, monkeypatch):
        access, _, _ = spread
        with monkeypatch.context() as patch:
            patch.setattr(survey, "explore", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                found(access, "hei")
        assert subjects(everything(access, "hei")) == letters(*WITHOUT_BINS)


class TestCost:
    def test_a_search_is_four_round_trips(self, spread):
        access, tap, _ = spread
        finding.list_view(access=access, view=View("INBOX"))
        mark = tap.mark()
        found(access, "subject:letter", scope="everywhere")
        traffic = tap.since(mark)
        assert (traffic.connections, traffic.round_trips) == (0, 4)
        mark = tap.mark()
        found(access, "subject:letter", scope="everywhere", page=2, size=10)
        assert tap.since(mark).round_trips == 1
        mark = tap.mark()
        found(access, "subject:letter", scope="everywhere")
        traffic = tap.since(mark)
        assert traffic.round_trips == 2
        assert not [line for line in traffic.commands if "SEARCH" in line]
