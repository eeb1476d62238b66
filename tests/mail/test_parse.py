from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.header_block import first, parse_headers
from webmail.mail.parse import Limits, ParsedMessage, parse_message, slice_text
from webmail.mail.part import Part

HEAD = b"From: a@x\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
NESTED = (
    HEAD
    + b"Content-Type: multipart/mixed; boundary=A\r\n\r\npreamble\r\n--A\r\n\r\nfirst\r\n"
    + b"--A\r\nContent-Type: multipart/alternative; boundary=AB\r\n\r\n"
    + b"--AB\r\nContent-Type: text/plain\r\n\r\nplain\r\n--AB\r\nContent-Type: text/html\r\n\r\n<p>\r\n--AB--\r\n"
    + b"--A\r\nContent-Type: message/rfc822\r\n\r\nSubject: =?utf-8?q?J=C3=B8?=\r\n"
    + b"Content-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\n\r\ninner\r\n--C--\r\n"
    + b"\r\n--A\r\nContent-Type: message/rfc822\r\n\r\nSubject: single\r\n\r\nbody\r\n--A--\r\nepilogue\r\n"
)


def sections(message: ParsedMessage) -> list[tuple[str, str]]:
    return [(part.section, part.type) for part in message.root.walk()]


def test_numbers_parts_as_imap_does() -> None:
    message = parse_message(NESTED)
    assert sections(message) == [
        ("", "multipart/mixed"),
        ("1", "text/plain"),
        ("2", "multipart/alternative"),
        ("2.1", "text/plain"),
        ("2.2", "text/html"),
        ("3", "message/rfc822"),
        ("3", "multipart/mixed"),
        ("3.1", "text/plain"),
        ("4", "message/rfc822"),
        ("4.1", "text/plain"),
    ]
    assert message.body("1") == b"first"
    assert message.body("2.2") == b"<p>"
    assert message.body("3.1") == b"inner"
    assert message.body("4").startswith(b"Subject: single")
    assert message.body("4.1") == b"body"
    assert message.body("9") == b""
    assert first(message.messages["3"], "subject") == b"=?utf-8?q?J=C3=B8?="
    assert [part.subject for part in message.root.walk() if part.type == "message/rfc822"] == ["Jø", "single"]
    assert all(message.complete(part.section) for part in message.root.walk())


def test_a_single_part_is_number_one() -> None:
    message = parse_message(HEAD + b"\r\nhello")
    assert (message.root.section, message.root.type, message.body("1")) == ("1", "text/plain", b"hello")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Subject: s\nX: y\n\nbody", b"body"),
        (b"\xef\xbb\xbfSubject: s\r\n\r\nbody", b"body"),
        (b"From ann Mon Jul 6\nSubject: s\n\nbody", b"body"),
        (b">From a@x Mon\nSubject: s\n\nbody", b"body"),
        (b"Subject: s\rX: y\r\rbody", b"body"),
        (b"Subject: s\r\nno colon here\r\nX: y\r\n\r\nbody", b"body"),
        (b"Subject: s\r\nthe blank line is missing\r\nand more", b"the blank line is missing\r\nand more"),
        (b"Subject : s\r\n\r\nbody", b"body"),
        (b"Subject: s", b""),
        (b"", b""),
    ],
)
def test_finds_where_the_body_starts(raw: bytes, expected: bytes) -> None:
    message = parse_message(raw)
    assert message.body("1") == expected.replace(b"\r", b"\n" if b"\n" not in raw else b"\r")
    if raw:
        assert first(message.headers, "SUBJECT") == b"s"


def test_unfolds_fields() -> None:
    assert parse_headers(b"A: one\r\n two\r\n\tthree\r\nB:\r\n four\r\n\r\nC: no") == (
        ("A", b"one two\tthree"),
        ("B", b"four"),
    )


def test_header_limits() -> None:
    assert len(parse_headers(b"A: b\r\n" * 10_000)) == 2_000
    assert len(parse_headers(b"A: " + b"x" * 10_000_000)[0][1]) <= 262_144
    folded = parse_headers(b"A: b\r\n" + b" folded\r\n" * 1_000_000 + b"B: c\r\n\r\n")
    assert len(folded[0][1]) <= 262_144
    assert folded[1] == ("B", b"c")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"--B\r\n\r\none", [("", "multipart/mixed"), ("1", "text/plain")]),
        (b"--B--\r\n", [("", "multipart/mixed")]),
        (b"", [("", "multipart/mixed")]),
        (b"--B \t\r\n\r\none\r\n--B--", [("", "multipart/mixed"), ("1", "text/plain")]),
        (b"--Bx\r\n\r\nno\r\n--B\r\n\r\none", [("", "multipart/mixed"), ("1", "text/plain")]),
        (b"--B\r\n--B\r\n\r\ntwo", [("", "multipart/mixed"), ("1", "text/plain"), ("2", "text/plain")]),
        (b"--B\r\nContent-Type: text/html\r\n--B--", [("", "multipart/mixed"), ("1", "text/html")]),
        (b"--B\r\nContent-Type: nonsense\r\n\r\n", [("", "multipart/mixed"), ("1", "text/plain")]),
    ],
)
def test_odd_multiparts(body: bytes, expected: list[tuple[str, str]]) -> None:
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n" + body
    assert sections(parse_message(raw)) == expected


