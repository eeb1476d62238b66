"""Many commands in one write, and what servers say unasked."""

from __future__ import annotations

import pytest

from tests.imap.scripted import Asked, Scripted, connect
from webmail.imap.commands import (
    append,
    body,
    criteria,
    enable,
    fetch,
    list_mailboxes,
    noop,
    search,
    select,
    status,
    store,
    uid_expunge,
)
from webmail.imap.errors import (
    BadError,
    EncodeError,
    NoError,
)
from webmail.imap.server import Limits


def test_one_write_for_many_commands() -> None:
    with Scripted() as server:
        connection = connect(server)
        before = server.reads
        connection.run(noop(), noop(), noop(), noop(), noop())
        assert server.names == ["NOOP"] * 5
        assert server.reads == before + 1


def test_answers_out_of_order() -> None:
    held: list[Asked] = []

    def later(asked: Asked) -> None:
        held.append(asked)
        if len(held) == 3:
            for one in reversed(held):
                name = one.wire.split()[2]
                one.ok(b"* STATUS " + name + b" (MESSAGES %d)" % len(name))

    with Scripted(table={"STATUS": later}) as server:
        results = connect(server).run(status("a"), status("bb"), status("ccc"))
        assert [one.messages for one in results] == [3, 4, 5]


def test_each_answer_goes_to_who_asked() -> None:
    """All of them come before the first tagged answer, as a server may."""
    held: list[Asked] = []

    def hold(asked: Asked) -> None:
        held.append(asked)
        if len(held) == 3:
            asked.answer(b"* STATUS a (MESSAGES 1)", b'* LIST () "/" a', b"* SEARCH 5")
            for one in held:
                one.ok()

    with Scripted(table={"LIST": hold, "STATUS": hold, "UID SEARCH": hold}) as server:
        listed, counts, found = connect(server).run(list_mailboxes(), status("a"), search(criteria.ALL))
        assert [one.status for one in listed] == [None]
        assert counts.messages == 1
        assert found.numbers == (5,)


def test_errors_in_their_places() -> None:
    with Scripted(table={"STATUS": lambda asked: asked.no(b"[NONEXISTENT] gone")}) as server:
        connection = connect(server)
        first, second, third = connection.gather(noop(), status("a"), noop())
        assert first is None
        assert third is None
        assert isinstance(second, NoError)
        assert (second.code, second.text) == ("NONEXISTENT", "gone")
        with pytest.raises(NoError):
            connection.run(noop(), status("a"), noop())
        connection.run(noop())


def test_bad() -> None:
    with Scripted(table={"NOOP": Asked.bad}) as server:
        connection = connect(server)
        with pytest.raises(BadError):
            connection.run(noop())
        assert not connection.closed


def test_what_cannot_be_encoded_is_not_sent() -> None:
    with Scripted() as server:
        connection = connect(server)
        with pytest.raises(EncodeError):
            connection.run(noop(), select("a\r\nb"))
        connection.run(noop())
        assert server.names == ["NOOP"]


def test_literals_are_invited_inside_a_pipeline() -> None:
    with Scripted(
        b"* OK [CAPABILITY IMAP4rev1] hi", {"STATUS": [b"* STATUS {3}\r\nr\xc3\xb8 (MESSAGES 3)"]}
    ) as server:
        connection = connect(server)
        connection.run(noop(), status(b"r\xc3\xb8"), append("Sent", b"message"), noop())
        assert server.names == ["NOOP", "STATUS", "APPEND", "NOOP"]
        assert server.asked[2].wire.endswith(b"{7}\r\nmessage")


def test_a_refused_literal_is_not_sent() -> None:
    with Scripted(b"* OK [CAPABILITY IMAP4rev1] hi", refuse_literals=["APPEND"]) as server:
        connection = connect(server)
        before, refused, after = connection.gather(noop(), append("Sent", b"message"), noop())
        assert isinstance(refused, NoError)
        assert refused.code == "TOOBIG"
        assert (before, after) == (None, None)
        assert server.names == ["NOOP", "NOOP"]


def test_what_changes_messages_waits_for_its_mailbox() -> None:
    """SELECT fails with BAD: the former mailbox may still be selected, and must not be touched."""
    with Scripted(table={"SELECT": Asked.bad}) as server:
        connection = connect(server)
        opened, stored, after = connection.gather(select("a"), store(1, "add", [r"\Deleted"]), noop())
        assert isinstance(opened, BadError)
        assert isinstance(stored, NoError)
        assert after is None
        assert server.names == ["SELECT", "NOOP"]
        with pytest.raises(BadError):
            connection.run(select("a"), uid_expunge([1]))
        assert "UID EXPUNGE" not in server.names


