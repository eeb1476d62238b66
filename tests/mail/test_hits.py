"""Words found in text, and marked in clean markup without any other change."""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser.payloads import SCRIPTS, payloads
from tests.corpora import corpora_dir
from tests.mail import oracle
from webmail.mail import hits
from webmail.mail.html import Sanitised, sanitise
from webmail.mail.text import render

MARKS = re.compile(r"</?mark[^>]*>")
STYLE = "background:#ffe9a8!important;"
TEXTS = st.text(st.sampled_from("aAbßİ <>&\"'é日\n"), max_size=60)
WORDS = st.lists(st.text(st.sampled_from("aAbßİ&<é日 "), max_size=4), max_size=6)


def test_words_are_few_short_and_small() -> None:
    assert hits.words_of(["  Å  se ", "", " ", "å se"]) == ("å se",)
    assert len(hits.words_of([f"w{number}" for number in range(99)])) == hits.MOST_WORDS
    assert len(hits.words_of(["a" * 5000])[0]) == hits.LONGEST_WORD


def test_what_overlaps_is_one() -> None:
    assert hits.find("Fjorden og fjordane", hits.words_of(["fjord", "orden"])) == [(0, 7), (11, 16)]
    assert hits.find("aaaa", ("aa", "a")) == [(0, 4)]


@given(TEXTS, WORDS)
def test_every_hit_is_the_word(text: str, words: list[str]) -> None:
    wanted = hits.words_of(words)
    found = hits.find(text, wanted)
    assert all(start < end for start, end in found)
    assert all(first[1] < second[0] for first, second in pairwise(found))
    assert bool(found) == any(word in hits._lower(text) for word in wanted)


def test_marked_in_text_only() -> None:
    markup = '<p title="hei <b>">Hei &amp; hei<br>h<i>ei</i></p>'
    assert hits.mark(markup, ("hei",)) == (
        '<p title="hei <b>"><mark>Hei</mark> &amp; <mark>hei</mark><br>h<i>ei</i></p>'
    )
    assert hits.mark("<p>amp &amp; lt &lt;</p>", ("amp", "lt")) == (
        "<p><mark>amp</mark> &amp; <mark>lt</mark> &lt;</p>"
    )


def test_our_own_words_stay_bare() -> None:
    markup = '<a href="https://x">x</a><span class="ekorn-goes"> [goes to x]</span> x'
    assert hits.mark(markup, ("x",)).count("<mark>") == 2


@pytest.mark.parametrize(
    "markup", ["<p>a < a</p>", "<P>a</P>", "<p a=b>a</p>", "<!-- a -->", "a <script", "<p x='a'>a"]
)
def test_markup_that_is_not_ours_stays_as_it_is(markup: str) -> None:
    assert hits.mark(markup, ("a",)) == markup


def test_there_is_an_end_to_it() -> None:
    assert hits.mark("a " * 5000, ("a",)).count("<mark>") == hits.MOST_HITS
    hits.mark("a" * 1_000_000, ("a" * 99 + "b",) * 20)
    hits.mark("<" * 200_000, ("a",))
    hits.mark("<p " + 'a="' * 100_000, ("a",))
    hits.mark("&" * 200_000, ("a",))


@given(TEXTS, WORDS)
def test_nothing_but_marks_is_added(text: str, words: list[str]) -> None:
    markup = f"<p>{escape(text)}</p>"
    marked = hits.mark(markup, hits.words_of(words))
    assert MARKS.sub("", marked) == markup
    assert render(text).html == MARKS.sub("", hits.mark(render(text).html, hits.words_of(words)))
    inside = re.findall(r"<mark>(.*?)</mark>", marked, re.DOTALL)
    assert all(hits.find(unescape(one), hits.words_of(words)) for one in inside)


def marked(html: str) -> list[str]:
    """What is wrong with a hostile letter once it is marked."""
    clean = sanitise(html, inline=lambda _: "/ours/1", proxy=lambda _: None)
    if not isinstance(clean, Sanitised):
        return []
    words = hits.words_of(["a", "e", "x", "script", "href", "pwn"])
    result = hits.mark(clean.html, words, style=STYLE)
    return oracle.problems(result) + (
        [] if MARKS.sub("", result) == MARKS.sub("", clean.html) else ["changed"]
    )


def test_a_hostile_letter_stays_harmless() -> None:
    assert [html for html in SCRIPTS if marked(html)] == []


@pytest.mark.skipif(corpora_dir() is None, reason="no corpora on this machine")
def test_every_hostile_letter_stays_harmless() -> None:
    assert [payload.id for payload in payloads() if marked(payload.content)] == []
