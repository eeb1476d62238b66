from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail import oracle
from tests.mail.work import is_linear
from webmail.mail.compose import Rich, editor_html, outgoing_html, text_of
from webmail.mail.html import Refused

BLOCKED = "/ours/blocked.svg"
FILES = {"/ours/1": "cid:one@x", "/ours/2": "cid:two@x"}
ADDRESSES = {cid: address for address, cid in FILES.items()}


def sent(html: str) -> str:
    found = outgoing_html(html, cid_of=FILES.get, blocked=BLOCKED)
    assert isinstance(found, Rich)
    return found.html.removeprefix("<html><body>").removesuffix("</body></html>")


def edited(html: str) -> str:
    found = editor_html(html, address_of=ADDRESSES.get, blocked=BLOCKED)
    assert isinstance(found, Rich)
    return found.html


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
        ('<p class="a" id="b" onclick="x()" data-x="1">a</p>', "<p>a</p>"),
        ("<script>x()</script><style>p{}</style><p>a", "<p>a</p>"),
        ("<form action=/x><input name=a><button>b</button>c</form>", "bc"),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        (
            '<a href="https://x.example/a?b=1&amp;c" target="_blank">a</a>',
            '<a href="https://x.example/a?b=1&amp;c">a</a>',
        ),
        ('<a href="/settings">a</a>', "<a>a</a>"),
        ('<img src="/ours/1" alt="a">', '<img alt="a" src="cid:one@x">'),
        ('<img src="/ours/9" alt="a &lt;cat&gt;">', "a &lt;cat&gt;"),
        ('<img src="data:image/png;base64,eHg=">', ""),
        (
            '<img src="https://x.example/a.png" srcset="https://x.example/b.png 2x">',
            '<img src="https://x.example/a.png">',
        ),
        ('<img src="https://x.example/a.png" width="1" height="1">', ""),
        (f'<img src="{BLOCKED}#https%3A%2F%2Fx.example%2Fa.png">', '<img src="https://x.example/a.png">'),
        (
            f'<img src="https://mail.example{BLOCKED}#https%3A%2F%2Fx.example%2Fa.png">',
            '<img src="https://x.example/a.png">',
        ),
        (f'<img src="{BLOCKED}#javascript:x()">', ""),
        ('<p style="color:red;position:fixed">a</p>', '<p style="color:red;">a</p>'),
        (
            '<table background="https://x.example/a.png"><tr><td>a</table>',
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        (
            '<blockquote style="margin:0;">a</blockquote>',
            '<blockquote type="cite" style="margin:0;">a</blockquote>',
        ),
    ],
)
def test_sends(html: str, wanted: str) -> None:
    assert sent(html) == wanted


def test_counts_what_it_dropped_and_names_what_it_used() -> None:
    html = '<img src="/ours/2"><img src="/ours/1"><img src="/ours/2"><img src="blob:x"><img src="/ours/3">'
    found = outgoing_html(html, cid_of=FILES.get)
    assert isinstance(found, Rich)
    assert found.inline == ("/ours/2", "/ours/1")
    assert found.dropped == 2


def test_the_editor_fetches_nothing_from_elsewhere() -> None:
    html = '<img src="cid:one%40x"><img src="https://x.example/a.png?b=1#c"><p style="background:url(https://x.example)">'
    html += '<table background="https://x.example/b.png"><tr><td>a</table><img src="cid:other@x" alt="b">'
    inside = edited(html)
    assert "//x.example" not in inside
    assert '<img src="/ours/1">' in inside
    assert f'<img src="{BLOCKED}#https%3A%2F%2Fx.example%2Fa.png%3Fb%3D1%23c">' in inside
    found = editor_html(html, address_of=ADDRESSES.get)
    assert isinstance(found, Rich)
    assert BLOCKED not in found.html
    assert sent(inside).count("https://x.example/a.png?b=1#c") == 1


def test_what_is_too_costly_is_refused() -> None:
    assert isinstance(outgoing_html("<b>" * 30_000, cid_of=FILES.get), Refused)


fragments = st.lists(
    st.sampled_from(
        '<p> </p> <b> </b> <blockquote> </blockquote> <ul><li> </ul> <table><tr><td> </table> <br> &lt; &amp; a "'
        " <img/src=/ours/1> <img/src=https://x.example/a> <img/src=cid:two@x> <a/href=https://x.example> </a>"
        ' <p/style="color:red"> <script> </script> <svg> <style>'.split(" ")
    )
).map(" ".join)


@given(fragments)
def test_goes_to_the_editor_and_back_unchanged(html: str) -> None:
    first = outgoing_html(html, cid_of=lambda src: FILES.get(src, src if src.startswith("cid:") else None))
    if isinstance(first, Rich):
        assert sent(edited(first.html)) == first.html.removeprefix("<html><body>").removesuffix(
            "</body></html>"
        )
        assert oracle.problems(edited(first.html)) == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi</p><p>there</p>", "Hi\n\nthere"),
        ("<div>Hi</div><div><br></div><div>there</div>", "Hi\n\nthere"),
        ('<p>See <a href="https://x.example/a">this</a>.</p>', "See this <https://x.example/a>."),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ('<ol start="3"><li>a<li>b</ol>', "3. a\n4. b"),
        ("<p>a</p><blockquote><p>b</p><blockquote>c</blockquote></blockquote>", "a\n\n> b\n>\n> > c"),
        ("<table><tr><th>Name<th>Age<tr><td>Ann<td>40</table>", "Name | Age\nAnn | 40"),
        ('<table border="1"><tr><td>a<td>b</table>', "a | b"),
        ("<table><tr><td>a<td>b</table>", "a b"),
        ("<p>Hi</p><p>--&nbsp;<br>Ann</p>", "Hi\n\n-- \nAnn"),
        ("<pre>a  b\n c</pre>", "a  b\n c"),
        ('<img src="cid:a" alt="A cat">', "A cat"),
    ],
)
def test_text(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize("unit", ["<th>", "<table border=1><td>", "--<br>", "<ol start=3>", "<tr><td>a<td>b"])
def test_text_is_linear(unit: str) -> None:
    assert is_linear(lambda n: text_of("<table>" + unit * n), 2_000)
