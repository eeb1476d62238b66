"""No octets, however they are cut, make a server see another message, or a second one."""

from __future__ import annotations

import io
import re
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from webmail.smtp.content import END, PIECE, on_the_wire

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [b"\r", b"\n", b"\r\n", b".", b"..", b"\r\n.\r\n", b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n"]
        ),
        st.sampled_from(
            [b"\0", b"MAIL FROM:<x@y.example>", b"DATA", b" ", b"\xff\xfe", b"\x85", b"\x0b\x0c"]
        ),
        st.binary(max_size=20),
    ),
    max_size=30,
)


class Cut(io.RawIOBase):
    """A file that gives what it holds in these pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = [piece for piece in pieces if piece]

    def read(self, size: int = -1) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def received(wire: bytes) -> list[bytes]:
    """The lines a server has, dots taken off; fails where it could see more or less than one message."""
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", wire), "a lone CR or LF"
    lines = wire.split(b"\r\n")
    assert lines.pop() == b""
    assert lines.index(b".") == len(lines) - 1, "the end is not at the end"
    return [line[1:] if line.startswith(b".") else line for line in lines[:-1]]


@given(PIECES)
def test_a_strict_server_sees_one_message_and_the_same(pieces: list[bytes]) -> None:
    wire = b"".join(on_the_wire(Cut(list(pieces)))) + END
    expected = re.split(rb"\r\n|\r|\n", b"".join(pieces))
    assert received(wire) == (expected if expected[-1] else expected[:-1])


@given(PIECES)
def test_a_lenient_server_sees_the_same(pieces: list[bytes]) -> None:
    """One that takes a lone CR or LF for a line's end, anywhere."""
    wire = b"".join(on_the_wire(Cut(pieces))) + END
    assert re.split(rb"\r\n|\r|\n", wire).index(b".") == wire.count(b"\r\n") - 1


@given(PIECES, st.data())
def test_how_it_is_cut_does_not_show(pieces: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(pieces)
    marks = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    recut = [whole[start:end] for start, end in zip([0, *marks], [*marks, len(whole)], strict=True)]
    assert b"".join(on_the_wire(Cut(recut))) == b"".join(on_the_wire(io.BytesIO(whole)))


def test_the_borders_of_pieces() -> None:
    for tail in (b"\r\n.\r\n", b"\n.\n", b".", b"\r", b"\r.\r.", b""):
        for shift in range(-4, 5):
            content = b"a" * (PIECE + shift) + tail + b"rest"
            assert received(b"".join(on_the_wire(io.BytesIO(content))) + END) == re.split(
                rb"\r\n|\r|\n", content
            )


def test_memory_is_constant() -> None:
    class Endless(io.RawIOBase):
        left = 30 << 20

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return b".\n" * (size // 2)

    tracemalloc.start()
    try:
        octets = sum(map(len, on_the_wire(Endless())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert octets == 2 * (30 << 20)
    assert peak < 16 * PIECE
