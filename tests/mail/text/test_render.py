from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.text import linkify, plain_from_enriched, render

LINK = ' rel="noopener noreferrer nofollow" target="_blank"'


def words(html: str) -> str:
    """The text a reader sees."""
    out: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            out.append(data)

    Reader().feed(html)
    return "".join(out)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("https://example.org", "https://example.org"),
        ("see http://example.org/a?b=c&d=e#f.", "http://example.org/a?b=c&amp;d=e#f"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("<https://example.org/x>", "https://example.org/x"),
        ("www.example.org, yes", "http://www.example.org"),
        ("write ann@example.org!", "mailto:ann@example.org"),
        ("mailto:ann@example.org", "mailto:ann@example.org"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("https://bücher.example/æ", "https://bücher.example/æ"),
        ("https://[::1]/", "https://[::1]/"),
    ],
)
def test_links(text: str, target: str) -> None:
    assert f'<a href="{target}"{LINK}>' in linkify(text)
    assert words(linkify(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "https://bank.example@evil.example/",
        "https://user:pass@evil.example/",
        "http://аpple.com",
        "https://",
        "http:///x",
        "www.",
        "file:///etc/passwd",
        "a@b",
        "@example.org",
        "xhttps://example.org",
        "ftp://example.org",
    ],
)
def test_no_links(text: str) -> None:
    assert "<a" not in linkify(text)
    assert words(linkify(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
        "http://x.example/\"onmouseover='alert(1)'",
        "http://x.example/'onmouseover=alert(1)",
        "http://x.example/<svg/onload=alert(1)>",
        "http://x.example/&quot;onmouseover=alert(1)",
        "[<script>:http://x.example](http://x.example)",
        "http://x.example/\u202egpj.exe",
        'a@example.org"onmouseover=alert(1)',
        "mailto:a@example.org?subject=<b>",
    ],
)
def test_markup_stays_text(text: str) -> None:
    seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, attrs))

    Reader().feed(render(text).html)
    for tag, attributes in seen:
        assert tag in {"a", "div"}
        assert {name for name, _ in attributes} <= {"href", "rel", "target", "class", "dir"}
        for name, value in attributes:
            assert name != "href" or str(value).startswith(("http://", "https://", "mailto:"))


def test_keeps_white_space() -> None:
    art = "  /\\\n /  \\\n\t|"
    assert render(art).html == f'<div class="text" dir="auto">{art}</div>'


def test_quotes_nest() -> None:
    html = render("> > deep\n> less\nanswer").html
    assert html == (
        '<blockquote><blockquote><div class="text" dir="auto">deep</div></blockquote>'
        '<div class="text" dir="auto">less</div></blockquote><div class="text" dir="auto">answer</div>'
    )


def test_a_last_long_quote_is_folded_with_its_attribution() -> None:
    html = render("Thanks!\n\nOn Monday,\nAnn wrote:\n" + "> line\n" * 6, quoted="Sitat <3").html
    assert html.startswith('<div class="text" dir="auto">Thanks!')
    folded = html[html.index("<details") :]
    assert folded.startswith('<details class="quoted"><summary>Sitat &lt;3</summary>')
    assert "On Monday,\nAnn wrote:" in folded
    assert folded.endswith("</blockquote></details>")


def test_short_quotes_between_answers_stay_open() -> None:
    assert "<details" not in render("> a\n> b\nyes\n> c\nno").html
    assert "<details" in render("> a\n" * 20 + "yes").html


def test_a_message_of_quotes_only_is_not_hidden() -> None:
    assert "<details" not in render("> a\n" * 50).html


def test_folds_an_original_message() -> None:
    html = render("Hi\n\n-----Original Message-----\nFrom: a\n\nold").html
    assert (
        html.index("<details") < html.index("Original Message") < html.index("old") < html.index("</details>")
    )


def test_signature_is_apart() -> None:
    html = render("Hi\n-- \nAnn\nhttps://example.org").html
    assert '<div class="signature" dir="auto">-- \nAnn\n<a' in html
    assert "signature" not in render("a\n-- \n" + "too long\n" * 30).html
    assert "signature" not in render("> -- \n> Ann").html


def test_flowed() -> None:
    html = render("one \ntwo\n >not a quote\n> q \n> r\n-- \nsig", flowed=True).html
    assert "one two\n&gt;not a quote" in html
    assert '<blockquote><div class="text" dir="auto">q r</div></blockquote>' in html
    assert "-- \nsig" in html


def test_flowed_with_delsp() -> None:
    assert "日本語" in render("日本 \r\n語", flowed=True, delsp=True).html


def test_says_when_it_is_cut() -> None:
    assert render("x" * 100, limit=10).truncated
    assert words(render("x" * 100, limit=10).html) == "x" * 10
    assert not render("x" * 10, limit=10).truncated


def test_finds_uuencoded_files() -> None:
    found = render("see\nbegin 644 a.txt\n%:&5L;&\\\nend")
    assert [(file.name, file.data) for file in found.files] == [("a.txt", b"hello")]
    assert "begin" not in found.html


def test_drops_controls_and_overrides() -> None:
    assert words(render("a\x00b\x1b[31m\u202ec\ud800").html) == "ab[31mc"


@given(
    st.text(alphabet=st.sampled_from("> -\n\r\tab<&\"'@.:/()w\u202e\x00é"), max_size=200),
    st.booleans(),
    st.booleans(),
)
def test_is_well_formed_and_keeps_words(text: str, flowed: bool, delsp: bool) -> None:
    html = render(text, flowed=flowed, delsp=delsp).html
    depth: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            depth.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert depth.pop() == tag

    Reader().feed(html)
    assert depth == []
    kept = [char for char in words(html).replace("Quoted text", "") if char in "ab<&\"'@.:/()wé"]
    assert kept == [char for char in text if char in "ab<&\"'@.:/()wé"]


UNITS = [
    "> ",
    ">",
    "http://",
    "www.",
    "a@",
    "a@b.c ",
    "https://a.b/)",
    "((",
    "\n",
    "> a\nb:\n",
    "begin 644 a\n",
    "-- \n",
    " ",
]


@pytest.mark.parametrize(
    "unit", [*UNITS, "On x wrote:\n" + "> a\n" * 20, "mailto:", "a.", "://", "x" * 50 + "@"]
)
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: render(unit * (n // len(unit))), 60_000)


def test_enriched() -> None:
    assert plain_from_enriched(
        "<bold>Now</bold> is\nthe <color><param>red</param>time</color>\n\nnew <<x>"
    ) == ("Now is the time\nnew <x>")
