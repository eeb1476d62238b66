"""How each command puts its result together, whatever order and shape the answers have."""

from __future__ import annotations

import pytest

from tests.imap.scripted import Answer, Asked, Scripted, connect
from webmail.imap import commands
from webmail.imap.commands import BODYSTRUCTURE, ENVELOPE, FLAGS, SIZE, body, criteria
from webmail.imap.commands.fetch import Members
from webmail.imap.errors import NoError
from webmail.imap.types import AppendUid, CopyUid, SearchResult, Selected, Status, Thread


def answered(name: str, answer: Answer, *run: commands.Command[object]) -> object:
    with Scripted(table={name: answer}) as server:
        (result,) = connect(server).run(*run)
        return result


def with_code(code: bytes, *lines: bytes) -> Answer:
    return lambda asked: asked.ok(*lines, code=code)


# FETCH


def test_fetch_puts_together_what_comes_in_pieces() -> None:
    lines = [
        b"* 3 FETCH (UID 30 RFC822.SIZE 5)",
        b"* 9 FETCH (FLAGS (\\Seen))",
        b"* 3 FETCH (FLAGS (\\Seen))",
        b'* 4 FETCH (FLAGS () UID 40 RFC822.SIZE 6 BODY[1] "x")',
        b"* 3 FETCH (UID 30 BODY[1] {2}\r\nhi)",
        b"* 4 FETCH (FLAGS (\\Flagged))",
        b"* 7 FETCH (UID 70 FLAGS (\\Draft))",
    ]
    with Scripted(table={"SELECT": [b"* 9 EXISTS"], "UID FETCH": lines}) as server:
        connection = connect(server)
        connection.run(commands.select("x"))
        ((one, two),) = connection.run(commands.fetch([30, 40], [FLAGS, SIZE, body("1")]))
        assert (one.uid, one.flags, one.size, one.sections) == (30, {"\\Seen"}, 5, {"1": b"hi"})
        assert (two.uid, two.flags, two.size, two.sections) == (40, {"\\Flagged"}, 6, {"1": b"x"})
        assert [(change.seq, change.uid) for change in connection.take_changes().fetched] == [
            (9, None),
            (7, 70),
        ]


def test_fetch_knows_that_an_expunge_renumbers() -> None:
    lines = [
        b"* 3 FETCH (UID 30 FLAGS ())",
        b"* 2 EXPUNGE",
        b"* 3 FETCH (UID 40 FLAGS ())",
        b"* 2 FETCH (UID 30 RFC822.SIZE 5)",
    ]
    with Scripted(table={"SELECT": [b"* 9 EXISTS"], "UID FETCH": lines}) as server:
        connection = connect(server)
        connection.run(commands.select("x"))
        (found,) = connection.run(commands.fetch("30,40", [FLAGS, SIZE]))
        assert [(one.uid, one.seq, one.size) for one in found] == [(30, 2, 5), (40, 3, None)]
        assert connection.take_changes().expunged == (2,)


def test_fetch_by_number() -> None:
    lines = [b"* 2 FETCH (FLAGS ())", b"* 5 FETCH (FLAGS ())", b"* 3 FETCH (FLAGS (\\Seen) UID 8)"]
    found = answered("FETCH", lines, commands.fetch("2:3", [FLAGS], uid=False))
    assert [(one.seq, one.uid) for one in found] == [(2, None), (3, 8)]


def test_fetch_omits_and_adds() -> None:
    lines = [
        b"* 1 FETCH (UID 1)",
        b"* 2 FETCH (UID 2 X-ODD (a (b)) FLAGS (\\Seen) ENVELOPE NIL BODYSTRUCTURE ())",
    ]
    first, second = answered("UID FETCH", lines, commands.fetch("1:2", [ENVELOPE, BODYSTRUCTURE]))
    assert first.envelope is None
    assert second.flags == {"\\Seen"}


def test_fetch_keeps_what_came_before_a_no() -> None:
    def answer(asked: Asked) -> None:
        asked.answer(b"* 1 FETCH (UID 1 RFC822.SIZE 5)")
        asked.no(b"some of the messages could not be read")

    (one,) = answered("UID FETCH", answer, commands.fetch("1:2", [SIZE]))
    assert one.size == 5
    with pytest.raises(NoError):
        answered("UID FETCH", Asked.no, commands.fetch("1:2", [SIZE]))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1:3,7", [1, 3, 7], [4, 8]),
        ("3:1", [1, 2], [4]),
        ("5:*", [5, 4_000_000_000], [4]),
        ("*:5", [5, 9], [4]),
        ("*", [1, 9], []),
        ("1,*", [1, 9], []),
        ("$", [4], []),
        ("10:20,1:15", [1, 15, 20], [21]),
    ],
)
def test_membership(text: str, inside: list[int], outside: list[int]) -> None:
    members = Members.of(text)
    assert all(number in members for number in inside)
    assert not any(number in members for number in outside)


