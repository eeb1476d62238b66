"""A domain's colour can be read on every surface of the pages, whatever colour it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.domains.colours import BY_DAY, BY_NIGHT, by_day, by_night, contrast, parsed, stylesheet

CHANNEL = st.integers(0, 255)


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_every_colour_is_readable_in_both_schemes(colour: tuple[int, int, int]) -> None:
    for shades, surfaces in ((by_day(colour), BY_DAY), (by_night(colour), BY_NIGHT)):
        for surface in (*surfaces, shades.selected):
            assert contrast(shades.primary, surface) >= 4.5
        assert contrast(shades.on, shades.primary) >= 4.5
        assert contrast(shades.on, shades.hover) >= 4.5


def test_one_that_can_be_read_stays_as_it_is() -> None:
    assert by_day(parsed("#7a1f4b")).primary == parsed("#7a1f4b")


@pytest.mark.parametrize("wrong", ["", "red", "#12", "#12345g", "#123456;}", "#+1+1+1", "# 1 1 1"])
def test_nothing_else_reaches_a_stylesheet(wrong: str) -> None:
    assert stylesheet(wrong) == ""


@given(st.text(max_size=8))
def test_a_stylesheet_holds_colours_alone(text: str) -> None:
    said = stylesheet("#" + text)
    assert said == "" or text.lower() == bytes.fromhex(text).hex()
