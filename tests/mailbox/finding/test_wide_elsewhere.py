"""Views of several folders on servers that know less, Courier and the demo's, and on one that hangs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.imap.scripted import GREETING, Scripted
from tests.mailbox.letters import letter
from webmail.accounts.access import Access, holder_of
from webmail.accounts.models import Person
from webmail.demo.people import ACCOUNTS
from webmail.demo.server import MailServer
from webmail.mailbox import finding
from webmail.mailbox.view import View

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def access_to(settings, db, pool):
    """`access_to(url, name, password)`"""

    def made(url, name, password):
        settings.IMAP_URL = url
        person = Person.objects.create(username=name)
        return Access(person, holder_of(person, login=name, password=password))

    return made


def everything(access, text, **more):
    view = View("INBOX", text=text, **more)
    page = finding.list_view(access=access, view=view)
    while not page.found.done:
        page = finding.list_view(access=access, view=view)
    return page


@pytest.mark.parametrize("text", ["hei", "subject:blåbær", "subject:blåbær -has:attachment"])
def test_courier(courier, access_to, text):
    user = courier.user()
    folders = ("INBOX", "INBOX.Sent", "INBOX.Blåbær & sånt", "INBOX.Trash")
    for number in range(12):
        user.deliver(
            folders[number % 4],
            letter(subject=f"=?utf-8?q?Bl=C3=A5b=C3=A6r_{number}?="),
            date=BEGIN + timedelta(days=number),
        )
    access = access_to(courier.url, user.name, user.password)
    page = everything(access, text, scope="all")
    assert [row.subject for row in page.rows] == [
        f"Blåbær {number}" for number in (10, 9, 8, 6, 5, 4, 2, 1, 0)
    ]
    assert (page.total, page.found.left_out) == (9, ())
    assert everything(access, text, scope="everywhere").total == 12
    assert everything(access, text, scope="subtree").total == 12


def test_the_demo(access_to):
    account = ACCOUNTS[0]
    with MailServer() as server:
        access = access_to(server.imap_url, account.address, account.password)
        within = [
            (folder.name, uid)
            for folder in finding.list_view(access=access, view=View("INBOX")).folders
            if folder.role not in {"trash", "junk"} and folder.total
            for uid in [
                row.uid for row in finding.list_view(access=access, view=View(folder.name), size=1000).rows
            ]
        ]
        page = finding.list_view(access=access, view=View("INBOX", scope="all"), size=1000)
        assert sorted((row.folder, row.uid) for row in page.rows) == sorted(within)
        one = everything(access, "from:ola OR subject:møte", scope="all")
        assert one.rows
        assert one.found.left_out == ()
        assert everything(access, "has:attachment", scope="all").rows


def test_a_folder_that_hangs_is_named_and_the_rest_is_shown(settings, access_to):
    """Whatever is asked of it together with others."""
    selected = {}

    def select(asked):
        selected[id(asked.conversation)] = asked.wire
        asked.ok(b"* 1 EXISTS", b"* OK [UIDVALIDITY 7] ok", b"* OK [UIDNEXT 2] ok")

    def search(asked):
        if b"Slow" not in selected[id(asked.conversation)]:
            asked.ok(b"* SEARCH 1")

    message = b'* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 INTERNALDATE "01-Jan-2026 12:00:00 +0000")'
    listed = [b'* LIST () "/" INBOX', b'* LIST () "/" Slow', b'* LIST () "/" Other']
    script = {"LIST": listed, "SELECT": select, "UID SEARCH": search, "UID FETCH": [message]}
    settings.IMAP_TIMEOUT = 0.3
    with Scripted(GREETING, script) as server:
        page = everything(access_to(server.url, "alice", "secret"), "hei", scope="all")
        assert {row.folder for row in page.rows} == {"INBOX", "Other"}
        assert [folder.name for folder in page.found.left_out] == ["Slow"]
        assert page.total == 2
