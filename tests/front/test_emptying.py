"""The trash and the junk folder emptied, all of it or by age, and nothing more than what was asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.front.odd import letter
from tests.front.visitor import Answer, Visitor, squeezed
from tests.servers.courier import Courier
from tests.servers.dovecot import MailUser

ASK = "/folders/empty/Trash/"
NOW = datetime.now(UTC)


def fields_of(asked: Answer) -> dict[str, str]:
    return {
        name: str(asked.tree.xpath(f"//main//input[@name='{name}']/@value")[0])
        for name in ("uid_validity", "last_uid")
    }


def choices_of(asked: Answer) -> dict[str, str]:
    return {
        str(label.xpath("./input/@value")[0]): squeezed(label.xpath("./span")[1].text_content())
        for label in asked.tree.xpath("//fieldset[@class='ages']/label")
    }


@pytest.fixture
def trash(mail_user: MailUser) -> MailUser:
    for days in (0, 1, 29, 40, 100, 400):
        mail_user.deliver("Trash", letter(b"%d days" % days), date=NOW - timedelta(days=days))
    return mail_user


def test_it_asks_with_how_many(kari: Visitor, trash: MailUser) -> None:
    assert choices_of(kari.get(ASK)) == {
        "": "6 messages",
        "30": "3 messages",
        "90": "2 messages",
        "365": "1 message",
    }


def test_by_age(kari: Visitor, trash: MailUser) -> None:
    asked = kari.get(ASK)
    answer = kari.post(ASK, older="30", **fields_of(asked))
    assert answer.location == "/folder/Trash/"
    assert len(kari.follow(answer).rows) == 3


def test_everything_but_what_came_since(kari: Visitor, trash: MailUser) -> None:
    fields = fields_of(kari.get(ASK))
    trash.deliver("Trash", letter(b"just now"))
    page = kari.follow(kari.post(ASK, older="", **fields))
    assert len(page.rows) == 1
    assert "just now" in page.text


def test_an_empty_one_says_so(kari: Visitor) -> None:
    asked = kari.get(ASK)
    assert "There is nothing in it." in asked.text
    assert asked.tree.xpath("//main//form//button[contains(@class, 'danger')]") == []


def test_no_other_folder(kari: Visitor, mail_user: MailUser) -> None:
    mail_user.deliver("INBOX", letter(b"stays"))
    assert kari.get("/folders/empty/INBOX/").location == "/folders/one/INBOX/"
    for folder in ("INBOX", "Sent"):
        kari.post(f"/folders/empty/{folder}/", older="", uid_validity="1", last_uid="9")
    assert len(kari.list().rows) == 1


@pytest.mark.parametrize(
    "fields", [{"older": "7"}, {"older": "x"}, {"uid_validity": "x"}, {"last_uid": "-1"}, {"last_uid": ""}]
)
def test_bad_input(kari: Visitor, trash: MailUser, fields: dict[str, str]) -> None:
    sent = {"older": "", **fields_of(kari.get(ASK))} | fields
    assert kari.post(ASK, **sent).status == 400
    assert len(kari.list("Trash").rows) == 6


def test_a_folder_that_was_made_anew_is_not_emptied(kari: Visitor, trash: MailUser) -> None:
    sent = {"older": ""} | fields_of(kari.get(ASK)) | {"uid_validity": "1"}
    kari.post(ASK, **sent)
    assert len(kari.list("Trash").rows) == 6


def test_on_courier(courier: Courier, settings: Any, db: None, pool: None) -> None:
    user = courier.user()
    user.bulk("INBOX.Trash", (letter(b"number %d" % number) for number in range(3)))
    settings.IMAP_URL = courier.url
    visitor = Visitor()
    visitor.sign_in(user)
    address = "/folders/empty/INBOX.Trash/"
    done = visitor.follow(visitor.post(address, older="", **fields_of(visitor.get(address))))
    assert done.rows == []
