"""What goes wrong between a click and its answer: told plainly, nothing wrong filed, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.front.test_filing import contents, fields, id_of, ids, letters, press, selected, undo
from tests.front.visitor import Visitor
from tests.servers.dovecot import Dovecot, MailUser
from tests.servers.tap import Tap
from webmail.imap.commands.copy import Copy
from webmail.imap.selected import SelectedState
from webmail.imap.session import Session
from webmail.imap.types import Selected
from webmail.mailbox.filing import working


@pytest.fixture
def ten(kari: Visitor, mail_user: MailUser) -> MailUser:
    mail_user.bulk("INBOX", letters(10))
    return mail_user


def test_the_folder_was_deleted_meanwhile(kari: Visitor, ten: MailUser) -> None:
    ten.bulk("Prosjekt", letters(3, start=20))
    listed = kari.list("Prosjekt")
    with ten.imap() as client:
        client.delete("Prosjekt")
    answer = kari.post("/mark/Prosjekt/", **fields(listed), uid=["1"], do="trash")
    assert answer.status == 404
    assert "folder" in answer.text
    assert ids(ten, "INBOX") == id_of(*range(1, 11))
    assert ids(ten, "Trash") == set()


def test_the_folder_was_made_anew_meanwhile(kari: Visitor, ten: MailUser) -> None:
    ten.bulk("Prosjekt", letters(3, start=20))
    listed = kari.list("Prosjekt")
    with ten.imap() as client:
        client.delete("Prosjekt")
    kari.list()
    ten.bulk("Prosjekt", letters(3, start=30))
    answer = kari.post("/mark/Prosjekt/", **fields(listed), uid=["1"], do="trash")
    assert "renumbered" in kari.follow(answer).text
    assert ids(ten, "Prosjekt") == id_of(30, 31, 32)


def test_undo_where_the_former_folder_is_gone(kari: Visitor, ten: MailUser) -> None:
    ten.bulk("Prosjekt", letters(3, start=20))
    page = press(kari, "trash", [1, 2], folder="Prosjekt")
    with ten.imap() as client:
        client.delete("Prosjekt")
    back = undo(kari, page)
    assert "is not there any more" in back.text
    assert ids(ten, "Trash") == id_of(20, 21)


class TestNoRoom:
    @pytest.fixture
    def full(
        self, dovecot_with: Callable[..., Dovecot], visitor: Visitor, settings: Any
    ) -> tuple[Visitor, MailUser]:
        server = dovecot_with(quota=True)
        settings.IMAP_URL = server.url
        user = server.user(quota=60)
        user.bulk("INBOX", [one + b"x" * 16_000 + b"\r\n" for one in letters(3)])
        assert visitor.sign_in(user).status == 302
        return visitor, user

    def test_copy(self, full: tuple[Visitor, MailUser]) -> None:
        visitor, user = full
        with user.imap() as client:
            client.create("Kopiar")
        before = contents(user, "INBOX")
        page = press(visitor, "copy", [1, 2, 3], to="Kopiar")
        assert "There is no room left in your mailbox. Nothing was lost" in page.text
        assert ids(user, "Kopiar") == set()
        assert contents(user, "INBOX") == before

    def test_moving_needs_none(self, full: tuple[Visitor, MailUser]) -> None:
        visitor, user = full
        page = press(visitor, "trash", [1, 2])
        assert "2 messages moved to Trash" in page.text
        assert ids(user, "INBOX") == id_of(3)


def test_the_connection_is_lost_in_the_middle(
    visitor: Visitor, tap: Tap, mail_user: MailUser, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMAP_URL = tap.url
    monkeypatch.setattr(working, "BATCH", 10)
    mail_user.bulk("INBOX", letters(100))
    visitor.sign_in(mail_user)
    listed = visitor.list()
    tap.settle()
    # Some three of the ten answers come through.
    tap.cut_after(3_000)
    page = visitor.follow(visitor.post("/mark/INBOX/", **fields(listed), all="1", last="100", do="archive"))
    (resume,) = page.tree.xpath("//form[contains(@action, '/resume/')]/@action")
    assert "The connection to the mail server was lost" in page.text
    assert "left, as far as the mail server told" in page.text
    assert ids(mail_user, "INBOX") | ids(mail_user, "Archive") == id_of(*range(1, 101))
    page = visitor.follow(visitor.post(resume, next="/folder/INBOX/"))
    assert "messages archived" in page.text
    assert ids(mail_user, "Archive") == id_of(*range(1, 101))
    undo(visitor, page)
    # Of what was under way when it broke, nobody was told where it went: at most one batch.
    assert len(ids(mail_user, "INBOX")) >= 90
    assert ids(mail_user, "INBOX") | ids(mail_user, "Archive") == id_of(*range(1, 101))


def test_a_server_that_does_not_say_where_they_went(
    kari: Visitor, ten: MailUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """UIDPLUS, but a folder whose UIDs do not stay (UIDNOTSTICKY): no COPYUID."""
    monkeypatch.setattr(Copy, "_take", lambda self, code: False)
    page = press(kari, "archive", [1, 2])
    assert "2 messages archived" in page.text
    assert "does not say where they went" in page.text
    assert not page.tree.xpath("//form[contains(@action, '/undo/')]")
    assert ids(ten, "Archive") == id_of(1, 2)


def test_labels_are_hidden_where_the_server_keeps_none(
    kari: Visitor, ten: MailUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = SelectedState.of

    def system_flags_only(selected: Selected, wire: bytes) -> SelectedState:
        state = known(selected, wire)
        state.permanent_flags = frozenset({"\\Seen", "\\Flagged", "\\Deleted"})
        return state

    label = "//button[@name='do'][@value='label']"
    assert kari.list().tree.xpath(label)
    monkeypatch.setattr(SelectedState, "of", system_flags_only)
    kari.list("Archive")
    listed = kari.list()
    assert not listed.tree.xpath(label)
    assert not kari.get(listed.rows[0]).tree.xpath(label)
    refused = press(kari, "label", [1], label="reise")
    assert "keeps no labels" in refused.text
    assert contents(ten, "INBOX")[b"<1@fjord.example>"] == frozenset()


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "nonsense"},
        {"do": ""},
        {"uid_validity": "x"},
        {"uid": "1:4294967295"},
        {"uid": "*"},
        {"uid": ["1"] * 2000},
        {"last": "-1", "all": "1"},
        {"page": "one"},
        {"do": "label", "label": "not a keyword"},
        {"do": "label", "label": "\\Deleted"},
        {"do": "move", "to": "x" * 2000},
    ],
)
def test_bad_input_changes_nothing(kari: Visitor, ten: MailUser, wrong: dict[str, Any]) -> None:
    before = contents(ten, "INBOX")
    asked: dict[str, Any] = {**fields(kari.list()), "uid": "1", "do": "trash"}
    assert kari.post("/mark/INBOX/", **(asked | wrong)).status == 400
    assert contents(ten, "INBOX") == before


def test_what_others_marked_stays_without_uidplus(
    kari: Visitor, ten: MailUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = Session.has
    lacking = {"UIDPLUS", "MOVE"}
    monkeypatch.setattr(Session, "has", lambda self, name: name not in lacking and has(self, name))
    with selected(ten, "INBOX") as client:
        client.store("9", "+FLAGS", "(\\Deleted)")
    page = press(kari, "forever", [1], sure="1")
    assert "marked as deleted there" in page.text
    assert ids(ten, "INBOX") == id_of(*range(1, 11))
    page = press(kari, "trash", [2])
    assert ids(ten, "Trash") == id_of(2)
    assert b"<9@fjord.example>" in ids(ten, "INBOX")
