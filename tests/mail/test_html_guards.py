"""What is too costly is refused before it costs anything, and what only looks so is not."""

from __future__ import annotations

import time

import pytest

from webmail.mail.html import Refused, Sanitised, sanitise, text_from_html
from webmail.mail.html.guards import REASONS, Nesting, TooCostly, check_nesting
from webmail.mail.html.source import attributes, rename, tags


def clean(html: str) -> Sanitised | Refused:
    return sanitise(html, inline=lambda _: None, proxy=lambda _: None)


FONTS = "".join(f"<font color=c{number}>" for number in range(400))

COSTLY = {
    "a million ampersands": "&" * 1_000_000,
    "a million less-thans": "<" * 1_000_000,
    "very long": "x" * 5_000_000,
    "100,000 nested elements": "<div>" * 100_000,
    "100,000 attributes": "<b " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x",
    "100,000 attributes without values": "<b " + " ".join(f"a{number}" for number in range(100_000)) + ">x",
    "attributes that never end": "<a " * 300_000,
    "nested bold": "<b>x" * 19_000,
    "nested links in cells": "<table><tr><td><a>" * 3000,
    "nested tables": "<table><tr><td>" * 5000,
    "formatting rebuilt in every paragraph": f"<p>{FONTS}" + "<p>x" * 5000,
    "formatting closed where it is not heard": "".join(
        f"<font color=c{number}><table></font></table>" for number in range(600)
    )
    + "<p>x" * 5000,
    "formatting that the adoption agency leaves": "".join(
        f"<font color=c{n}>{'<div>' * 9}</font>{'</div>' * 9}" for n in range(600)
    )
    + "<p>x" * 5000,
    "end tags that find nothing": "<span>" * 15_000 + "</b>" * 15_000,
    "list items": "<ul><li>" * 9000,
    "definitions": "<dl><dd>" * 9000,
    "headings": "<h1>" * 19_000,
    "form in div": "<form><div></form>" * 9000,
    "foreign elements": "<svg><g>" * 9000,
    "options": "<select><option><b>" * 6000,
}

