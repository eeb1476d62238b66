from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.compose.messages import message, octets
from tests.mail.work import is_linear
from webmail.mail.compose import flowed
from webmail.mail.parse import parse_message
from webmail.mail.text.flowed import MAX_DEPTH, Line, read_lines
from webmail.mail.transfer import decode

LONG = "A line that somebody typed without an end, which goes on and on past the width of any screen of old."


def meant(text: str) -> list[Line]:
    """The lines of `text` as its writer sees them: quotes by their marks, no spaces at the ends."""
    lines = []
    for line in re.split("\r\n?|\n", text):
        mark = re.match("(?:> *)*>|", line)
        depth = mark[0].count(">") if mark else 0
        content = line[mark.end() :].removeprefix(" ") if mark and depth else line
        lines.append(Line(min(depth, MAX_DEPTH), content if content == "-- " else content.rstrip(" ")))
    return lines


typed = st.lists(
    st.sampled_from(
        [" ", "  ", ">", "> ", "\n", "-- ", "--", "From ", "word", "x" * 90, LONG, "漢字" * 50, "å ", "\r\n"]
    )
    | st.text(max_size=30)
).map("".join)


@given(typed)
def test_is_read_as_typed(text: str) -> None:
    assert list(read_lines(flowed(text), flowed=True)) == meant(text)


@given(st.lists(st.text(alphabet="abå", min_size=1, max_size=15)).map(" ".join), st.integers(0, 12))
def test_lines_are_short(text: str, depth: int) -> None:
    assert all(len(line) <= 76 for line in flowed(">" * depth + text).split("\n"))


@given(typed)
def test_survives_the_whole_way(text: str) -> None:
    raw = octets(message(text=text))
    root = parse_message(raw).root
    assert root.format_flowed
    read = decode(parse_message(raw).body(root.section), root.encoding).decode(root.charset)
    lines = list(read_lines(read.replace("\r\n", "\n").removesuffix("\n"), flowed=True))
    assert lines == meant(re.sub("\0", "", text))[: len(lines)]
    assert not any(line.text for line in meant(text)[len(lines) :])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\n\nb", "a\n\nb"),
        ("a  \nb", "a\nb"),
        (" a", "  a"),
        ("From me", " From me"),
        ("> a", "> a"),
        (">a", "> a"),
        ("> > a", ">> a"),
        ("-- \nAnn", "-- \nAnn"),
        ("https://example.org/" + "x" * 90, "https://example.org/" + "x" * 90),
        ("漢字" * 60, "漢字" * 60),
        (LONG, LONG[:73] + "\n" + LONG[73:]),
        ("> " + LONG, "> " + LONG[:73] + "\n> " + LONG[73:]),
        ("-- " + "x" * 90 + " y", "-- " + "x" * 90 + " \ny"),
    ],
)
def test_writes(text: str, written: str) -> None:
    assert flowed(text) == written


@pytest.mark.parametrize("unit", ["a", " ", "a ", ">", "> ", "-- ", "\n", "-- \n", " a" * 40 + "\n"])
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: flowed(unit * n), 10_000)
