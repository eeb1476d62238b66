"""The text of HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.html import snippet_from_html, text_from_html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a <b>b</b>  c\n d", "a b c d"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<div>a<div>b</div></div>c", "a\nb\nc"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol><li>a<li>b<ul><li>c</ul></ol>", "1. a\n2. b\n  - c"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc"),
        ("a<blockquote>b<br>c</blockquote>d", "a\n\n> b\n> c\n\nd"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<pre>a  b\n  c\n\nd</pre>", "a  b\n  c\n\nd"),
        ("&aring;&#x41;&lt;b&gt; &amp;amp;", "åA<b> &amp;"),
        ("a&nbsp;b", "a\xa0b"),
        ("<style>x</style><script>y</script><title>z</title>a", "a"),
        ("<!-- x -->a<!--y-->b", "ab"),
        ("<!DOCTYPE html><html><head><meta x></head><body>a", "a"),
        ("<img alt='A  picture' src=x>", "A picture"),
        ("<hr>a<hr>", "---\n\na\n\n---"),
        ("a<a href='https://x.example", "a"),
        ("a</di", "a"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("<svg><text>x</text></svg>a", "a"),
        ("<h1>T</h1>a", "T\n\na"),
        ("a <span>b</span>c", "a bc"),
        ("", ""),
    ],
)
def test_reads_as_it_looks(html: str, text: str) -> None:
    assert text_from_html(html) == text


def test_links_can_be_told() -> None:
    html = (
        "<a href=https://x.example/a>here</a> <a href=https://x.example>https://x.example</a>"
        " <a href=javascript:x>j</a>"
    )
    assert text_from_html(html, links=True) == "here <https://x.example/a> https://x.example j"
    assert text_from_html(html) == "here https://x.example j"


def test_a_snippet_is_one_short_line() -> None:
    html = (
        "<style>"
        + "x" * 50_000
        + "</style><p>Hei&zwnj;&nbsp;&zwnj;&nbsp;<p>Spring <b>sale</b>"
        + "<p>more words" * 500
    )
    snippet = snippet_from_html(html)
    assert snippet.startswith("Hei Spring sale more words more")
    assert len(snippet) <= 200
    assert snippet_from_html("") == ""
    assert snippet_from_html("x" * 10_000, length=10) == "x" * 10


@given(st.text(max_size=400))
def test_any_text_is_read(html: str) -> None:
    assert "\n\n\n" not in text_from_html(html)


pieces = st.sampled_from(
    "<p> </p> <pre> </pre> <blockquote> </blockquote> <li> <ul> </ul> <a href=http://x.y> </a> <br> x &lt; \n"
    " <!-- --> <svg> </svg> <".split(" ")
)


@given(st.lists(pieces, max_size=60))
def test_any_mixture_is_read(parts: list[str]) -> None:
    assert isinstance(text_from_html("".join(parts), links=True), str)
