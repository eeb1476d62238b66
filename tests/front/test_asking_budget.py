"""What a message asks costs no round trip of its own: its fields come along with what is shown anyway."""

from __future__ import annotations

from typing import Any

import pytest

from tests.front.visitor import Visitor
from tests.servers.dovecot import MailUser
from tests.servers.tap import Tap
from tests.web.asking.messages import invitation, plain
from tests.web.asking.test_invitations import EVENT
from tests.web.asking.test_reports import FAILED, report
from webmail.accounts import connections

NEWS = plain(
    "Authentication-Results: mx.fjord.example; dkim=pass header.d=fjord.example; dmarc=pass",
    "List-Unsubscribe: <https://list.example/u>",
    "Disposition-Notification-To: solveig@fjord.example",
)
LETTERS = {
    "news": (NEWS, 3),
    "plain": (plain(), 2),
    "invitation": (invitation(*EVENT), 3),
    "report": (report("Reporting-MTA: dns; x", FAILED), 2),
}


@pytest.fixture
def listed(tap: Tap, visitor: Visitor, mail_user: MailUser, settings: Any):
    settings.IMAP_URL = tap.url
    settings.TRUSTED_AUTH_HOSTS = ["mx.fjord.example"]
    # A neighbour on each side, or the next one would be fetched ahead.
    for octets, _ in LETTERS.values():
        for each in (plain(), octets, plain()):
            mail_user.deliver("INBOX", each)
    visitor.sign_in(mail_user)
    yield visitor.list().rows[::-1][1::3]
    connections.close_pool()


def test_one_round_trip(
    tap: Tap, visitor: Visitor, listed: list[str], django_assert_max_num_queries: Any
) -> None:
    visitor.get(listed[0])
    for address, (name, (_, queries)) in zip(listed, LETTERS.items(), strict=True):
        tap.settle()
        mark = tap.mark()
        with django_assert_max_num_queries(queries):
            page = visitor.client.get(address)
            assert page.status_code == 200
        tap.settle()
        moved = tap.since(mark)
        # The second, after the answer, marks it as read and fetches its neighbours.
        assert moved.round_trips <= 2, name
        assert moved.connections == 0
        assert moved.down < 6_000, name
