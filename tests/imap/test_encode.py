"""Whatever goes in, the wire stays one command, and says what went in."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.commands import (
    FLAGS,
    append,
    body,
    create,
    criteria,
    fetch,
    header_fields,
    id_,
    list_mailboxes,
    search,
    select,
    sort,
    status,
    store,
)
from webmail.imap.encode import Body, Dialect, Text, date_time, encode
from webmail.imap.errors import EncodeError
from webmail.imap.sets import parse_set
from webmail.imap.utf7 import decode as utf7_decode

SYNC = Dialect()
PLUS = Dialect(2**63 - 1)
MINUS = Dialect(4096)
UTF8 = Dialect(2**63 - 1, utf8=True)
TOKEN = re.compile(
    rb'"((?:[^"\\\r\n\x00]|\\["\\])*)"|\{(\d+)(\+?)\}\r\n|([()])|([^\s"(){}]+(?:\[[^\]]*\])?[^\s"(){}]*)'
)


def wire(command, dialect=PLUS) -> bytes:
    return flat(command.encode("A1", dialect))


def flat(segments) -> bytes:
    return b"".join(
        piece if isinstance(piece, bytes) else b"".join(piece.chunks())
        for one in segments
        for piece in one.pieces
    )


def strings(raw: bytes) -> list[bytes]:
    """A strict reader of commands, of its own making: all strings in one command that ends where it should."""
    found, at = [], raw.index(b" ")
    while raw[at:] != b"\r\n":
        if raw[at : at + 1] == b" ":
            at += 1
        token = TOKEN.match(raw, at)
        assert token, raw[at:]
        at = token.end()
        if token[2] is not None:
            found.append(raw[at : at + int(token[2])])
            assert len(found[-1]) == int(token[2])
            at += int(token[2])
        elif token[1] is not None:
            found.append(re.sub(rb"\\(.)", rb"\1", token[1]))
    return found


@given(
    st.lists(st.one_of(st.text(), st.binary()), min_size=1, max_size=4),
    st.sampled_from([SYNC, PLUS, MINUS, UTF8]),
)
def test_a_text_arrives_as_it_was_or_not_at_all(values, dialect) -> None:
    octets = []
    for value in values:
        try:
            octets.append(value if isinstance(value, bytes) else value.encode())
        except UnicodeEncodeError:
            octets.append(b"\r")
    words = tuple(Text(value) for value in values)
    if any(set(value) & set(b"\r\n\x00") for value in octets):
        with pytest.raises(EncodeError):
            encode(b"A1", words, dialect)
    else:
        assert strings(flat(encode(b"A1", words, dialect))) == octets


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\x00"), max_size=40))
def test_a_mailbox_name_arrives_in_modified_utf7(name) -> None:
    (arrived,) = strings(wire(create(name)))
    assert arrived.isascii()
    assert utf7_decode(arrived) == name
    (arrived,) = strings(wire(create(name), UTF8))
    assert arrived.decode() == name


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_no_command_can_be_smuggled_in(one, two, three) -> None:
    """Every way in for text that a person types."""
    makers = [
        lambda: create(one),
        lambda: search(criteria.text("SUBJECT", one) & ~criteria.header(two, three)),
        lambda: store("1", "add", [one]),
        lambda: id_({one: two}),
        lambda: fetch("1:*", [header_fields(one)]),
        lambda: fetch(one, [FLAGS]),
        lambda: list_mailboxes(one, [two, three]),
        lambda: append(one, b"x", flags=[two]),
        lambda: status(one, [two]),
    ]
    for maker in makers:
        try:
            raw = wire(maker(), SYNC)
        except EncodeError:
            continue
        strings(raw)


@pytest.mark.parametrize("bad", ["a\rb", "a\nb", "a\r\nA2 DELETE INBOX", "a\0b", "\ud800"])
@pytest.mark.parametrize(
    "maker",
    [
        create,
        lambda name: select(name),
        lambda name: search(criteria.text("BODY", name)),
        lambda name: id_({"name": name}),
    ],
    ids=["mailbox", "select", "search", "id"],
)
def test_line_ends_are_refused(maker, bad) -> None:
    with pytest.raises(EncodeError):
        wire(maker(bad))


def test_raw_names_go_back_as_they_came() -> None:
    assert wire(select(b"Entw&APw-rfe")) == b'A1 SELECT "Entw&APw-rfe"\r\n'
    assert wire(select(b'a"b\\c')) == b'A1 SELECT "a\\"b\\\\c"\r\n'
    assert wire(select("Entwürfe & mehr")) == b'A1 SELECT "Entw&APw-rfe &- mehr"\r\n'
    assert wire(select(b"R\xe5")) == b"A1 SELECT {2+}\r\nR\xe5\r\n"


@pytest.mark.parametrize(
    "name", ["NIL", "*", "%", "&", "(", '"', "\\", "{3}", "{3+}", "", " ", "a b", "]", "INBOX"]
)
def test_odd_names_are_quoted(name) -> None:
    (arrived,) = strings(wire(select(name)))
    assert utf7_decode(arrived) == name


def test_sync_literals_wait_and_others_do_not() -> None:
    long, short = "ø" * 4000, "ø"
    assert [one.wait for one in encode(b"A", (Text(long), Text(short)), SYNC)] == [True, True, False]
    assert [one.wait for one in encode(b"A", (Text(long), Text(short)), MINUS)] == [True, False]
    assert [one.wait for one in encode(b"A", (Text(long), Text(short)), PLUS)] == [False]
    first, *_ = encode(b"A", (Text("ø"),), SYNC)
    assert first.pieces == (b"A {2}\r\n",)


@pytest.mark.parametrize("literal", [b"(", b" ", b"", b"x"])
def test_what_follows_a_literal_is_set_apart(literal) -> None:
    raw = flat(encode(b"A", (Body(literal, len(literal)), Text("b")), PLUS))
    assert raw == b'A {%d+}\r\n%s "b"\r\n' % (len(literal), literal)


def test_a_file_is_read_in_pieces_and_has_to_keep_its_word() -> None:
    command = append("Sent", io.BytesIO(b"x" * 200_000), size=150_000, flags=[r"\Seen"])
    raw = wire(command)
    assert raw.startswith(b'A1 APPEND "Sent" (\\Seen) {150000+}\r\nxxx')
    assert len(raw) == len(b'A1 APPEND "Sent" (\\Seen) {150000+}\r\n') + 150_000 + 2
    with pytest.raises(EncodeError):
        wire(append("Sent", io.BytesIO(b"short"), size=10))
    with pytest.raises(EncodeError):
        append("Sent", b"")


def test_dates() -> None:
    zone = timezone(-timedelta(hours=3, minutes=30))
    assert date_time(datetime(2026, 2, 1, 5, 4, 3, tzinfo=zone)).wire == b'" 1-Feb-2026 05:04:03 -0330"'
    with pytest.raises(EncodeError):
        date_time(datetime(2026, 2, 1))  # noqa: DTZ001 - that is the point
    assert wire(search(criteria.since(date(2026, 2, 1)))) == b"A1 UID SEARCH SINCE 1-Feb-2026\r\n"


@given(st.sets(st.integers(1, 5000), min_size=1))
def test_sets_hold_what_they_should(numbers) -> None:
    raw = wire(fetch(numbers, [FLAGS]))
    found = re.fullmatch(rb"A1 UID FETCH (\S+) \(UID FLAGS\)\r\n", raw)
    assert found
    assert set(parse_set(found[1].decode())) == numbers


@pytest.mark.parametrize(
    "numbers",
    ["", "0", "1,", "1:", "a", "1 2", "1:2:3", "4294967296", "-1", "1\r\n", [], [0], [2**32], 0, range(0)],
)
def test_impossible_sets_are_refused(numbers) -> None:
    with pytest.raises(EncodeError):
        fetch(numbers, [FLAGS])


@pytest.mark.parametrize("numbers", ["1", "1:*", "*", "*:1", "1,3:5,7:*", "$", 7, range(1, 6), (5, 1, 2)])
def test_sets_of_every_kind(numbers) -> None:
    assert wire(fetch(numbers, [FLAGS]))


@pytest.mark.parametrize("section", ["", "1", "1.2.3", "HEADER", "1.MIME", "2.HEADER", "TEXT", "2.text"])
def test_sections(section) -> None:
    assert wire(fetch(1, [body(section, partial=(0, 10))])) == (
        b"A1 UID FETCH 1 (UID BODY.PEEK[%s]<0.10>)\r\n" % section.upper().encode()
    )


@pytest.mark.parametrize("section", ["1]", "1\r\n", "FOO", "1.", ".1", "HEADER.FIELDS", "a b", "1" * 20, "١"])
def test_impossible_sections_are_refused(section) -> None:
    with pytest.raises(EncodeError):
        body(section)


def test_header_fields() -> None:
    asked = header_fields("List-Id", "References")
    assert (
        wire(fetch(1, [asked])) == b"A1 UID FETCH 1 (UID BODY.PEEK[HEADER.FIELDS (LIST-ID REFERENCES)])\r\n"
    )
    with pytest.raises(EncodeError):
        header_fields("a)] FLAGS (")


def test_search_keys() -> None:
    key = (
        (criteria.text("FROM", "a b") | ~criteria.SEEN) & criteria.keyword("$Forwarded") & criteria.larger(10)
    )
    assert wire(search(key)) == b'A1 UID SEARCH OR FROM "a b" NOT SEEN KEYWORD $Forwarded LARGER 10\r\n'
    both = criteria.SEEN & criteria.FLAGGED
    assert wire(search(~both | both)) == b"A1 UID SEARCH OR NOT (SEEN FLAGGED) (SEEN FLAGGED)\r\n"
    assert (
        wire(search(criteria.text("TEXT", "å"))) == b"A1 UID SEARCH CHARSET UTF-8 TEXT {2+}\r\n\xc3\xa5\r\n"
    )
    assert wire(search(criteria.text("TEXT", "å"), charset="ISO-8859-1")).endswith(b"TEXT {1+}\r\n\xe5\r\n")
    assert wire(search(criteria.text("TEXT", "å"), charset="")) == b"A1 UID SEARCH TEXT {2+}\r\n\xc3\xa5\r\n"
    assert wire(search(criteria.text("TEXT", "å")), UTF8) == 'A1 UID SEARCH TEXT "å"\r\n'.encode()
    with pytest.raises(EncodeError):
        search(criteria.text("TEXT", "日"), charset="ISO-8859-1")


def test_return_options() -> None:
    assert wire(search(criteria.ALL, return_=[], partial=(-1, -50))) == (
        b"A1 UID SEARCH RETURN (PARTIAL -1:-50) ALL\r\n"
    )
    assert wire(sort(["REVERSE DATE"], criteria.ALL, return_=["COUNT"], partial=(1, 50))) == (
        b"A1 UID SORT RETURN (COUNT PARTIAL 1:50) (REVERSE DATE) UTF-8 ALL\r\n"
    )
    for window in [(0, 5), (-1, 5)]:
        with pytest.raises(EncodeError):
            search(criteria.ALL, partial=window)
    with pytest.raises(EncodeError):
        sort([], criteria.ALL)


def test_list() -> None:
    assert wire(list_mailboxes()) == b'A1 LIST "" "*"\r\n'
    assert wire(list_mailboxes("", "%", special_use=True, status_items=["MESSAGES"])) == (
        b'A1 LIST "" "%" RETURN (SPECIAL-USE STATUS (MESSAGES))\r\n'
    )
    assert (
        wire(list_mailboxes("", ["a", "b"], only_subscribed=True)) == b'A1 LIST (SUBSCRIBED) "" ("a" "b")\r\n'
    )


def test_long_names_are_literals() -> None:
    assert strings(wire(create("y" * 3000))) == [b"y" * 3000]
