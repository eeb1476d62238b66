"""Bytes become the same responses however they arrive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpora import corpora_dir
from webmail.imap.errors import ConnectionLostError
from webmail.imap.parse import parse_response
from webmail.imap.reader import Reader
from webmail.imap.server import Limits


class Pieces:
    """A transport that hands out these pieces and counts how often it was asked."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = [piece for piece in pieces if piece]
        self.asked = 0

    def receive(self) -> bytes:
        self.asked += 1
        if not self.pieces:
            raise ConnectionLostError("the end")
        return self.pieces.pop(0)


def responses(*pieces: bytes, limits: Limits | None = None) -> list[list[bytes]]:
    reader = Reader(Pieces(*pieces), limits or Limits())
    found = []
    while True:
        try:
            found.append(reader.response())
        except ConnectionLostError:
            return found


SAMPLE = (
    b"* OK hi {5}\r\n* 1 FETCH (BODY[1] {5}\r\na\r\nb\n FLAGS () BODY[2] ~{3+}\r\n{1}BODY[3] {0}\r\n)\r\n"
    b'* LIST () "/" {2}\r\n\r\n\r\nA1 NO look {9}\r\n+ {3}\r\n* X {3\r\n* Y {03}\nxyz\n* {x}\r\nlast\r\n'
)
WANTED = [
    [b"* OK hi {5}"],
    [b"* 1 FETCH (BODY[1] {5}", b"a\r\nb\n", b" FLAGS () BODY[2] ~{3+}", b"{1}", b"BODY[3] {0}", b"", b")"],
    [b'* LIST () "/" {2}', b"\r\n", b""],
    [b"A1 NO look {9}"],
    [b"+ {3}"],
    [b"* X {3"],
    [b"* Y {03}", b"xyz", b""],
    [b"* {x}"],
    [b"last"],
]


def test_framing() -> None:
    assert responses(SAMPLE) == WANTED
    assert responses(*(bytes([octet]) for octet in SAMPLE)) == WANTED


@given(st.lists(st.integers(0, len(SAMPLE)), max_size=8))
def test_where_it_is_cut_does_not_matter(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(SAMPLE)]
    assert responses(*(SAMPLE[start:stop] for start, stop in pairwise(edges))) == WANTED


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_at_all(data: bytes, step: int) -> None:
    limits = Limits(line=100, literal=50, drain=100, memory=250)
    cut = responses(*(data[at : at + step] for at in range(0, len(data), step)), limits=limits)
    assert cut == responses(data, limits=limits) or any(len(one[0]) > 50 for one in cut)
    assert all(len(one) % 2 for one in cut)
    assert sum(len(piece) for one in cut for piece in one) <= 250


@given(
    st.lists(st.sampled_from([b"{1}\r\n", b"{9}", b"a", b"\r\n", b"\n", b"* ", b" NIL", b"(", b"~{2+}\r\n"]))
)
def test_what_looks_like_literals(tokens: list[bytes]) -> None:
    for raw in responses(b"".join(tokens)):
        parse_response(raw)


def test_a_large_literal_is_taken_past_the_limit_or_refused() -> None:
    data = b"* 1 FETCH (BODY[1] {70000}\r\n" + b"x" * 70_000 + b" BODY[2] {2}\r\nhi)\r\n"
    small = Limits(literal=10)
    assert responses(data, limits=small) == [[b"* 1 FETCH (BODY[1] NIL BODY[2] {2}", b"hi", b")"]]
    assert responses(data, limits=Limits(literal=10, drain=100)) == []
    whole = responses(*(data[at : at + 1000] for at in range(0, len(data), 1000)))
    assert whole == [[b"* 1 FETCH (BODY[1] {70000}", b"x" * 70_000, b" BODY[2] {2}", b"hi", b")"]]


def test_lines_without_end_are_not_searched_again_and_again() -> None:
    reader = Reader(Pieces(*[b"x" * 1000] * 1000), Limits())
    with pytest.raises(ConnectionLostError):
        reader.line()
    assert reader._scanned == 1_000_000


@pytest.mark.skipif(corpora_dir() is None, reason="no corpora here")
def test_transcripts() -> None:
    directory = corpora_dir()
    assert directory is not None
    count = 0
    for path in sorted((directory / "imap" / "mailkit-transcripts" / "Imap").rglob("*.txt")):
        for raw in responses(path.read_bytes()):
            parse_response(raw)
            count += 1
    assert count > 100
