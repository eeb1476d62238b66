"""What a search through all folders costs beside twenty thousand letters."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.servers.mailboxes import fill
from webmail.imap.holder import Room
from webmail.mailbox import finding
from webmail.mailbox.finding import survey
from webmail.mailbox.view import View

pytestmark = pytest.mark.slow
LARGE = 20_000


@pytest.fixture
def large(tapped):
    access, tap, user = tapped
    fill(user, "INBOX", LARGE)
    for number in range(5):
        fill(user, f"Folder {number}", 200, seed=number + 2)
    with user.imap() as client:
        # Dovecot's own index of the mailbox is made once, by whoever comes first.
        client.select("INBOX")
        client.fetch("1:*", "(UID FLAGS RFC822.SIZE)")
    return access, tap


def found(access, text, page=1):
    return finding.list_view(access=access, view=View("INBOX", text=text, scope="all"), page=page)


def test_the_first_hits_of_a_body_search_come_from_the_newest_messages(large, monkeypatch):
    """One connection: the order is that of the folders."""
    access, tap = large
    access = replace(access, holder=replace(access.holder, room=Room(connections=1)))
    monkeypatch.setattr(survey, "SOON", 0.0)
    mark = tap.mark()
    page = found(access, "body:meeting")
    while not page.rows:
        page = found(access, "body:meeting")
    searched = [line for line in tap.since(mark).commands if "SEARCH" in line and " UID " in line]
    low, high = map(int, re.findall(r"UID (\d+):(\d+)", searched[0])[0])
    assert high == LARGE
    assert high - low <= LARGE / 10


def test_what_is_moved_is_bounded(large):
    access, tap = large
    mark = tap.mark()
    page = found(access, "is:read")
    while not page.found.done:
        page = found(access, "is:read")
    assert page.total > LARGE / 2
    assert tap.since(mark).down < 400_000
    mark = tap.mark()
    found(access, "is:read", page=2)
    traffic = tap.since(mark)
    assert traffic.round_trips == 1
    assert traffic.down < 60_000
