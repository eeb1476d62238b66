"""The pipeline as a whole: pictures, links, presentation, and what never passes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser.payloads import Payload, own
from tests.mail import oracle
from webmail.mail.html import Choices, Refused, Sanitised, Words, sanitise
from webmail.mail.html.strict import Tokens


def clean(html: str, *, remote: bool = False, words: Words | None = None) -> Sanitised:
    result = sanitise(
        html,
        inline=lambda reference: {"cid:a@b": "/ours/a", "pic.png": "/ours/pic"}.get(reference),
        proxy=lambda url: "/ours/proxy?u=" + str(len(url)) + "&x=1",
        choices=Choices(remote=remote),
        words=words,
    )
    assert isinstance(result, Sanitised)
    return result


class TestPictures:
    @pytest.mark.parametrize("reference", ["cid:a@b", "CID:a%40b", " cid:a@b ", "cid:a&#64;b", "pic.png"])
    def test_inline_ones_come_from_us(self, reference: str) -> None:
        result = clean(f'<img src="{reference}">')
        assert 'src="/ours/' in result.html
        assert len(result.inline) == 1
        assert result.blocked == 0

    def test_an_unknown_reference_is_left_out(self) -> None:
        result = clean("<img src=cid:unknown alt=Logo><img src=other.png>")
        assert "src=" not in result.html
        assert 'alt="Logo"' in result.html
        assert (result.blocked, result.remote, result.inline) == (0, (), ())

    def test_remote_ones_are_counted_once_each_and_not_shown(self) -> None:
        result = clean(
            "<img src=https://x.example/1 width=200 height=100 alt=One><img src='https://x.example/1'>"
            "<table background=http://x.example/2><tr><td style='background:red url(//x.example/3)'>x</table>"
        )
        assert result.blocked == 3
        assert result.remote == ("https://x.example/1", "http://x.example/2", "https://x.example/3")
        assert "x.example" not in result.html
        assert '<img width="200" height="100" alt="One" class="ekorn-blocked">' in result.html
        assert "background:red none;" in result.html

    def test_remote_ones_come_through_the_proxy_once_allowed(self) -> None:
        result = clean("<img src='https://x.example/?a=1&amp;b=2'><td background=//x.example/2>", remote=True)
        assert result.blocked == 0
        assert result.remote == ("https://x.example/?a=1&b=2",)
        assert '<img src="/ours/proxy?u=26&amp;x=1">' in result.html

    def test_the_first_of_a_set_stands_for_it(self) -> None:
        assert clean("<img srcset='https://x.example/1 1x, https://x.example/2 2x'>").remote == (
            "https://x.example/1",
        )

    def test_a_tracking_pixel_leaves_no_box(self) -> None:
        result = clean("<img src=https://x.example/p width=1 height=1>")
        assert (result.html, result.blocked) == ('<img width="1" height="1">', 1)

    def test_a_wide_one_may_shrink_in_proportion(self) -> None:
        assert "aspect-ratio:600/200;height:auto;" in clean("<img src=cid:a@b width=600 height=200>").html
        assert "aspect" not in clean("<img src=cid:a@b width=600 height=200 style='height:9px'>").html
        assert "aspect" not in clean("<img src=cid:a@b width=1 height=20>").html

    @pytest.mark.parametrize(
        "source", ["data:image/png;base64,AA", "javascript:x", "/own", "file:///x", "//", "x" * 9000]
    )
    def test_other_addresses_are_left_out(self, source: str) -> None:
        result = clean(f"<img src='{source}'>", remote=True)
        assert "src=" not in result.html
        assert result.remote == ()

    def test_what_we_answer_is_encoded(self) -> None:
        result = sanitise("<img src=cid:x>", inline=lambda _: '/a?"><script>&copy;', proxy=lambda _: None)
        assert isinstance(result, Sanitised)
        assert result.html == '<img src="/a?&quot;&gt;&lt;script&gt;&amp;copy;">'


class TestLinks:
    SAFE = 'target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"'

    def test_they_open_elsewhere_without_opener_or_referrer(self) -> None:
        html = clean(
            "<a href='https://x.example/?a=1&amp;copy=2' onclick=x target=_top rel=opener title=lie>x</a>"
        ).html
        assert html == f'<a href="https://x.example/?a=1&amp;copy=2" {self.SAFE}>x</a>'

    def test_a_relative_one_is_no_link(self) -> None:
        assert clean("<a href=/accounts/logout/>x</a>").html == "<a>x</a>"

    def test_one_that_says_another_place_is_marked(self) -> None:
        html = clean("<a href=https://evil.example><b>https://bank</b>.example</a>!").html
        assert '</a><span class="ekorn-goes"' in html
        assert "> [goes to evil.example]</span>!" in html
        html = clean("<a href=https://evil.example>bank.com</a>", words=Words("går til {target} & <x>")).html
        assert "[går til evil.example &amp; &lt;x&gt;]" in html

    def test_the_mark_cannot_be_hidden_or_forged_by_name(self) -> None:
        result = clean(
            "<style>.ekorn-goes{display:none}span.ekorn-goes{color:#fff}</style><p class='ekorn-goes a'>x</p>"
        )
        assert result.stylesheet == ""
        assert result.html == '<p class="a">x</p>'

    def test_an_international_one_tells_its_wire_name(self) -> None:
        assert 'title="xn--blbr-roah.example"' in clean("<a href=https://blåbær.example>x</a>").html

    def test_mail_addresses(self) -> None:
        assert (
            'href="mailto:a@b.example?x=1&amp;y=2"'
            in clean("<a href='mailto:a@b.example?x=1&y=2'>x</a>").html
        )
        for answer, expected in (("/compose?to=a&b", 'href="/compose?to=a&amp;b"'), (None, "<a>x</a>")):
            result = sanitise(
                "<a href=mailto:a@b.example>x</a>",
                inline=lambda _: None,
                proxy=lambda _: None,
                mailto=lambda _, answer=answer: answer,
            )
            assert isinstance(result, Sanitised)
            assert expected in result.html

    def test_places_in_the_mail_keep_to_themselves(self) -> None:
        html = clean("<a href=#top>x</a><a name=top></a><p id=top>y</p><p id='a b'>z</p>").html
        assert html == '<a href="#m-top">x</a><a name="m-top"></a><p id="m-top">y</p><p>z</p>'


class TestPresentation:
    @pytest.mark.parametrize(
        ("html", "result"),
        [
            (
                "<font color=red size=+2 face='Arial, X'>a</font>",
                '<font color="red" size="+2" face="Arial, X">a</font>',
            ),
            ("<center>a</center>", "<center>a</center>"),
            ("<p align=center dir=rtl lang=ar>a", '<p align="center" dir="rtl" lang="ar">a</p>'),
            ("<ol start=3 type=a><li value=5>a</ol>", '<ol start="3" type="a"><li value="5">a</li></ol>'),
            ("<hr width=50% size=2 noshade>", '<hr width="50%" size="2" noshade>'),
            (
                "<details open><summary>a</summary>b</details>",
                "<details open><summary>a</summary>b</details>",
            ),
            ("<o:p>a</o:p><blink>b</blink><marquee>c</marquee>", "abc"),
            ("<form action=x>N <input value=1><button>Go</button><textarea>t</textarea></form>", "N Got"),
            ("<p style='mso-x:y'>a", "<p>a</p>"),
            ("<p class='a b&#34;c _d 1e'>a", '<p class="a _d">a</p>'),
            ("a<script>b</script><style>c</style><title>d</title><noscript>e</noscript>", "a"),
            ("<!--[if mso]><b>a</b><![endif]-->b<![if !mso]>c<![endif]>", "bc"),
            ("<map name=a><area href=https://x.example></map>", ""),
            ("&lt;b&gt; &amp;amp; &nbsp;&copy;&#128512;", "&lt;b&gt; &amp;amp; \xa0©😀"),
            ("a\0b", "a\ufffdb"),
            ("<p title='a&quot;b&#39;<c>&amp;d'>x", '<p title="a&quot;b&#x27;&lt;c&gt;&amp;d">x</p>'),
        ],
    )
    def test_old_markup_looks_right(self, html: str, result: str) -> None:
        found = clean(html).html.replace("&nbsp;", "\xa0")
        assert found == result

    def test_a_table_keeps_its_layout(self) -> None:
        html = (
            '<table width="600" border="0" cellpadding="4" cellspacing="0" bgcolor="#ffffff" align="center">'
            '<tbody><tr><td valign="top" colspan="2" width="50%" nowrap="">x</td></tr></tbody></table>'
        )
        assert clean(html).html == html

    @pytest.mark.parametrize(
        "attribute", ["width=99999", "width=-1", "colspan=1000000", "color=red;x", "size=99", "border=1e9"]
    )
    def test_odd_values_go(self, attribute: str) -> None:
        assert (
            attribute.partition("=")[2] not in clean(f"<table><tr><td {attribute}><font {attribute}>x").html
        )

    def test_the_body_gives_its_attributes(self) -> None:
        result = clean(
            "<html lang=nn><body bgcolor=ffeedd text=#123456 background=cid:a@b class='x ekorn-y'"
            " id=top dir=rtl"
            " style='margin:0;position:fixed' onload=x link=red><p>x"
        )
        assert dict(result.body) == {
            "style": 'background-color:#ffeedd;color:#123456;background-image:url("/ours/a");margin:0;',
            "class": "x",
            "dir": "rtl",
            "lang": "nn",
            "id": "m-top",
        }
        assert result.html == "<p>x</p>"

    def test_the_body_gives_nothing_else(self) -> None:
        result = clean(
            "<body bgcolor='red;position:fixed' text='\"><script>' background='\");x' style='\"><b>'>"
        )
        assert dict(result.body).get("style", "") in ("", "background-color:red;")

    def test_style_blocks_are_kept_apart(self) -> None:
        result = clean(
            "<style type=text/css>.a{color:red}</style><style"
            " type=x>p{color:red}</style><!--<style>q{color:red}</style>--><p class=a>x"
        )
        assert result.stylesheet == ".a{color:red;}"
        assert result.html == '<p class="a">x</p>'


class TestRefusals:
    def test_a_callback_that_fails(self, caplog: pytest.LogCaptureFixture) -> None:
        def fail(_: str) -> str:
            raise KeyError("a secret of the message")

        assert sanitise("<img src=cid:x>", inline=fail, proxy=fail) == Refused("error")
        assert "secret" not in caplog.text
        assert clean("<p>x</p>").html == "<p>x</p>"

    @pytest.mark.parametrize(
        "html", ["<p", "<x>a</x>", "a & b", "<p a=b>", "a>b", "<P>", '<p t="&x;">', "<p/>", "<!---->"]
    )
    def test_the_second_parser_takes_nothing_but_the_firsts_grammar(self, html: str) -> None:
        with pytest.raises(Exception, match="unstable"):
            list(Tokens(html))


def test_threads_do_not_mix() -> None:
    barrier = threading.Barrier(4)

    def work(number: int) -> None:
        barrier.wait(10)
        for turn in range(30):
            mine = f"{number}-{turn}"
            result = sanitise(
                f"<p>{mine}</p><img src=cid:{mine}>" * 20,
                inline=lambda reference: "/ours/" + reference[4:],
                proxy=lambda _: None,
            )
            assert isinstance(result, Sanitised)
            assert result.html == f'<p>{mine}</p><img src="/ours/{mine}">' * 20

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))


@pytest.mark.parametrize("payload", list(own()), ids=lambda payload: payload.id)
@pytest.mark.parametrize("remote", [False, True])
def test_our_payloads(payload: Payload, remote: bool) -> None:
    audit(payload.content, remote=remote)


def audit(html: str, *, remote: bool) -> None:
    """The output is clean by the oracle's lists, and stays so when it is cleaned again."""
    for _ in range(2):
        result = clean(html, remote=remote)
        found = oracle.problems(result.html) + oracle.stylesheet_problems(result.stylesheet)
        found += oracle.style_problems(dict(result.body).get("style", ""))
        assert found == []
        html = result.html


pieces = st.sampled_from(
    "<p> </p> <a href=javascript:x> <a href=//x.example/> </a> <img src=x onerror=y> <svg>"
    " </svg> <math> <style>"
    " </style> <!-- --> <![CDATA[ ]]> <table> <td> <b> </b> <script> </script> <title>"
    " </title> <select> <template>"
    " <noscript> \" ' > < = & &lt; &quot; &#x3c; ` / x style=\" title=' <p/style=x:y </"
    " <textarea> </textarea> <xmp> \0"
    " \x0c <mtext> <mglyph> <foreignObject> <desc> <form> </form> <plaintext> <iframe>"
    " <body onload=x> \u2028 {{x}}".split(" ")
)


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=40), st.sampled_from(["", " "]), st.booleans())
def test_no_mixture_gets_anything_past(parts: list[str], glue: str, remote: bool) -> None:
    audit(glue.join(parts), remote=remote)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_no_text_gets_anything_past(text: str, remote: bool) -> None:
    audit(text, remote=remote)
