"""Filing as a person does it without script, and taking it back, on three mail servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.front.visitor import Answer, Visitor
from tests.servers.dovecot import MailUser
from webmail.journal.models import Deed

LETTER = (
    b"From: Ola <ola@fjord.example>\r\nSubject: Letter %d\r\nMessage-ID: <%d@fjord.example>\r\n\r\nHei\r\n"
)


def letters(count: int, start: int = 1) -> list[bytes]:
    return [LETTER % (number, number) for number in range(start, start + count)]


@contextmanager
def selected(user: Any, folder: str) -> Iterator[Any]:
    with user.imap() as client:
        answer, _ = client.select(f'"{folder}"')
        assert answer == "OK", folder
        yield client


def contents(user: Any, folder: str) -> dict[bytes, frozenset[bytes]]:
    """Flags by Message-ID."""
    with selected(user, folder) as client:
        _, found = client.search(None, "ALL")
        if not found[0]:
            return {}
        _, data = client.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
    kept = {}
    for part in data:
        if isinstance(part, tuple):
            flags = part[0].partition(b"FLAGS (")[2].partition(b")")[0].split()
            kept[part[1].partition(b":")[2].strip()] = frozenset(flags) - {b"\\Recent"}
    return kept


def ids(user: Any, folder: str) -> set[bytes]:
    return set(contents(user, folder))


def id_of(*numbers: int) -> set[bytes]:
    return {b"<%d@fjord.example>" % number for number in numbers}


def fields(answer: Answer) -> dict[str, str]:
    return {
        name: answer.tree.xpath(f"//form[@id='messages']//input[@name='{name}']/@value")[0]
        for name in ("uid_validity", "page")
    }


def press(visitor: Visitor, do: str, uids: list[int], folder: str = "INBOX", **more: str) -> Answer:
    """A button over the list; the page that comes of it."""
    listed = visitor.list(folder)
    assert listed.status == 200
    answer = visitor.post(f"/mark/{folder}/", **fields(listed), uid=[str(uid) for uid in uids], do=do, **more)
    return visitor.follow(answer) if answer.status == 302 else answer


def undo(visitor: Visitor, page: Answer) -> Answer:
    (address,) = page.tree.xpath("//form[contains(@action, '/undo/')]/@action")
    return visitor.follow(visitor.post(address, next="/folder/INBOX/"))


@pytest.fixture
def ten(kari: Visitor, mail_user: MailUser) -> MailUser:
    mail_user.bulk("INBOX", letters(10))
    return mail_user


class TestFromTheList:
    @pytest.mark.parametrize(
        ("do", "folder", "words"),
        [
            ("archive", "Archive", "3 messages archived"),
            ("junk", "Junk", "3 messages moved to Junk"),
            ("trash", "Trash", "3 messages moved to Trash"),
        ],
    )
    def test_filed_and_taken_back(
        self, kari: Visitor, ten: MailUser, do: str, folder: str, words: str
    ) -> None:
        with selected(ten, "INBOX") as client:
            client.store("2", "+FLAGS", "(\\Flagged Invoice)")
            client.store("3", "+FLAGS", "(\\Seen $NotJunk)")
        before = contents(ten, "INBOX")
        page = press(kari, do, [2, 3, 4])
        assert words in page.text
        assert ids(ten, folder) == id_of(2, 3, 4)
        assert ids(ten, "INBOX") == id_of(1, 5, 6, 7, 8, 9, 10)
        assert len(page.rows) == 7
        back = undo(kari, page)
        assert "Taken back: 3 messages" in back.text
        assert contents(ten, "INBOX") == before
        assert ids(ten, folder) == set()
        assert len(back.rows) == 10

    def test_moved_to_a_chosen_folder(self, kari: Visitor, ten: MailUser) -> None:
        with ten.imap() as client:
            client.create('"Kundar &- venner"')
        asked = press(kari, "move", [1, 2])
        assert asked.status == 200
        names = asked.tree.xpath("//button[@name='to']/@value")
        assert "Kundar & venner" in names
        assert "INBOX" not in names
        page = press(kari, "move", [1, 2], to="Kundar & venner")
        assert "2 messages moved to Kundar & venner" in page.text
        assert ids(ten, "Kundar &- venner") == id_of(1, 2)
        undo(kari, page)
        assert len(ids(ten, "INBOX")) == 10

    def test_a_folder_that_can_not_be_chosen_stands_above_its_own(self, kari: Visitor, ten: MailUser) -> None:
        with ten.imap() as client:
            for name in ("Korps", "Kundar", "Kundar/Vik"):
                client.create(name)
        asked = kari.post("/mark/Kundar/", uid_validity="1", uid="1", do="move")
        assert asked.status == 200
        lines = asked.tree.xpath("//ul[@class='pickers']/li")
        assert [line.text_content().strip() for line in lines][-3:] == ["Korps", "Kundar", "Vik"]
        assert [bool(line.xpath("button")) for line in lines][-3:] == [True, False, True]

    def test_copied_and_the_copies_taken_away_again(self, kari: Visitor, ten: MailUser) -> None:
        with ten.imap() as client:
            client.create("Archive")
        page = press(kari, "copy", [1, 2], to="Archive")
        assert "2 messages copied to Archive" in page.text
        assert ids(ten, "Archive") == id_of(1, 2)
        undo(kari, page)
        assert ids(ten, "Archive") == set()
        assert len(ids(ten, "INBOX")) == 10

    def test_for_ever_is_asked_first(self, kari: Visitor, ten: MailUser) -> None:
        asked = press(kari, "forever", [1])
        assert "Delete 1 message for ever?" in asked.text
        assert len(ids(ten, "INBOX")) == 10
        page = press(kari, "forever", [1], sure="1")
        assert "1 message deleted for ever" in page.text
        assert ids(ten, "INBOX") == id_of(*range(2, 11))
        assert not page.tree.xpath("//form[contains(@action, '/undo/')]")

    def test_flags_come_back_to_those_that_had_them(self, kari: Visitor, ten: MailUser) -> None:
        with selected(ten, "INBOX") as client:
            client.store("2,4", "+FLAGS", "(\\Seen)")
        before = contents(ten, "INBOX")
        page = press(kari, "seen", [1, 2, 3, 4])
        assert "4 messages marked as read" in page.text
        undo(kari, page)
        assert contents(ten, "INBOX") == before

    def test_labels(self, kari: Visitor, ten: MailUser) -> None:
        kari.post("/preferences/labels/", do="add", name="Høg viktigheit", colour="red")
        page = press(kari, "label", [1, 2], label="hog-viktigheit")
        assert "2 messages labelled Høg viktigheit" in page.text
        assert len(page.tree.xpath("//li//span[contains(@class, 'label-chip')]")) == 2
        assert {b"hog-viktigheit"} <= contents(ten, "INBOX")[b"<1@fjord.example>"]
        undo(kari, page)
        assert contents(ten, "INBOX")[b"<1@fjord.example>"] == frozenset()

    def test_archived_by_year(self, kari: Visitor, mail_user: MailUser) -> None:
        dated = b"Date: Mon, 02 Mar %d 10:00:00 +0000\r\n"
        mail_user.bulk(
            "INBOX", [dated % year + LETTER % (at, at) for at, year in enumerate((2024, 2025, 2024), 1)]
        )
        kari.post("/preferences/", archive_by="year")
        page = press(kari, "archive", [1, 2, 3])
        assert "3 messages archived" in page.text
        assert (ids(mail_user, "Archive/2024"), ids(mail_user, "Archive/2025")) == (id_of(1, 3), id_of(2))
        undo(kari, page)
        assert ids(mail_user, "INBOX") == id_of(1, 2, 3)


class TestWhatWasDoneLately:
    def test_taken_back_from_its_page(self, kari: Visitor, ten: MailUser) -> None:
        press(kari, "trash", [5])
        press(kari, "seen", [6])
        page = kari.get("/done/")
        assert "1 message moved to Trash" in page.text
        address = page.tree.xpath("//form[contains(@action, '/undo/')]/@action")[-1]
        assert "Taken back: 1 message" in kari.follow(kari.post(address, next="/done/")).text
        assert len(ids(ten, "INBOX")) == 10
        kari.post(address)
        assert len(ids(ten, "INBOX")) == 10

    def test_no_content_and_gone_with_the_sign_in(self, kari: Visitor, ten: MailUser) -> None:
        press(kari, "trash", [5])
        kept = " ".join(str(value) for row in Deed.objects.values() for value in row.values())
        assert "Letter" not in kept
        assert "fjord.example" not in kept
        kari.post("/sign-out/")
        assert not Deed.objects.exists()

    def test_nobody_elses(self, kari: Visitor, ten: MailUser) -> None:
        press(kari, "trash", [5])
        (deed,) = Deed.objects.all()
        other = Visitor()
        other.sign_in(ten)
        assert other.post(f"/done/{deed.pk}/undo/").status == 404
        assert "Nothing yet" in other.get("/done/").text


class TestChangedMeanwhile:
    def test_messages_that_are_gone(self, kari: Visitor, ten: MailUser) -> None:
        listed = kari.list()
        with selected(ten, "INBOX") as client:
            client.store("1:3", "+FLAGS", "(\\Deleted)")
            client.expunge()
        answer = kari.post("/mark/INBOX/", **fields(listed), uid=["1", "2", "3"], do="trash")
        assert "not there any more" in kari.follow(answer).text
        answer = kari.post("/mark/INBOX/", **fields(listed), uid=["3", "4"], do="trash")
        assert "1 message moved to Trash" in kari.follow(answer).text
        assert ids(ten, "Trash") == id_of(4)

    def test_one_of_several_is_gone(self, kari: Visitor, ten: MailUser) -> None:
        """Dovecot refuses to move any of them then."""
        listed = kari.list()
        with selected(ten, "INBOX") as client:
            client.store("2,5", "+FLAGS", "(\\Deleted)")
            client.expunge()
        answer = kari.post(
            "/mark/INBOX/", **fields(listed), uid=[str(uid) for uid in range(1, 7)], do="archive"
        )
        page = kari.follow(answer)
        assert "4 messages archived" in page.text
        assert "2 were not there any more" in page.text
        assert ids(ten, "Archive") == id_of(1, 3, 4, 6)
        with selected(ten, "Archive") as client:
            client.store("1", "+FLAGS", "(\\Deleted)")
            client.expunge()
        back = undo(kari, page)
        assert "Taken back: 3 messages" in back.text
        assert "1 could not be found again" in back.text
        assert ids(ten, "INBOX") == id_of(3, 4, 6, 7, 8, 9, 10)

    def test_a_folder_that_is_gone(self, kari: Visitor, ten: MailUser) -> None:
        with ten.imap() as client:
            client.create("Gone")
        kari.list()
        press(kari, "move", [1])
        with ten.imap() as client:
            client.delete("Gone")
        page = press(kari, "move", [1], to="Gone")
        assert "is not there any more. Nothing was moved" in page.text
        assert len(ids(ten, "INBOX")) == 10

    def test_another_uid_validity(self, kari: Visitor, ten: MailUser) -> None:
        listed = fields(kari.list())
        listed["uid_validity"] = str(int(listed["uid_validity"]) + 1)
        answer = kari.post("/mark/INBOX/", **listed, uid=["1"], do="trash")
        assert "renumbered" in kari.follow(answer).text
        assert len(ids(ten, "INBOX")) == 10


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\0b"])
@pytest.mark.parametrize("field", ["to", "label", "uid", "do"])
def test_nothing_slips_into_a_command(kari: Visitor, ten: MailUser, field: str, bad: str) -> None:
    before = contents(ten, "INBOX")
    asked: dict[str, Any] = {
        "uid": "1",
        "do": {"to": "move", "label": "label"}.get(field, "trash"),
        field: bad,
    }
    answer = kari.post("/mark/INBOX/", **fields(kari.list()), **asked)
    assert answer.status == 400
    assert contents(ten, "INBOX") == before


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\0b"])
def test_nothing_slips_into_a_label(kari: Visitor, bad: str) -> None:
    assert kari.post("/preferences/labels/", do="add", name=bad, colour="red").status == 400


class TestAllThatTheListShows:
    def all_of(self, visitor: Visitor, do: str, **more: str) -> Answer:
        listed = visitor.list()
        chosen = {**fields(listed), "all": "1", "last": "120"} | more
        answer = visitor.post("/mark/INBOX/", **chosen, do=do)
        return visitor.follow(answer) if answer.status == 302 else answer

    @pytest.fixture
    def many(self, kari: Visitor, mail_user: MailUser) -> MailUser:
        mail_user.bulk("INBOX", letters(120))
        return mail_user

    def test_every_page_of_a_folder(self, kari: Visitor, many: MailUser) -> None:
        listed = kari.list()
        assert listed.tree.xpath("//form[@id='messages']//input[@name='last']/@value") == ["120"]
        assert "Select all 120 in this view" in listed.text
        page = self.all_of(kari, "archive")
        assert "120 messages archived" in page.text
        assert len(ids(many, "Archive")) == 120
        undo(kari, page)
        assert len(ids(many, "INBOX")) == 120

    def test_what_came_after_the_person_looked_is_not_meant(self, kari: Visitor, many: MailUser) -> None:
        many.deliver("INBOX", letters(1, start=121)[0])
        assert "120 messages moved to Trash" in self.all_of(kari, "trash").text
        assert ids(many, "INBOX") == id_of(121)

    def test_only_what_matches(self, kari: Visitor, many: MailUser) -> None:
        with selected(many, "INBOX") as client:
            client.store("1:30", "+FLAGS", "(\\Seen)")
        page = self.all_of(kari, "archive", view="q=subject%3A%22Letter+1%22&only=unread")
        # Letters 100 to 120; 1 and 10 to 19 are read.
        assert "21 messages archived" in page.text
        assert ids(many, "Archive") == id_of(*range(100, 121))

    @pytest.mark.parametrize(
        "view", ["q=before%3Anever", "only=nonsense", "sort=nonsense", "q=" + "a" * 20_000]
    )
    def test_not_a_view(self, kari: Visitor, many: MailUser, view: str) -> None:
        assert self.all_of(kari, "trash", view=view).status == 400
        assert len(ids(many, "INBOX")) == 120

    def test_for_ever_is_asked_with_their_number(self, kari: Visitor, many: MailUser) -> None:
        asked = self.all_of(kari, "forever")
        assert "Delete 120 messages for ever?" in asked.text
        sent = {
            name: asked.tree.xpath(f"//form[@class='filing-form']//input[@name='{name}']/@value")[0]
            for name in ("uid_validity", "all", "last", "do")
        }
        many.deliver("INBOX", letters(1, start=121)[0])
        kari.post("/mark/INBOX/", **sent, sure="1")
        assert ids(many, "INBOX") == id_of(121)
