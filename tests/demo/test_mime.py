"""The tree of parts, and what IMAP says of it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webmail.demo.mime import Entity, envelope, structure

NESTED = (
    b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=one\r\n\r\npreamble\r\n--one\r\n\r\nfirst\r\n"
    b"--one\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/alternative; "
    b'boundary="t(w)o"\r\n\r\n--t(w)o\r\n\r\ntext\r\n--t(w)o\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n'
    b"--t(w)o--\r\n\r\n--one\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment;\r\n"
    b'\tfilename="a \\"b\\".pdf"\r\n\r\n\r\n--one--\r\nepilogue\r\n'
)


def parse(data: bytes) -> Entity:
    return Entity.parse(data, 0, len(data))


@pytest.mark.parametrize(
    ("section", "content"),
    [((1,), b"first"), ((2, 1), b"text"), ((2, 2), b"<b>x</b>"), ((1, 1), None), ((4,), None), ((0,), None)],
)
def test_sections(section: tuple[int, ...], content: bytes | None) -> None:
    if content is None:
        with pytest.raises(IndexError):
            parse(NESTED).find(section)
    else:
        assert parse(NESTED).find(section).content == content


def test_one_part_is_its_own_first_section() -> None:
    assert parse(b"Subject: x\r\n\r\nbody\r\n").find([1]).content == b"body\r\n"


def test_an_empty_part_is_empty() -> None:
    assert parse(NESTED).find([3]).content == b""


def test_structure() -> None:
    shown = structure(parse(NESTED), extended=True)
    assert shown.startswith(b'(("text" "plain" NIL NIL NIL "7bit" 5 0 NIL NIL NIL NIL)("message" "rfc822"')
    assert b'("attachment" ("filename" "a \\"b\\".pdf"))' in shown
    assert shown.endswith(b'"mixed" ("boundary" "one") NIL NIL NIL)')
    assert b"boundary" not in structure(parse(NESTED), extended=False)


def test_envelope_keeps_the_octets() -> None:
    message = parse(b"From: =?utf-8?q?K=C3=A5re?= <k@x.example>\r\nSubject: raw \xc3\xa5\r\n\r\n")
    assert envelope(message) == (
        b'(NIL {6}\r\nraw \xc3\xa5 (("=?utf-8?q?K=C3=A5re?=" NIL "k" "x.example")) '
        b'(("=?utf-8?q?K=C3=A5re?=" NIL "k" "x.example")) (("=?utf-8?q?K=C3=A5re?=" NIL "k" "x.example")) '
        b"NIL NIL NIL NIL NIL)"
    )


def test_depth_is_bounded() -> None:
    data = b"Content-Type: message/rfc822\r\n\r\n" * 5000 + b"end"
    assert structure(parse(data), extended=True).count(b"rfc822") < 100


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*NESTED.splitlines(keepends=True), b"--", b"\r\n", b"\n", b"\xff", b":", b";="])
    )
)
def test_any_octets_make_a_tree(pieces: list[bytes]) -> None:
    tree = parse(b"".join(pieces))
    for part in tree.walk():
        assert tree.start <= part.start <= part.body <= part.end <= tree.end
    shown = structure(tree, extended=True)
    assert shown.startswith(b"(")
    assert envelope(tree)


def test_many_boundaries_take_linear_time() -> None:
    def seconds(count: int) -> float:
        data = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\nA: b\r\n\r\ny\r\n" * count
        started = time.process_time()
        structure(parse(data), extended=True)
        return time.process_time() - started

    assert seconds(8000) < 16 * max(seconds(2000), 0.02)
