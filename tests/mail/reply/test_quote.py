from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.reply import (
    arrange,
    arrange_html,
    forward_html,
    forward_text,
    forward_text_as_html,
    quote_html,
    quote_text,
    quote_text_as_html,
)
from webmail.mail.reply.arrange import Where


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("one\ntwo", "> one\n> two"),
        ("one\r\n\r\ntwo\r\n", "> one\n>\n> two"),
        ("> old\n> > older\n>>> oldest\nnew", ">> old\n>>> older\n>>>> oldest\n> new"),
        (">\n> old\n>", ">> old"),
        ("text\n-- \nAnn\nBoss", "> text"),
        ("text\n-- \nAnn\n\n> quote", "> text\n> --\n> Ann\n>\n>> quote"),
        ("\n\n  indented\n\n\n", ">   indented"),
        ("a\x00b\u202ec\rd", "> abc\n> d"),
        ("", ""),
        ("\n-- \nAnn", ""),
    ],
)
def test_quotes_text(text: str, quoted: str) -> None:
    assert quote_text(text) == quoted


def test_joins_flowed_lines() -> None:
    text = "one \ntwo\n> q \n> r\n -- no signature\n-- \nAnn"
    assert quote_text(text, flowed=True) == "> one two\n>> q r\n> -- no signature"
    assert quote_text("日本 \n語", flowed=True, delsp=True) == "> 日本語"


def test_the_attribution_is_one_line() -> None:
    assert quote_text("x", attribution="Ann skreiv:\r\nBcc: evil") == "Ann skreiv: Bcc: evil\n> x"


def test_a_huge_text_is_cut_with_a_note() -> None:
    quoted = quote_text("line\n" * 100_000, cut="[cut]")
    assert len(quoted) < 300_000
    assert quoted.endswith("\n> line\n> [cut]")
    assert "[cut]" in quote_text_as_html("line\n" * 100_000, cut="[cut]")
    assert "[cut]" not in quote_text("line\n" * 100, cut="[cut]")


def test_quotes_html_as_it_is() -> None:
    html = quote_html('<p class="x">Hei &amp; hå</p>', attribution="<b>Ann</b> & co:")
    assert html == (
        "<p>&lt;b&gt;Ann&lt;/b&gt; &amp; co:</p>"
        '<blockquote type="cite"><p class="x">Hei &amp; hå</p></blockquote>'
    )
    assert quote_html("x") == '<blockquote type="cite">x</blockquote>'


def test_quotes_text_in_html() -> None:
    cite = '<blockquote type="cite">'
    assert quote_text_as_html("a <b>\n  c\n\nd\n> e\n-- \nAnn", attribution="A:") == (
        f"<p>A:</p>{cite}<p>a &lt;b&gt;<br>\u00a0 c</p><p>d</p>{cite}<p>e</p></blockquote></blockquote>"
    )


FIELDS = (("From", "Ann <ann@x.example>"), ("Cc", ""), ("Subject", "a\r\n<b>"))


def test_forwards_text_whole() -> None:
    text = "Hei\n\n> old \n> > older\n-- \nAnn\n"
    assert forward_text(text, title="Forwarded message", fields=FIELDS) == (
        "-------- Forwarded message --------\nFrom: Ann <ann@x.example>\nSubject: a <b>\n\n"
        "Hei\n\n> old\n>> older\n--\nAnn"
    )


def test_forwards_html() -> None:
    head = "<p>-------- F&amp;F --------<br><b>From:</b> Ann &lt;ann@x.example&gt;<br><b>Subject:</b> a &lt;b&gt;</p>"
    assert forward_html("<i>x</i>", title="F&F", fields=FIELDS) == f"{head}<div><i>x</i></div>"
    assert forward_text_as_html("<i>", title="F&F", fields=FIELDS) == f"{head}<div><p>&lt;i&gt;</p></div>"


SIGNED = "-- \nAnn"


@pytest.mark.parametrize(
    ("where", "quote", "signature", "text"),
    [
        ("above", "> q", "Ann", f"\n\n{SIGNED}\n\n> q"),
        ("above-signed-below", "> q", "Ann", f"\n\n> q\n\n{SIGNED}"),
        ("below", "> q", "Ann\n", f"> q\n\n\n\n{SIGNED}"),
        ("above", "> q", "", "\n\n> q"),
        ("below", "> q", " \n", "> q\n\n"),
        ("above", "", "-- \r\nAnn", f"\n\n{SIGNED}"),
        ("below", "", "Ann", f"\n\n{SIGNED}"),
        ("below", "", "", ""),
    ],
)
def test_arranges(where: Where, quote: str, signature: str, text: str) -> None:
    assert arrange(quote, signature, where) == text


def test_arranges_html() -> None:
    signed = '<div class="signature">-- <br>Ann</div>'
    assert arrange_html("<b>q</b>", "Ann", "above") == f"<p><br></p>{signed}<b>q</b>"
    assert arrange_html("<b>q</b>", "Ann", "above-signed-below") == f"<p><br></p><b>q</b>{signed}"
    assert arrange_html("<b>q</b>", "Ann", "below") == f"<b>q</b><p><br></p>{signed}"
    assert arrange_html("", "", "below") == "<p><br></p>"


TEXT = st.text(alphabet=st.sampled_from("> -\n\r\tab<&\x00é"), max_size=200)


@given(TEXT, st.booleans(), st.booleans())
def test_every_line_is_quoted_and_quotes_do_not_grow(text: str, flowed: bool, delsp: bool) -> None:
    quoted = quote_text(text, flowed=flowed, delsp=delsp)
    assert all(line.startswith(">") for line in quoted.split("\n") if quoted)
    again = quote_text(quoted)
    assert all(line.startswith(">>") for line in again.split("\n") if again)
    assert len(again) <= len(quoted) + quoted.count("\n") + 1


@given(TEXT, st.booleans())
def test_markup_is_escaped_and_balanced(text: str, flowed: bool) -> None:
    depth: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            assert tag in {"blockquote", "p", "br", "b", "div"}
            if tag != "br":
                depth.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert depth.pop() == tag

    Reader().feed(quote_text_as_html(text, attribution=text, flowed=flowed))
    Reader().feed(forward_text_as_html(text, title=text, fields=((text, text),), flowed=flowed))
    assert depth == []


@pytest.mark.parametrize("unit", ["> ", ">", "a ", " \n", "-- \n", "> a\n", "\n", "\t"])
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: quote_text(unit * n, flowed=True), 8_000)
    assert is_linear(lambda n: quote_text_as_html(unit * n), 8_000)
