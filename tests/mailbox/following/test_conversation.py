"""A message's conversation on a real Dovecot, and what it costs on the wire."""

from __future__ import annotations

import pytest

from tests.mailbox.conftest import LINKS
from tests.mailbox.letters import letter
from webmail.mailbox import errors, following, reading
from webmail.mailbox.following import relatives


def answer(number, *before, extra="", **more):
    references = " ".join(f"<{one}@test.example>" for one in before)
    return letter(number, subject="Re: Plan", extra=f"References: {references}\r\n{extra}", **more)


class Desk:
    """`numbers` are those of the letters: of what stands before and after an opened one."""

    def __init__(self, access, tap, user) -> None:
        self.access, self.tap, self.user = access, tap, user
        self.validities = {}

    def validity(self, folder):
        page = reading.list_messages(access=self.access, folder=folder)
        return page.uid_validity

    def open(self, uid, folder="INBOX"):
        validity = self.validity(folder)
        reading.open_message(access=self.access, folder=folder, uid_validity=validity, uid=uid, links=LINKS)
        return {"access": self.access, "folder": folder, "uid_validity": validity, "uid": uid}

    def around(self, uid, folder="INBOX", **more):
        return following.conversation(**self.open(uid, folder), **more)


def told(found):
    return [[(one.folder.role, one.row.uid) for one in part] for part in (found.before, found.after)]


def at(minute):
    """A letter's Date, as a further field that stands before the one it has already."""
    return f"X-Was: {minute}\r\n"


def dated(octets: bytes, minute: int) -> bytes:
    return octets.replace(b"10:00:00", b"10:%02d:00" % minute)


@pytest.fixture
def desk(tapped):
    return Desk(*tapped)


@pytest.fixture
def plan(desk):
    """1 in the inbox ← 2 in Sent ← 3 in Archive ← 4 in the inbox; a draft of an answer, and letters beside it."""
    user = desk.user
    user.deliver("INBOX", dated(letter(1, subject="Plan"), 1))
    user.deliver("INBOX", dated(letter(90, subject="Plan"), 2))
    user.deliver("Sent", dated(letter(91), 2))
    user.deliver("Sent", dated(answer(2, 1), 3), flags=["\\Seen"])
    user.deliver("Archive", dated(answer(3, 1, 2), 4), flags=["\\Seen", "\\Flagged"])
    user.deliver("INBOX", dated(answer(4, 1, 2, 3), 5))
    user.deliver("Drafts", dated(answer(5, 1, 2, 3, 4), 6), flags=["\\Draft"])
    return desk


def test_joined_from_folders_in_the_order_they_were_written(plan):
    found = plan.around(1)
    assert told(found) == [[], [("sent", 2), ("archive", 1), ("inbox", 3), ("drafts", 1)]]
    assert [one.row.unread for one in found.after] == [False, False, True, True]
    assert found.after[1].row.starred
    assert (found.count, found.more, found.partial) == (5, False, False)


def test_from_the_middle_and_from_another_folder(plan):
    assert told(plan.around(3)) == [
        [("inbox", 1), ("sent", 2), ("archive", 1)],
        [("drafts", 1)],
    ]
    assert told(plan.around(2, "Sent")) == [
        [("inbox", 1)],
        [("archive", 1), ("inbox", 3), ("drafts", 1)],
    ]


def test_alone(plan):
    found = plan.around(2)
    assert (found.count, told(found)) == (1, [[], []])


def test_without_a_message_id(desk):
    desk.user.deliver("INBOX", b"Subject: x\r\nFrom: a@x.example\r\n\r\nhello\r\n")
    assert desk.around(1).count == 1


def test_a_copy_in_another_folder_is_shown_once(plan):
    plan.user.deliver("Archive", dated(letter(1, subject="Plan"), 1))
    plan.user.deliver("Archive", dated(answer(4, 1, 2, 3), 5))
    assert told(plan.around(3))[0] == [("inbox", 1), ("sent", 2), ("archive", 1)]
    assert plan.around(3, "Archive").count == 5


def test_anothers_message_id_hides_nothing(plan):
    forged = dated(answer(2, 1, sender="Mallory <mallory@x.example>"), 3)
    plan.user.deliver("INBOX", forged)
    writers = [one.row.people[0].address for one in plan.around(1).after[:2]]
    assert sorted(writers) == ["kari@fjord.example", "mallory@x.example"]


def test_a_chain_of_messages_that_only_name_the_one_before(desk):
    for number in range(1, 5):
        extra = f"In-Reply-To: <{number - 1}@test.example>\r\n" if number > 1 else ""
        desk.user.deliver("INBOX", dated(letter(number, extra=extra), number))
    assert told(desk.around(4)) == [[("inbox", 1), ("inbox", 2), ("inbox", 3)], []]


