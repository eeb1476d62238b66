"""Every extension absent, and every extension offered and refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.imap.scripted import Answer, Asked, Scripted, connect
from webmail.imap import operations
from webmail.imap.commands import FLAGS, PREVIEW, criteria
from webmail.imap.connection import Connection
from webmail.imap.errors import BadError, CommandError, NoError
from webmail.imap.operations import Moved, SortedPage
from webmail.imap.types import CopyUid


@contextmanager
def offering(capabilities: str, table: Mapping[str, Answer]) -> Iterator[tuple[Scripted, Connection]]:
    greeting = f"* OK [CAPABILITY IMAP4rev1 LITERAL+ {capabilities}] hi".encode()
    with Scripted(greeting, table) as server:
        yield server, connect(server)


def refusing(marker: bytes, answer: Answer, refuse: Answer = Asked.bad) -> Answer:
    """Refuses the command where it holds this."""

    def choose(asked: Asked) -> None:
        chosen = refuse if marker in asked.wire else answer
        chosen(asked) if callable(chosen) else asked.ok(*chosen)

    return choose


def status_of(asked: Asked) -> None:
    name = asked.wire.split(b" ")[2]
    if name == b'"broken"':
        asked.no()
    else:
        asked.ok(b"* STATUS " + name + b" (MESSAGES 3 UNSEEN 1)")


LISTED = [
    b'* LIST (\\Noselect) "/" top',
    b'* LIST (\\Sent) "/" Sent',
    b'* LIST () "/" broken',
    b'* LIST () "/" inbox',
]


@pytest.mark.parametrize(
    ("capabilities", "table", "names"),
    [
        ("", {"LIST": LISTED}, ["LIST"]),
        ("SPECIAL-USE", {"LIST": LISTED}, ["LIST"]),
        ("SPECIAL-USE LIST-EXTENDED", {"LIST": LISTED}, ["LIST"]),
        ("SPECIAL-USE LIST-EXTENDED", {"LIST": refusing(b"RETURN", LISTED)}, ["LIST", "LIST"]),
        ("SPECIAL-USE LIST-EXTENDED", {"LIST": refusing(b"RETURN", LISTED, Asked.no)}, ["LIST", "LIST"]),
        ("LIST-STATUS", {"LIST": refusing(b"STATUS", LISTED)}, ["LIST", "LIST"]),
        ("LIST-STATUS SPECIAL-USE LIST-EXTENDED", {"LIST": refusing(b"RETURN", LISTED)}, ["LIST"] * 3),
        ("LIST-STATUS", {"LIST": LISTED}, ["LIST"]),
    ],
)
def test_list_with_status(capabilities: str, table: dict[str, Answer], names: list[str]) -> None:
    with offering(capabilities, {**table, "STATUS": status_of}) as (server, connection):
        for _ in range(2):
            listed = {one.name: one for one in operations.list_with_status(connection)}
            assert list(listed) == ["top", "Sent", "broken", "INBOX"] or list(listed)[:3] == [
                "top",
                "Sent",
                "broken",
            ]
            assert [one.status.messages if one.status else None for one in listed.values()] == [
                None,
                3,
                None,
                3,
            ]
        assert server.names == [*names, *["STATUS"] * 3, "LIST", *["STATUS"] * 3]
        first = server.names.index("STATUS")
        assert b"inbox" in server.asked[first].wire.lower()


def test_list_status_in_one_round_trip() -> None:
    lines = [line for one in LISTED for line in (one, b"* STATUS " + one.split()[-1] + b" (MESSAGES 2)")]
    with offering("LIST-STATUS SPECIAL-USE", {"LIST": lines}) as (server, connection):
        listed = operations.list_with_status(connection)
        assert [one.status and one.status.messages for one in listed] == [2, 2, 2, 2]
        assert server.names == ["LIST"]


def test_status_items_that_a_server_does_not_know() -> None:
    table = {"LIST": [b'* LIST () "/" a'], "STATUS": refusing(b"UIDVALIDITY", status_of)}
    with offering("", table) as (_, connection):
        inbox, one = operations.list_with_status(connection)
        assert (inbox.name, one.name) == ("INBOX", "a")
        assert inbox.status is not None
        assert inbox.status.unseen == 1


def test_status_is_bounded() -> None:
    many = [b'* LIST () "/" m%d' % n for n in range(1000)]
    with offering("", {"LIST": many, "STATUS": status_of}) as (server, connection):
        listed = operations.list_with_status(connection)
        assert len(listed) == 1001
        assert server.names.count("STATUS") == 300


@pytest.mark.parametrize(
    ("capabilities", "table", "wanted"),
    [
        ("NAMESPACE", {"NAMESPACE": [b'* NAMESPACE (("INBOX." ".")) NIL NIL']}, ("INBOX.", ".")),
        ("NAMESPACE", {"NAMESPACE": [b"* NAMESPACE NIL NIL NIL"]}, ("", "\\")),
        ("NAMESPACE", {"NAMESPACE": []}, ("", "\\")),
        ("NAMESPACE", {"NAMESPACE": Asked.no}, ("", "\\")),
        ("NAMESPACE", {"NAMESPACE": Asked.bad}, ("", "\\")),
        ("", {}, ("", "\\")),
    ],
)
def test_namespace(capabilities: str, table: dict[str, Answer], wanted: tuple[str, str]) -> None:
    with offering(capabilities, {"LIST": [b'* LIST (\\Noselect) "\\\\" ""'], **table}) as (_, connection):
        assert operations.namespace(connection).personal[0] == wanted


def test_namespace_of_a_server_that_says_nothing() -> None:
    with offering("", {"LIST": [b'* LIST (\\Noselect) NIL ""']}) as (server, connection):
        assert operations.namespace(connection).personal == (("", None),)
        server.table["LIST"] = []
        assert operations.namespace(connection).personal == (("", None),)


COPIED: Answer = lambda asked: asked.ok(code=b"COPYUID 7 1:2 8:9")  # noqa: E731


@pytest.mark.parametrize(
    ("capabilities", "table", "moved", "names"),
    [
        ("MOVE", {"UID MOVE": COPIED}, True, ["UID MOVE"]),
        ("UIDPLUS", {}, True, ["UID COPY", "UID STORE", "UID EXPUNGE"]),
        ("MOVE UIDPLUS", {"UID MOVE": Asked.bad}, True, ["UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"]),
        ("MOVE UIDPLUS", {"UID MOVE": Asked.no}, True, ["UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"]),
        ("", {"UID SEARCH": [b"* SEARCH 1 2"]}, True, ["UID COPY", "UID STORE", "UID SEARCH", "EXPUNGE"]),
        ("", {"UID SEARCH": [b"* SEARCH 1 2 77"]}, False, ["UID COPY", "UID STORE", "UID SEARCH"]),
        (
            "UIDPLUS",
            {"UID EXPUNGE": Asked.bad, "UID SEARCH": [b"* SEARCH 1 2 77"]},
            False,
            ["UID COPY", "UID STORE", "UID EXPUNGE", "UID SEARCH"],
        ),
    ],
)
def test_move(capabilities: str, table: dict[str, Answer], moved: bool, names: list[str]) -> None:
    with offering(capabilities, {"UID COPY": COPIED, **table}) as (server, connection):
        told = operations.move(connection, [1, 2], "Trash")
        assert told == Moved(CopyUid(7, (1, 2), (8, 9)), expunged=moved)
        assert server.names == names


@pytest.mark.parametrize("code", ["TRYCREATE", "OVERQUOTA", "NOPERM"])
def test_a_move_that_is_refused_for_a_reason_is_refused(code: str) -> None:
    table = {"UID MOVE": lambda asked: asked.no(f"[{code}] no".encode())}
    with offering("MOVE UIDPLUS", table) as (server, connection):
        with pytest.raises(NoError) as refused:
            operations.move(connection, [1], "x")
        assert refused.value.code == code
        assert server.names == ["UID MOVE"]


def test_nothing_is_marked_before_it_was_copied() -> None:
    with offering("UIDPLUS", {"UID COPY": Asked.no}) as (server, connection):
        with pytest.raises(NoError):
            operations.move(connection, [1], "x")
        assert server.names == ["UID COPY"]


def test_marks_that_are_refused_stop_it() -> None:
    with offering("", {"UID STORE": Asked.no}) as (server, connection):
        with pytest.raises(NoError):
            operations.delete_for_ever(connection, [1])
        assert "EXPUNGE" not in server.names


def test_many_messages_go_in_lines_that_servers_take() -> None:
    uids = range(1, 20_000, 2)
    with offering("UIDPLUS", {}) as (server, connection):
        assert operations.copy(connection, uids, "x") is None
        assert operations.delete_for_ever(connection, uids)
        assert max(len(asked.wire) for asked in server.asked) < 8192
        wires = [asked.wire.split(b" ")[3] for asked in server.asked if asked.name == "UID COPY"]
        assert [int(uid) for uid in b",".join(wires).split(b",")] == list(uids)
    with offering("MOVE", {"UID MOVE": refusing(b" 1,", COPIED)}) as (_, connection):
        assert operations.batches([3, 1, 2]) == ["1:3"]


@pytest.mark.parametrize(
    ("capabilities", "answer"),
    [
        ("", [b"* SEARCH 5 7"]),
        ("ESEARCH", [b'* ESEARCH (TAG "A1") UID ALL 5,7']),
        ("ESEARCH", refusing(b"RETURN", [b"* SEARCH 5 7"])),
        ("ESEARCH", [b"* SEARCH 5 7"]),
    ],
)
def test_search(capabilities: str, answer: Answer) -> None:
    with offering(capabilities, {"UID SEARCH": answer}) as (_, connection):
        found = operations.search(connection, criteria.UNSEEN)
        assert (found.numbers, found.count) == ((5, 7), 2)


def test_search_with_nothing_found() -> None:
    with offering("ESEARCH", {"UID SEARCH": [b'* ESEARCH (TAG "A1") UID']}) as (_, connection):
        assert operations.search(connection, criteria.UNSEEN).numbers == ()


BADCHARSET: Answer = lambda asked: asked.no(b"[BADCHARSET (US-ASCII)] no")  # noqa: E731


@pytest.mark.parametrize("refuse", [BADCHARSET, Asked.bad, Asked.no])
@pytest.mark.parametrize("capabilities", ["", "ESEARCH"])
def test_search_where_utf8_is_refused(capabilities: str, refuse: Answer) -> None:
    answer = refusing(b"CHARSET UTF-8", [b"* SEARCH 5"], refuse)
    with offering(capabilities, {"UID SEARCH": answer}) as (server, connection):
        assert operations.search(connection, criteria.text("SUBJECT", "blåbær")).numbers == (5,)
        assert server.asked[-1].wire.endswith("{6+}\r\nblåbær".encode("latin-1"))
        assert operations.search(connection, criteria.text("SUBJECT", "日本")).numbers == (5,)
        assert server.asked[-1].wire.endswith("UID SEARCH SUBJECT {6+}\r\n日本".encode()) or capabilities
    with offering(capabilities, {"UID SEARCH": refuse}) as (_, connection):
        with pytest.raises(CommandError):
            operations.search(connection, criteria.text("SUBJECT", "日本"))
        with pytest.raises(CommandError):
            operations.search(connection, criteria.text("SUBJECT", "x"))


@pytest.mark.parametrize(
    ("capabilities", "answer", "wanted"),
    [
        ("", [], None),
        ("SORT", [b"* SORT 9 8 7 6 5"], SortedPage((8, 7), 5)),
        ("SORT", Asked.no, None),
        ("SORT", Asked.bad, None),
        ("SORT ESORT", [b"* SORT 9 8 7 6 5"], SortedPage((8, 7), 5)),
        (
            "SORT ESORT CONTEXT=SORT",
            [b'* ESEARCH (TAG "A1") UID COUNT 5 PARTIAL (2:3 8,7)'],
            SortedPage((8, 7), 5),
        ),
        ("SORT ESORT CONTEXT=SEARCH", refusing(b"RETURN", [b"* SORT 9 8 7 6 5"]), SortedPage((8, 7), 5)),
        ("SORT ESORT CONTEXT=SORT", refusing(b"RETURN", [b"* SORT 9 8 7 6 5"], []), SortedPage((8, 7), 5)),
        ("SORT ESORT CONTEXT=SORT", [b'* ESEARCH (TAG "A1") UID COUNT 0'], SortedPage((), 0)),
        (
            "SORT ESORT CONTEXT=SORT",
            [b'* ESEARCH (TAG "A1") UID COUNT 1 PARTIAL (2:3 NIL)'],
            SortedPage((), 1),
        ),
    ],
)
def test_sort_page(capabilities: str, answer: Answer, wanted: SortedPage | None) -> None:
    with offering(capabilities, {"UID SORT": answer}) as (_, connection):
        assert operations.sort_page(connection, ["REVERSE DATE"], criteria.ALL, first=2, last=3) == wanted


@pytest.mark.parametrize("refuse", [Asked.bad, Asked.no])
def test_fetch_with_what_is_optional(refuse: Answer) -> None:
    table = {"UID FETCH": refusing(b"PREVIEW", [b"* 1 FETCH (UID 1 FLAGS ())"], refuse)}
    optional = [("PREVIEW", PREVIEW)]
    for capabilities, names in (("", ["UID FETCH"]), ("PREVIEW", ["UID FETCH"] * 2)):
        with offering(capabilities, table) as (server, connection):
            (one,) = operations.fetch(connection, 1, [FLAGS], optional=optional)
            assert one.flags == frozenset()
            assert server.names == names
            operations.fetch(connection, [1], [FLAGS], optional=optional)
            assert server.names == [*names, "UID FETCH"]


def test_a_fetch_that_is_refused_whatever_it_asks() -> None:
    with offering("PREVIEW", {"UID FETCH": Asked.bad}) as (_, connection), pytest.raises(BadError):
        operations.fetch(connection, 1, [FLAGS], optional=[("PREVIEW", PREVIEW)])