# SELECT


def test_select_takes_everything() -> None:
    lines = [
        b"* FLAGS (\\Seen \\Answered x)", b"* 23 EXISTS", b"* 2 RECENT", b"* OK [UNSEEN 12] first unseen",
        b"* OK [UIDVALIDITY 42] ok", b"* OK [UIDNEXT 100] ok", b"* OK [HIGHESTMODSEQ 7] ok",
        b"* OK [PERMANENTFLAGS (\\Seen \\*)] ok", b"* OK [MAILBOXID (F1)] ok", b"* VANISHED (EARLIER) 1:3",
        b"* 5 FETCH (UID 9 FLAGS (\\Seen) MODSEQ (6))",
    ]  # fmt: skip
    selected = answered("SELECT", with_code(b"READ-ONLY", *lines), commands.select("INBOX"))
    assert isinstance(selected, Selected)
    assert (selected.exists, selected.uid_validity, selected.uid_next, selected.highest_modseq) == (
        23,
        42,
        100,
        7,
    )
    assert (selected.unseen, selected.read_only, selected.vanished) == (12, True, "1:3")
    assert selected.permanent_flags == {"\\Seen", "\\*"}
    assert [one.uid for one in selected.changed] == [9]


def test_select_of_a_server_that_tells_little() -> None:
    selected = answered(
        "SELECT", [b"* OK [UIDNEXT 0] x", b"* OK [UIDVALIDITY nonsense] x"], commands.select("x")
    )
    assert isinstance(selected, Selected)
    assert (selected.exists, selected.uid_validity, selected.uid_next) == (0, 0, None)
    assert selected.permanent_flags is None
    assert not selected.read_only


def test_selecting_another_mailbox_leaves_the_news_of_the_former_behind() -> None:
    lines = [b"* 4 EXPUNGE", b"* 90 EXISTS", b"* OK [CLOSED] x", b"* 7 EXISTS"]
    with Scripted(table={"SELECT": [b"* 9 EXISTS"]}) as server:
        connection = connect(server)
        connection.run(commands.select("a"))
        server.table["SELECT"] = lines
        connection.run(commands.select("b"), commands.noop())
        assert connection.selected is not None
        assert (connection.selected.name, connection.selected.exists) == ("b", 7)
        assert not connection.take_changes()
        assert connection.selected.holds("b")
        assert connection.selected.holds(b"b")
        assert not connection.selected.holds("B")


def test_uid_next_keeps_up() -> None:
    table = {"SELECT": [b"* 9 EXISTS", b"* OK [UIDNEXT 10] x"], "UID FETCH": [b"* 9 FETCH (UID 15 FLAGS ())"]}
    with Scripted(table=table) as server:
        connection = connect(server)
        connection.run(commands.select("a"), commands.fetch("10:*", [FLAGS]))
        assert connection.selected is not None
        assert connection.selected.uid_next == 16


# Mailboxes


def test_list_with_status_in_any_order_and_spelling() -> None:
    lines = [
        b'* LIST (\\HasNoChildren \\Sent) "/" Sent',
        b"* STATUS Sent (MESSAGES 3 UNSEEN 1)",
        b'* STATUS "a b" (MESSAGES 4)',
        b'* LIST () "/" {3}\r\na b',
        b"* LIST (\\Noselect) NIL &AOU-",
        b'* LIST () "/" Sent',
    ]
    listed = answered("LIST", lines, commands.list_mailboxes(special_use=True, status_items=["MESSAGES"]))
    assert [(one.name, one.delimiter, one.status and one.status.messages) for one in listed] == [
        ("Sent", "/", 3),
        ("a b", "/", 4),
        ("å", None, None),
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b'* STATUS "inbox" (MESSAGES 3)', Status(messages=3)),
        (b"* STATUS {5}\r\nINBOX (MESSAGES 3 UIDNEXT 0)", Status(messages=3, uid_next=0)),
        (b"* STATUS other (MESSAGES 3)", Status()),
        (b"* STATUS INBOX", Status()),
        (b"* STATUS INBOX ()", Status()),
    ],
)
def test_status(line: bytes, wanted: Status) -> None:
    status = answered("STATUS", [line], commands.status("INBOX"))
    assert isinstance(status, Status)
    assert status.messages == wanted.messages