class TestOnTheWire:
    def test_of_an_opened_message_two_writes_then_one(self, plan):
        reading.list_messages(access=plan.access, folder="INBOX")
        asked = plan.open(1)
        mark = plan.tap.mark()
        following.conversation(**asked)
        first = plan.tap.since(mark)
        assert (first.round_trips, first.connections) == (2, 0)
        mark = plan.tap.mark()
        following.conversation(**asked)
        assert plan.tap.since(mark).round_trips == 1

    def test_alone_is_one_write(self, plan):
        asked = plan.open(2)
        mark = plan.tap.mark()
        following.conversation(**asked)
        assert plan.tap.since(mark).round_trips == 1

    def test_no_body_is_fetched(self, desk):
        desk.user.deliver("INBOX", letter(1))
        desk.user.deliver("INBOX", answer(2, 1, body="word " * 40_000))
        asked = desk.open(1)
        mark = desk.tap.mark()
        assert following.conversation(**asked).count == 2
        assert desk.tap.since(mark).down < 6_000

    def test_the_list_and_the_neighbours_stay_known(self, plan):
        following.conversation(**plan.open(1))
        mark = plan.tap.mark()
        reading.list_messages(access=plan.access, folder="INBOX")
        assert plan.tap.since(mark).commands == ("NOOP",)

    def test_what_has_come_since_is_seen(self, plan):
        assert plan.around(1).count == 5
        plan.user.deliver("Archive", dated(answer(7, 1, 2), 7))
        assert plan.around(1).count == 6
        with plan.user.imap() as other:
            other.select("Sent")
            other.store("2", "+FLAGS", "\\Deleted")
            other.expunge()
        assert plan.around(1).count == 5

    def test_a_hundred_messages(self, desk):
        letters = [letter(1, subject="Plan")]
        letters += [answer(number, 1, *range(max(2, number - 20), number)) for number in range(2, 101)]
        desk.user.bulk("INBOX", [dated(one, at % 60) for at, one in enumerate(letters)])
        asked = desk.open(60)
        mark = desk.tap.mark()
        found = following.conversation(**asked)
        first = desk.tap.since(mark)
        assert found.count == 100
        assert first.round_trips == 2
        assert first.down < 120_000
        mark = desk.tap.mark()
        assert following.conversation(**asked).count == 100
        again = desk.tap.since(mark)
        assert (again.round_trips, again.down < 12_000) == (1, True)


class TestBounds:
    def test_the_newest_ones_and_it_is_said(self, desk, monkeypatch):
        monkeypatch.setattr(relatives, "MOST", 6)
        for number in range(1, 11):
            desk.user.deliver("INBOX", dated(answer(number, 1) if number > 1 else letter(1), number))
        found = desk.around(2)
        assert found.more
        assert [one.row.uid for one in found.after][-1] == 10

    def test_only_messages_near_it_unless_asked(self, desk, monkeypatch):
        monkeypatch.setattr(relatives, "WINDOW", 3)
        desk.user.deliver("INBOX", dated(letter(1), 1))
        for number in range(20, 30):
            desk.user.deliver("INBOX", letter(number))
        desk.user.deliver("INBOX", dated(answer(2, 1), 2))
        near = desk.around(12)
        assert (near.count, near.partial) == (1, True)
        whole = desk.around(12, whole=True)
        assert (told(whole), whole.partial) == ([[("inbox", 1)], []], False)
        assert desk.around(12).count == 2

    @pytest.mark.parametrize(
        "field",
        [
            'References: <"quoted"@x> <back\\slash@x> <{5}@x>',
            "References: " + " ".join(f"<{n}@hostile.example>" for n in range(10_000)),
            "References: <" + "x" * 5_000 + "@x> <1@test.example>",
            "In-Reply-To: <a@x>) LOGOUT (",
            "References: <a\r\n\tb@x> <1@test.example>",
            "References: <æøå@x> <1@test.example>\r\nIn-Reply-To: \x00",
        ],
    )
    def test_hostile_references_are_only_ever_searched_for(self, desk, field):
        desk.user.deliver("INBOX", letter(1))
        desk.user.deliver("INBOX", letter(2, extra=field + "\r\n"))
        asked = desk.open(2)
        mark = desk.tap.mark()
        following.conversation(**asked)
        wire = desk.tap.since(mark)
        names = {command.split()[0] for command in wire.commands}
        assert names <= {"SELECT", "UID", "FETCH"}
        assert wire.up < 12_000
        assert wire.connections == 0


class TestWhatIsNotThere:
    def test_a_message_that_is_gone(self, desk):
        desk.user.deliver("INBOX", letter(1))
        validity = desk.validity("INBOX")
        with pytest.raises(errors.MessageNotFoundError):
            following.conversation(access=desk.access, folder="INBOX", uid_validity=validity, uid=77)

    def test_a_folder_that_was_renumbered(self, desk):
        desk.user.deliver("INBOX", letter(1))
        with pytest.raises(errors.FolderRenumberedError):
            following.conversation(access=desk.access, folder="INBOX", uid_validity=1, uid=1)

    def test_no_such_folder(self, desk):
        with pytest.raises(errors.FolderNotFoundError):
            following.conversation(access=desk.access, folder="Nowhere", uid_validity=1, uid=1)
