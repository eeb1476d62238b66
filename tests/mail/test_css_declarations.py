"""The filter of `style` attributes: what mail needs stays, what takes things out of place or loads goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail import oracle
from webmail.mail.html import css


def style(text: str) -> str:
    return css.style(text, lambda url: "/ours/" + str(len(url)))


KEPT = [
    "color:red",
    "color:#0A1b2C",
    "background-color:rgba(0, 0, 0, .5)",
    "color:rgb(1 2 3 / 50%)",
    "margin:0 auto",
    "margin-top:-0px",
    "padding:1px 2.5em 3% 4pt",
    "width:100%!important",
    "max-width:600px",
    "width:calc(100% - 20px)",
    "min-width:calc((480px - 100%) * 480)",
    "width:min(100%, 600px)",
    "letter-spacing:-0.5px",
    "font-family:Arial, Helvetica, sans-serif",
    'font-family:"Segoe UI", "Times New Roman"',
    "font:bold 12px/1.5 Arial",
    "font:700 100%/1.5 Arial",
    "font-size:100%",
    "font-size:calc(1rem + 2vw)",
    "line-height:150%",
    "border-radius:9999px",
    "border-radius:50%",
    "line-height:1.5",
    "border:1px solid #ccc",
    "border-radius:4px",
    "text-decoration:none",
    "vertical-align:-2px",
    "display:inline-block",
    "display:none",
    "float:left",
    "background:linear-gradient(to right, #fff 0%, rgb(1,2,3) 100%)",
    "background-position:-10px 50%",
    "box-shadow:0 1px 3px rgba(0,0,0,.2)",
    "table-layout:fixed",
    "direction:rtl",
    "-webkit-text-size-adjust:100%",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_mail_needs_stays(text: str) -> None:
    assert style(text) == text + ";"


DROPPED = [
    "position:fixed",
    "POSITION:absolute",
    "pos\\69tion:fixed",
    "top:0;left:0;inset:0;z-index:9",
    "margin:-1px",
    "margin-left:-9999px",
    "margin:calc(-1px * 9)",
    "margin:-webkit-calc(-1px)",
    "transform:scale(9)",
    "translate:0 -9px",
    "width:99999px",
    "width:1e9px",
    "height:100vh",
    "min-height:100dvh",
    "font-size:9999px",
    "font-size:9999%",
    "line-height:9999",
    "content:'x'",
    "cursor:url(x)",
    "behavior:url(x)",
    "-moz-binding:url(x)",
    "filter:alpha(opacity=50)",
    "width:expression(alert(1))",
    "color:var(--x)",
    "--x:red",
    "color:env(x)",
    "color:attr(x)",
    "color:RED\\",
    "background:image-set('x' 1x)",
    "background:-webkit-image-set(url(x) 1x)",
    "background:cross-fade(url(x),url(x))",
    "background:element(#x)",
    "background:linear-gradient(red,url(x))",
    "list-style:url(x)",
    "list-style-image:url(x)",
    "border-image:url(x)",
    "mask:url(x)",
    "animation:x 1s",
    "transition:all 1s",
    "pointer-events:none",
    "all:unset",
    "font-family:'</style>'",
    "font-family:'a\\22 b'",
    "font-family:'\\3c script\\3e'",
    "src:url(x)",
    "@import 'x'",
    "{color:red}",
    "&{color:red}",
    "color:red}p{color:blue",
    "display:contents",
    "color:[red]",
    "color:{red}",
    "color:url(x)",
    "unicode-bidi:bidi-override",
    "behaviour:x",
    "color:",
    ":red",
    "",
]


@pytest.mark.parametrize("text", DROPPED)
def test_the_rest_goes(text: str) -> None:
    assert style(text) == ""


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("color:red;position:fixed;margin:0", "color:red;margin:0;"),
        ("color:r\\65 d", "color:red;"),
        ("c\\6flor:red", "color:red;"),
        ("col/**/or:red;color:bl/**/ue", "color:bl ue;"),
        ("COLOR: Red", "color:Red;"),
        ("font-family:'Segoe UI'", 'font-family:"Segoe UI";'),
        ("font-family:Microsoft YaHei,微软雅黑", 'font-family:Microsoft YaHei,"微软雅黑";'),
        ("color:red ! important", "color:red!important;"),
        ("color:red;;;margin:0 /* x */", "color:red;margin:0;"),
        ("mso-line-height-rule:exactly;color:red", "color:red;"),
        ("color:red;color", "color:red;"),
        ("text-indent:-9999px;color:red", "color:red;"),
        ("width:10PX", "width:10px;"),
        ("width:9/**/999px;color:red", "width:9 999px;color:red;"),
    ],
)
def test_what_remains_is_written_anew(text: str, result: str) -> None:
    assert style(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "background:url(http://x.example/a.png)",
        "background:url('http://x.example/a.png')",
        'background-image:URL( "http://x.example/a.png" )',
        "background:\\75\\72\\6c(http://x.example/a.png)",
        "background:u\\rl(http://x.example/a.png) no-repeat",
    ],
)
def test_addresses_in_backgrounds_are_resolved(text: str) -> None:
    seen: list[str] = []

    def resolve(url: str) -> str | None:
        seen.append(url)
        return "/ours/1"

    result = css.style(text, resolve)
    assert seen in (["http://x.example/a.png"], [])
    assert 'url("/ours/1")' in result if seen else result == ""
    assert "x.example" not in result


def test_a_background_without_its_picture_keeps_its_colour() -> None:
    assert css.style("background:#fff url(//x.example/a)", lambda _: None) == "background:#fff none;"


@pytest.mark.parametrize("ours", ['/a"b', "/a)b", "/a\\b", "/a b", "/a\nb", "/a<b", ""])
def test_an_answer_that_is_no_plain_address_is_not_written(ours: str) -> None:
    assert css.style("background:url(x)", lambda _: ours) == "background:none;"


def test_limits() -> None:
    assert style("color:red;" * 1000) == ""
    assert style("color:red;" * 300) == "color:red;" * css.MAX_DECLARATIONS
    assert style("width:calc(" + "(" * 50 + "1px" + ")" * 51) == ""


@given(st.text(max_size=300))
def test_no_text_gets_anything_past(text: str) -> None:
    assert oracle.style_problems(style(text)) == []


pieces = st.sampled_from(
    "color background width margin position : ; ; ; ( ) { } [ ] url( url(x) ' \" \\ \\75 \\a /* */ <!-- --> @import"
    " expression( var( calc( -1px 1px 1e9px % !important , / red #fff </style> < u\\rl( \x00 \n \ufffd 微".split(
        " "
    )
)


@given(st.lists(pieces, max_size=40))
def test_no_mixture_gets_anything_past(parts: list[str]) -> None:
    result = style("".join(parts))
    assert oracle.style_problems(result) == []
    assert style(result) == result or "url(" in result
