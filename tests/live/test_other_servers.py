"""Streams in front of servers that tell less: Courier (no NOTIFY), and the demo's own."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.listening import Browser, Listener
from tests.servers.courier import Courier
from tests.servers.ports import LOOPBACK
from tests.servers.program import Program
from webmail.demo.server import MailServer

LETTER = b"Subject: hello\r\n\r\nhello\r\n"


@pytest.fixture(scope="module")
def behind_courier(courier: Courier) -> Iterator[Program]:
    with Program(imap_url=courier.url) as program:
        yield program


def told_of(page: Listener, folder: str) -> dict[str, Any]:
    while True:
        for change in page.changes():
            if change["folder"] == folder:
                return change


def test_courier_tells_of_the_inbox(courier: Courier, behind_courier: Program) -> None:
    user = courier.user()
    page = Browser.signed_in(behind_courier, user.name, user.password).listen().settled()
    with user.imap() as phone:
        phone.append("INBOX", "", "", LETTER)
    assert told_of(page, "INBOX")["new"] == 1
    page.close()


def test_what_is_changed_here_is_told_where_courier_does_not(
    courier: Courier, behind_courier: Program
) -> None:
    user = courier.user()
    with user.imap() as phone:
        phone.create("INBOX.Arbeid")
    user.deliver("Arbeid", LETTER)
    browser = Browser.signed_in(behind_courier, user.name, user.password)
    other = Browser.signed_in(behind_courier, user.name, user.password)
    page = other.listen().settled()
    _, body = browser.ask("GET /folder/INBOX.Arbeid/")
    validity = body.split(b'name="uid_validity" value="')[1].split(b'"')[0].decode()
    assert browser.post("/mark/INBOX.Arbeid/", uid_validity=validity, uid="1", do="seen") == 302
    assert told_of(page, "INBOX.Arbeid")["unread"] == 0
    page.close()


def test_the_demo_tells() -> None:
    with MailServer() as mail, Program(imap_url=mail.imap_url) as program:
        account = mail.accounts[0]
        page = Browser.signed_in(program, account.address, account.password).listen().settled()
        with imaplib.IMAP4(LOOPBACK, mail.imap_port) as phone:
            phone.login(account.address, account.password)
            phone.append("INBOX", "", "", LETTER)
            assert told_of(page, "INBOX")["new"] == 1
        page.close()