def test_a_parent_ends_its_children() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\nContent-Type: multipart/mixed; boundary=B\r\n"
    )
    raw += b"\r\n--B\r\n\r\nin\r\n--A\r\n\r\nout\r\n--A--\r\n"
    message = parse_message(raw)
    assert [section for section, _ in sections(message)] == ["", "1", "1.1", "2"]
    assert (message.body("1.1"), message.body("2")) == (b"in", b"out")


def test_a_boundary_without_its_parameter_is_text() -> None:
    message = parse_message(HEAD + b"Content-Type: multipart/mixed\r\n\r\n--B\r\n\r\nhello\r\n--B--")
    assert sections(message) == [("1", "multipart/mixed")]


def test_digest_parts_are_messages() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/digest; boundary=B\r\n\r\n--B\r\n\r\nSubject: a\r\n\r\nbody\r\n--B--\r\n"
    )
    assert sections(parse_message(raw)) == [
        ("", "multipart/digest"),
        ("1", "message/rfc822"),
        ("1.1", "text/plain"),
    ]


def test_says_what_is_cut() -> None:
    cut = NESTED[: NESTED.index(b"inner") + 3]
    message = parse_message(cut, complete=False)
    assert message.complete("2.2")
    assert not message.complete("3.1")
    assert not message.complete("")


def deep_multipart(depth: int) -> bytes:
    return b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )


def deep_messages(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth


def many_parts(count: int) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * count


@pytest.mark.parametrize(
    ("bomb", "size"),
    [(deep_multipart, 10_000), (deep_messages, 10_000), (many_parts, 100_000), (many_parts, 5_000_000)],
)
def test_bombs_end_with_what_could_be_read(bomb: type[bytes], size: int) -> None:
    message = parse_message(bomb(size))
    parts = list(message.root.walk())
    assert message.limited
    assert 50 < len(parts) <= Limits().parts + 1


@pytest.mark.parametrize("bomb", [deep_multipart, deep_messages, many_parts])
def test_is_linear(bomb: type[bytes]) -> None:
    assert is_linear(lambda n: parse_message(bomb(n), limits=Limits(depth=90, parts=50_000)), 2_500)


@pytest.mark.parametrize(
    "unit", [b"\n--", b"\n--B", b"\n--B--", b"\r", b"\n", b"--", b"A:\n", b" \n", b"\n--B\nA:"]
)
def test_is_linear_in_noise(unit: bytes) -> None:
    head = b"Content-Type: multipart/mixed; boundary=B\n"
    assert is_linear(lambda n: parse_message(head + unit * n), 5_000)


@given(st.lists(st.sampled_from(NESTED.splitlines(keepends=True)), max_size=40), st.booleans())
def test_never_raises_on_shuffled_lines(lines: list[bytes], complete: bool) -> None:
    message = parse_message(b"".join(lines), complete=complete)
    for part in message.root.walk():
        span = message.spans[part.section]
        assert 0 <= span.header <= span.start <= span.end <= len(message.raw)


@given(st.binary(max_size=400))
def test_never_raises(raw: bytes) -> None:
    parse_message(raw)
    parse_headers(raw)


TEXT = NESTED[NESTED.index(b"preamble") :]


def leaves(root: Part) -> list[Part]:
    return [part for part in root.walk() if not part.type.startswith("multipart/")]


def test_slices_a_whole_text() -> None:
    message = parse_message(NESTED)
    cut = slice_text(TEXT, message.root)
    assert cut == {part.section: (message.body(part.section), True) for part in leaves(message.root)}


def test_every_cut_gives_true_beginnings_only() -> None:
    message = parse_message(NESTED)
    for end in range(len(TEXT) + 1):
        for section, (data, complete) in slice_text(TEXT[:end], message.root).items():
            whole = message.body(section)
            assert whole.startswith(data)
            assert not complete or data == whole


def test_leaves_out_what_the_server_sees_otherwise() -> None:
    root = Part(
        "", "multipart/mixed", params=(("boundary", "B"),), children=(Part("1", "text/plain", size=99),)
    )
    assert slice_text(b"--B\r\n\r\nshort\r\n--B--\r\n", root) == {}
    html = Part(
        "", "multipart/mixed", params=(("boundary", "B"),), children=(Part("1", "text/html", size=5),)
    )
    assert slice_text(b"--B\r\n\r\nshort\r\n--B--\r\n", html) == {}


def test_slices_a_single_part() -> None:
    assert slice_text(b"hello", Part("1", "text/plain", size=5)) == {"1": (b"hello", True)}
    assert slice_text(b"hel", Part("1", "text/plain", size=5)) == {"1": (b"hel", False)}


def test_slicing_survives_any_damage() -> None:
    chance = random.Random(5)
    root = parse_message(NESTED).root
    for _ in range(300):
        text = bytearray(TEXT)
        for _ in range(chance.randrange(1, 8)):
            text[chance.randrange(len(text))] = chance.choice(b"-\r\nAB \x00")
        slice_text(bytes(text), root)