# What codes tell


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (b"COPYUID 7 1:2,5 9:11", CopyUid(7, (1, 2, 5), (9, 10, 11))),
        (b"copyuid 7 1 9", CopyUid(7, (1,), (9,))),
        (b"COPYUID 7 1:2 9", None),
        (b"COPYUID 7 1:4294967295 1:4294967295", None),
        (b"COPYUID x 1 9", None),
        (b"COPYUID", None),
        (b"OTHER", None),
    ],
)
def test_copy_uid(code: bytes, wanted: CopyUid | None) -> None:
    assert answered("UID COPY", with_code(code), commands.copy([1, 2], "x")) == wanted
    lines = [b"* OK [" + code + b"] moved", b"* 1 EXPUNGE"]
    assert answered("UID MOVE", lines, commands.move([1, 2], "x")) == wanted


@pytest.mark.parametrize(
    ("code", "wanted"),
    [(b"APPENDUID 7 9", AppendUid(7, 9)), (b"APPENDUID 7", None), (b"APPENDUID a b", None), (b"X", None)],
)
def test_append_uid(code: bytes, wanted: AppendUid | None) -> None:
    assert answered("APPEND", with_code(code), commands.append("x", b"y")) == wanted


def test_store() -> None:
    lines = [b"* 1 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (9))", b"* 2 FETCH (FLAGS (\\Draft))"]
    stored = answered(
        "UID STORE", with_code(b"MODIFIED 7,9", *lines), commands.store("5:9", "add", ["\\Seen"])
    )
    assert isinstance(stored, commands.Stored)
    assert [one.uid for one in stored.fetched] == [5]
    assert stored.modified == (7, 9)


# Searching


def test_search_over_several_lines() -> None:
    lines = [b"* SEARCH 1 2", b"* SEARCH", b"* SEARCH 3 (MODSEQ 9)"]
    assert answered("UID SEARCH", lines, commands.search(criteria.ALL)) == SearchResult((1, 2, 3), modseq=9)
    assert answered("UID SEARCH", [], commands.search(criteria.ALL)) == SearchResult()


def test_esearch_goes_by_its_tag() -> None:
    held: list[Asked] = []

    def later(asked: Asked) -> None:
        held.append(asked)
        if len(held) == 2:
            for n in (1, 0):
                asked.answer(b'* ESEARCH (TAG "%s") UID COUNT %d ALL 5:%d' % (held[n].tag, n + 1, n + 5))
            for one in held:
                one.ok()

    with Scripted(table={"UID SEARCH": later}) as server:
        first, second = connect(server).run(
            commands.search(criteria.SEEN, return_=["ALL", "COUNT"]),
            commands.search(criteria.UNSEEN, return_=["ALL", "COUNT"]),
        )
        assert (first.count, first.numbers) == (1, (5,))
        assert (second.count, second.numbers) == (2, (5, 6))


def test_sort_keeps_the_order() -> None:
    assert answered("UID SORT", [b"* SORT 5 3 4"], commands.sort(["DATE"], criteria.ALL)) == SearchResult(
        (5, 3, 4)
    )


def test_thread() -> None:
    threads = answered("UID THREAD", [b"* THREAD (1 2)(3)"], commands.thread("REFERENCES", criteria.ALL))
    assert threads == (Thread(1, (Thread(2),)), Thread(3))


@pytest.mark.parametrize(
    ("command", "repeatable"),
    [
        (commands.noop(), True),
        (commands.select("x"), True),
        (commands.fetch(1, [FLAGS]), True),
        (commands.store(1, "add", ["x"]), True),
        (commands.search(criteria.ALL), True),
        (commands.list_mailboxes(), True),
        (commands.append("x", b"y"), False),
        (commands.copy(1, "x"), False),
        (commands.move(1, "x"), False),
        (commands.uid_expunge(1), False),
        (commands.expunge(), False),
        (commands.close(), False),
        (commands.create("x"), False),
        (commands.rename("x", "y"), False),
        (commands.delete("x"), False),
    ],
    ids=repr,
)
def test_what_may_be_sent_again(command: commands.Command[object], repeatable: bool) -> None:
    assert command.repeatable == repeatable


def test_a_command_may_be_run_again() -> None:
    command = commands.search(criteria.ALL)
    with Scripted(table={"UID SEARCH": [b"* SEARCH 1 2"]}) as server:
        for _ in range(2):
            assert connect(server).run(command)[0].numbers == (1, 2)


# ACL


def test_rights_are_the_letters_that_the_server_tells() -> None:
    assert answered("MYRIGHTS", [b'* MYRIGHTS "a b" lrs'], commands.my_rights("a b")) == "lrs"
    assert answered("MYRIGHTS", [], commands.my_rights("a")) == ""
    acl = [b'* ACL INBOX "kari nes" lrs ola lrswipkxtea']
    assert answered("GETACL", acl, commands.get_acl("INBOX")) == {"kari nes": "lrs", "ola": "lrswipkxtea"}
