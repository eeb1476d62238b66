"""The program's own IMAP client reads the demo: nothing of it is broken, and every part has the size announced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from webmail.demo.server import MailServer
from webmail.imap.commands import BODYSTRUCTURE, ENVELOPE, FLAGS, INTERNAL_DATE, SIZE, body, examine, fetch
from webmail.imap.connection import Connection
from webmail.imap.operations.mailboxes import is_selectable, list_with_status
from webmail.imap.server import Password, Server
from webmail.imap.types import BodyPart


@pytest.fixture(params=[0, 1])
def connection(server: MailServer, request: pytest.FixtureRequest) -> Iterator[Connection]:
    account = server.accounts[request.param]
    opened = Connection.open(Server.parse(server.imap_url))
    opened.login(Password(account.address, account.password))
    yield opened
    opened.close()


def leaves(part: BodyPart) -> Iterator[BodyPart]:
    if not part.children:
        yield part
    for child in part.children:
        yield from leaves(child)


def test_all_of_it(connection: Connection) -> None:
    for mailbox in list_with_status(connection):
        if not is_selectable(mailbox):
            continue
        (selected,) = connection.run(examine(mailbox.name))
        assert mailbox.status is not None
        assert mailbox.status.messages == selected.exists
        (found,) = connection.run(fetch("1:*", [FLAGS, INTERNAL_DATE, SIZE, ENVELOPE, BODYSTRUCTURE]))
        assert len(found) == selected.exists
        for message in found:
            assert message.broken == ()
            assert message.structure is not None
            assert message.size is not None
            if message.size > 300_000:
                continue
            parts = list(leaves(message.structure))
            (answer,) = connection.run(fetch(message.uid, [body(part.section) for part in parts]))
            for part in parts:
                assert len(answer[0].sections[part.section] or b"") == part.size, (
                    message.envelope,
                    part.section,
                )
