"""`<style>` blocks: plain rules and plain media queries for the frame's own document."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail import oracle
from webmail.mail.html.stylesheet import MAX_LENGTH, stylesheet


def sheet(text: str) -> str:
    return stylesheet([text])


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("p{color:red}", "p{color:red;}"),
        (".a, #b > td.c{color:red}", ".a,#m-b > td.c{color:red;}"),
        ("a:hover{color:red}", "a:hover{color:red;}"),
        ("*{margin:0}", "*{margin:0;}"),
        ("P.A{COLOR:red}", "p.A{color:red;}"),
        ("<!-- p{color:red} -->", "p{color:red;}"),
        ("p{color:red}q{}", "p{color:red;}"),
        (
            "@media only screen and (max-width: 600px){.a{width:100%!important}}",
            "@media only screen and (max-width:600px){.a{width:100%!important;}}",
        ),
        ("@MEDIA print{p{color:#000}}", "@media print{p{color:#000;}}"),
        ("p::before,p{color:red}", "p{color:red;}"),
        ("a[href],p{color:red}", "p{color:red;}"),
        ("p{color:red;&:hover{color:blue}}", "p{color:red;}"),
    ],
)
def test_plain_rules_stay(text: str, result: str) -> None:
    assert sheet(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "@import 'x';",
        "@import url(x);",
        "@font-face{font-family:x;src:url(x)}",
        "@supports (color:red){p{color:red}}",
        "@layer x{p{color:red}}",
        "@media (prefers-color-scheme:dark){p{color:#fff}}",
        "@media (max-width:600px) and (any-hover){p{color:red}}",
        "@media all{@media all{p{color:red}}}",
        "@media all{@import 'x';}",
        "@keyframes x{from{color:red}}",
        "@charset 'utf-7';",
        "a[href^='x']{color:red}",
        "input[value]{color:red}",
        "a:visited{color:red}",
        "p:has(a){color:red}",
        "p:not(.a){color:red}",
        ":host{color:red}",
        "p:nth-child(1){color:red}",
        ".ekorn-goes{display:none}",
        ".EKORN-goes{display:none}",
        ".a\\3c b{color:red}",
        "x-y{color:red}",
        "p{background:url(//x.example/a)}",
        "p{position:fixed}",
        "p{--a:1;color:var(--a)}",
        "svg|a{color:red}",
        "{color:red}",
        "p{color:red",
        "> p{color:red}",
        "p >{color:red}",
        ".{color:red}",
    ],
)
def test_the_rest_goes(text: str) -> None:
    assert sheet(text) in ("", "p{color:red;}" if text == "p{color:red" else "") or "{}" in sheet(text)


def test_an_end_tag_cannot_be_written() -> None:
    for text in (
        "p{font-family:'</style><script>'}",
        "p{color:red}</style><script>",
        ".\\3c /style\\3e{color:red}",
    ):
        assert "<" not in sheet(text)


def test_limits() -> None:
    assert sheet("p{color:red}" * MAX_LENGTH) == ""
    assert stylesheet(["p{color:red}"] * 100) == ""
    assert sheet(",".join(["p"] * 200) + "{color:red}").count("p") == 60


@given(st.text(max_size=300))
def test_no_text_gets_anything_past(text: str) -> None:
    assert oracle.stylesheet_problems(sheet(text)) == []


pieces = st.sampled_from(
    "p .a #b * > + ~ , : :: { } { } ( ) [ ] ; color:red position:fixed background:url(x) @media all @import 'x'"
    " (max-width:1px) \\ \\7b \" ' /* */ <!-- --> </style> < & ekorn-x width:1px!important \n \x00".split(" ")
)


@given(st.lists(pieces, max_size=50))
def test_no_mixture_gets_anything_past(parts: list[str]) -> None:
    assert oracle.stylesheet_problems(sheet(" ".join(parts))) == []
    assert oracle.stylesheet_problems(sheet("".join(parts))) == []
