from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.errors import EncodeError, LimitError, ProtocolError
from webmail.imap.sets import format_set, parse_set


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([1], "1"),
        ([1, 2, 3, 4, 5, 9], "1:5,9"),
        ([9, 3, 2, 9, 1], "1:3,9"),
        ([1, 3, 5], "1,3,5"),
        ([4294967295], "4294967295"),
        (range(1, 100_001), "1:100000"),
    ],
)
def test_format(numbers, text):
    assert format_set(numbers) == text


@pytest.mark.parametrize("numbers", [[], [0], [-1, 1], [4294967296]])
def test_no_such_set(numbers):
    with pytest.raises(EncodeError):
        format_set(numbers)


def test_the_order_of_the_text_is_kept():
    assert parse_set("7,3:5,1,9:8") == (7, 3, 4, 5, 1, 8, 9)


@pytest.mark.parametrize(
    "text", ["", "*", "1:*", "a", "1,,2", "1:2:3", "-1", "1 2", "²", "4294967296", "9" * 5000]
)
def test_malformed(text):
    with pytest.raises(ProtocolError):
        parse_set(text)


def test_limit():
    assert parse_set("1:3", limit=3) == (1, 2, 3)
    for text in ("1:4", "1:2,4:5", "1:4294967295"):
        with pytest.raises(LimitError):
            parse_set(text, limit=3)


@given(st.sets(st.integers(1, 300), min_size=1))
def test_there_and_back(numbers):
    assert parse_set(format_set(numbers)) == tuple(sorted(numbers))
