"""What costs us little to clean can cost a browser a minute to lay out. Each of these was measured in Chromium."""

from __future__ import annotations

import re

import pytest

from webmail.mail.html import Sanitised, sanitise

COLUMNS = re.compile(r'colspan="(\d+)"')


def clean(html: str) -> str:
    result = sanitise(html, inline=lambda _: None, proxy=lambda _: None)
    assert isinstance(result, Sanitised)
    return result.html + result.stylesheet


@pytest.mark.parametrize(
    "value", ["column-count:2", "column-width:1px", "columns:2", "COLUMN-COUNT: 3 !important"]
)
def test_no_columns_within_columns(value: str) -> None:
    """Sixty levels of them, and a tab is lost for good."""
    assert "column" not in clean(f'<div style="{value}"><p>x</p></div><style>p{{{value}}}</style>').lower()


def test_shadows_of_words_stay_small() -> None:
    """Blurs of 200 pixels on large letters: 7 s for one screen."""
    assert "text-shadow" in clean('<p style="text-shadow:1px 1px 2px #000">x')
    assert "text-shadow" not in clean('<p style="text-shadow:0 0 200px red">x')


def test_a_row_reaches_over_few_columns() -> None:
    """A collapsed table of 60,000 columns never came to an end."""
    row = "<tr>" + "<td colspan=999 rowspan=999>x" * 60
    assert sum(map(int, COLUMNS.findall(clean(f"<table>{row * 60}</table>")))) == 0
    wide = clean("<table>" + ("<tr>" + "<td colspan=20>x" * 100) * 3 + "</table>")
    for columns in wide.split("<tr>")[1:]:
        assert sum(map(int, COLUMNS.findall(columns))) <= 320
    assert "span=" not in clean("<table><col span=999><col span=999></table>")


def test_tables_that_people_send_stay_as_they_are() -> None:
    table = (
        "<table>" + "<tr><td colspan=3 rowspan=2>x<td>y<tr><td>z" * 400 + "<tr><td colspan=100>all</table>"
    )
    kept = clean(table)
    assert kept.count('colspan="3"') == 400
    assert kept.count('rowspan="2"') == 400
    assert 'colspan="100"' in kept