def test_a_megabyte_each_way_at_once() -> None:
    """The server fills its side before it reads ours: whoever only writes would wait for ever."""

    def flood(asked: Asked) -> None:
        for _ in range(64):
            asked.answer(b"* 1 FETCH (UID 1 BODY[] {65536}\r\n" + b"x" * 65536 + b")")
        asked.ok()

    with Scripted(table={"UID FETCH": flood}) as server:
        connection = connect(server, limits=Limits(memory=1 << 30))
        found, _ = connection.run(fetch(1, [body()]), append("Sent", b"y" * (8 << 20)))
        assert found[0].sections[""] == b"x" * 65536
        assert len(server.asked[1].wire) > 8 << 20


def test_untagged_surprises() -> None:
    def surprise(asked: Asked) -> None:
        asked.ok(
            b"* OK Still here",
            b"* 7 EXISTS",
            b"* 3 EXPUNGE",
            b"* 3 EXPUNGE",
            b"* 1 RECENT",
            b"* X-STRANGE {3}\r\n\r\n)",
            b"* FLAGS (\\Seen new)",
            b"* 2 FETCH (FLAGS (\\Seen) UID 20)",
            b"* OK [UIDNEXT 99] x",
            b"nonsense",
            b"* OK [ALERT] The server goes down at 5 <b>o'clock</b>",
            b"* BAD what?",
            b"+ idling",
            b"",
            b"*",
        )

    table = {"SELECT": [b"* 5 EXISTS", b"* OK [UIDVALIDITY 9] x"], "NOOP": surprise}
    with Scripted(table=table) as server:
        connection = connect(server)
        connection.run(select("INBOX"))
        assert not connection.take_changes()
        connection.run(noop())
        state = connection.selected
        assert state is not None
        assert (state.exists, state.uid_next, state.uid_validity) == (5, 99, 9)
        assert state.flags == {"\\Seen", "new"}
        changes = connection.take_changes()
        assert changes.exists
        assert changes.expunged == (3, 3)
        assert [one.uid for one in changes.fetched] == [20]
        assert not connection.take_changes()
        assert connection.take_alerts() == ["The server goes down at 5 <b>o'clock</b>"]
        assert connection.take_alerts() == []


def test_vanished() -> None:
    table = {"SELECT": [b"* 5 EXISTS"], "NOOP": [b"* VANISHED 3,5:6"]}
    with Scripted(table=table) as server:
        connection = connect(server)
        connection.run(select("INBOX"))
        connection.run(noop())
        assert connection.take_changes().vanished == (3, 5, 6)
        assert connection.selected is not None
        assert connection.selected.exists == 2
        server.table["NOOP"] = [b"* VANISHED 1:4294967295"]
        connection.run(noop())
        assert connection.take_changes().lost


def test_changes_are_bounded() -> None:
    table = {"SELECT": [b"* 50000 EXISTS"], "NOOP": [b"* 1 EXPUNGE\r\n" * 20_000 + b"* OK phew"]}
    with Scripted(table=table) as server:
        connection = connect(server)
        connection.run(select("INBOX"))
        connection.run(noop())
        changes = connection.take_changes()
        assert changes.lost
        assert len(changes.expunged) == 10_000
        assert connection.selected is not None
        assert connection.selected.exists == 30_000


def test_capabilities_change_whenever_the_server_says_so() -> None:
    with Scripted(table={"NOOP": [b"* CAPABILITY IMAP4rev1 move"]}) as server:
        connection = connect(server)
        connection.run(noop())
        assert connection.capabilities == {"IMAP4REV1", "MOVE"}
        connection.distrust("move")
        assert not connection.has("MOVE")


def test_utf8_accept() -> None:
    table = {"ENABLE": [b"* ENABLED UTF8=ACCEPT"], "LIST": [b'* LIST () "/" "' + "R&D-ø".encode() + b'"']}
    with Scripted(table=table) as server:
        connection = connect(server)
        connection.run(enable("UTF8=ACCEPT"))
        (listed,), _, _ = connection.run(
            list_mailboxes(), select("Sø&n"), search(criteria.text("SUBJECT", "ø"))
        )
        assert listed.name == "R&D-ø"
        assert server.asked[2].wire.endswith('SELECT "Sø&n"'.encode())
        assert server.asked[3].wire.endswith('UID SEARCH SUBJECT "ø"'.encode())