BEARABLE = {
    "numbers that overflow": "&#" + "1" * 500_000,
    "one long name": "<" + "a" * 500_000 + ">",
    "comments that never end": "<!--" * 50_000,
    "long text": "word " * 100_000,
    "a huge style attribute": '<p style="' + "a:b;" * 100_000 + '">x',
    "a deep style attribute": '<p style="width:calc(' + "(" * 50_000 + '">x',
    "a huge style block": "<style>" + ".a{color:red}" * 11_000 + "</style>x",
    "a deep style block": "<style>" + "{" * 150_000 + "</style>x",
    "a style block of at-rules": "<style>" + "@media(" * 20_000 + "</style>x",
    "a style block of escapes": "<style>" + "\\" * 150_000 + "</style>x",
    "many classes": "<p class='" + "a " * 50_000 + "'>x",
    "a link with endless text": "<a href=https://x.example>" + "a." * 200_000 + "</a>",
    "an address with endless text": "<a href=mailto:a@b.example>" + "a@" * 200_000 + "</a>",
    "thousands of siblings with children": "<dt title=x><sub title=y>" * 9000,
    "NULs": "\0" * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("html", COSTLY.values(), ids=COSTLY)
def test_costly_markup_is_refused_and_still_has_a_text(html: str) -> None:
    before = time.process_time()
    result = clean(html)
    assert isinstance(result, Refused)
    assert result.reason in REASONS - {"error"}
    assert isinstance(text_from_html(html), str)
    assert time.process_time() - before < 10  # seconds where they are a fraction; without guards, minutes


@pytest.mark.parametrize("html", BEARABLE.values(), ids=BEARABLE)
def test_odd_markup_is_shown(html: str) -> None:
    before = time.process_time()
    assert isinstance(clean(html), Sanitised)
    assert time.process_time() - before < 10


SLOPPY = {
    "unclosed paragraphs": "<p>x" * 3000,
    "unclosed paragraphs with spans": "<p><span>x" * 2000,
    "unclosed items": "<ul>" + "<li>x" * 3000,
    "unclosed items with paragraphs": "<ul>" + "<li><p>x" * 2000,
    "unclosed cells": "<table>" + "<tr><td><b>x<td>y" * 1500,
    "unclosed bold in closed cells": "<table>" + "<tr><td><font color=red><b>x</td></tr>" * 1000,
    "the same bold over and over": "<p><b>x</p>" * 2000,
    "links that are never closed": "".join(f"<p><a href=https://x.example/{n}>x</p>" for n in range(1500)),
    "a definition list": "<dl>" + "<dt>x<dd>y" * 1500,
    "100 quotes in one another": "<blockquote>" * 100 + "x",
    "30 tables in one another": "<table><tr><td>" * 30 + "x" + "</table>" * 30,
}


@pytest.mark.parametrize("html", SLOPPY.values(), ids=SLOPPY)
def test_sloppy_markup_is_not_refused(html: str) -> None:
    assert isinstance(clean(html), Sanitised)


def test_depth_is_refused_past_256() -> None:
    assert isinstance(clean("<div>" * 250 + "x"), Sanitised)
    assert clean("<div>" * 257 + "x") == Refused("depth")


def test_work_grows_with_length_and_not_with_its_square() -> None:
    """Counted in characters looked at by the tag scanner, over shapes that never end a tag."""
    for shape in ('<a b="', "<!-", "<![CDATA[", "</a ", "<a b='<", "<style>", "<title>"):
        seen = [sum(1 for _ in tags(shape * count)) for count in (1000, 4000)]
        assert seen[1] <= 4 * seen[0] + 4


class TestNesting:
    def depth(self, html: str) -> int:
        nesting = Nesting()
        for closing, name, text, _, _ in tags(html):
            nesting.see(closing, name, text)
        return len(nesting.stack)

    @pytest.mark.parametrize(
        ("html", "depth"),
        [
            ("<div><p>x<p>y", 2),
            ("<div><span></div>", 0),
            ("<span><div></span>", 2),
            ("<table><tr><td><div></table>", 0),
            ("<div><table><tr><td></div>", 4),
            ("<td><tr><table>", 1),
            ("<table><table>", 1),
            ("<table><tr><td><table>", 4),
            ("<br><img><hr>", 0),
            ("<ul><li>a<li>b", 2),
            ("<html><body><p>", 1),
            ("<form><div></form>", 1),
        ],
    )
    def test_follows_the_open_elements(self, html: str, depth: int) -> None:
        assert self.depth(html) == depth

    def test_too_many_levels(self) -> None:
        with pytest.raises(TooCostly, match="depth"):
            check_nesting(tags("<div>" * 11), depth=10)


class TestSource:
    def found(self, html: str) -> list[tuple[bool, str]]:
        return [(closing, name) for closing, name, *_ in tags(html)]

    @pytest.mark.parametrize(
        ("html", "names"),
        [
            ("<P CLASS=x>", "p"),
            ("<p title='>' a=\">\" b>", "p"),
            ("<p/x=1/>", "p"),
            ("<p =x>", "p"),
            ("<p a=>", "p"),
            ("a < b <3 <p>", "p"),
            ("<!-- <b> --><p>", "p"),
            ("<!--><p>", "p"),
            ("<!---><p>", "p"),
            ("<!--a--!><p>", "p"),
            ("<!DOCTYPE html><?xml a='>'?><p>", "p"),
            ("</ x><p></3>", "p"),
            ("<script><b></script><p>", "script /script p"),
            ("<title><b></titlex></TITLE ><p>", "title /title p"),
            ("<p", ""),
            ("<p title='", ""),
            ("<style>", "style"),
            ("<o:p></o:p>", "o:p /o:p"),
        ],
    )
    def test_tags_are_a_browsers(self, html: str, names: str) -> None:
        assert [("/" if closing else "") + name for closing, name in self.found(html)] == names.split()

    def test_the_first_of_a_name_counts(self) -> None:
        assert attributes(" A=1 a=2 b='x&amp;y' c=\"&#x41;\" d") == {"a": "1", "b": "x&y", "c": "A", "d": ""}

    @pytest.mark.parametrize("name", ["svg", "MATH", "template", "select", "plaintext", "noscript", "object"])
    def test_elements_that_switch_parsers_are_renamed(self, name: str) -> None:
        assert rename(f"<{name}><x></{name} >") == f"<x-{name}><x></x-{name} >"
        assert rename(f"<{name}x>{name}") == f"<{name}x>{name}"

    def test_what_no_encoding_has_is_replaced(self) -> None:
        assert rename("a\0b\ud800c\x01\x1b\t\n") == "a\ufffdb\ufffdc\t\n"

    def test_an_empty_foreign_element_swallows_nothing(self) -> None:
        assert rename("<svg/><MATH a='b' /><svg/onload=x>") == "<x-svg/onload=x>"
