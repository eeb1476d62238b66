from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.address import Mailbox
from webmail.mail.mailto import Mailto
from webmail.mail.unsubscribe import Unsubscribe, unsubscribe_of

HOST = "mx.example.org"
RESULTS = f"Authentication-Results: {HOST}; dkim=pass header.d=shop.example header.s=s1\n"
SIGNATURE = (
    "DKIM-Signature: v=1; a=rsa-sha256; d=Shop.Example; s=s1;\n"
    " h=From:To:Subject:List-\n Unsubscribe:List-Unsubscribe-Post; b=abc=\n"
)
FROM = "From: News <news@mail.shop.example>\n"
FIELD = "List-Unsubscribe: <https://shop.example/u?id=1>, <mailto:u@shop.example?subject=leave>\n"
POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
GOOD = RESULTS + SIGNATURE + FROM + FIELD + POST
MAIL = Mailto(to=(Mailbox("", "u@shop.example"),), subject="leave")
URL = "https://shop.example/u?id=1"


def test_one_click() -> None:
    assert unsubscribe_of(GOOD.encode(), (HOST,)) == Unsubscribe(URL, URL, MAIL)


@pytest.mark.parametrize(
    "header",
    [
        GOOD.replace("dkim=pass", "dkim=fail"),
        GOOD.replace("header.d=shop.example", "header.d=evil.example"),
        GOOD.replace("Shop.Example", "evil.example"),
        GOOD.replace("s=s1;", "s=s2;"),
        GOOD.replace("news@mail.shop.example", "news@bank.example"),
        GOOD.replace(":List-Unsubscribe-Post", ""),
        GOOD.replace(":List-\n Unsubscribe:", ":"),
        GOOD.replace(SIGNATURE, SIGNATURE + SIGNATURE.replace(":List-Unsubscribe-Post", "")),
        GOOD.replace(SIGNATURE, ""),
        GOOD.replace(RESULTS, ""),
        GOOD.replace(HOST, "evil.example"),
        GOOD.replace("One-Click", "No"),
        GOOD.replace(POST, ""),
        GOOD + POST,
        GOOD + FROM,
        GOOD + "List-Unsubscribe: <https://evil.example/>\n",
        GOOD.replace("https:", "http:"),
    ],
)
def test_no_one_click(header: str) -> None:
    found = unsubscribe_of(header.encode(), (HOST,))
    assert found.one_click_url == ""
    assert found.link_url in (URL, URL.replace("https", "http"))
    assert found.mailto == MAIL


def test_nobody_is_trusted_by_default() -> None:
    assert unsubscribe_of(GOOD.encode()).one_click_url == ""


@pytest.mark.parametrize(
    ("value", "link", "mail"),
    [
        ("<mailto:u@x.example>", "", "u@x.example"),
        ("<mailto:u@x.example?cc=a@b&bcc=c@d&body=go%0Aaway>", "", "u@x.example"),
        ("<http://x.example/>, <https://x.example/2>", "https://x.example/2", ""),
        ("(comment) <HTTPS://x.example/>", "HTTPS://x.example/", ""),
        ("<https://x.example/\n a b>", "https://x.example/ab", ""),
        ("https://x.example/u", "https://x.example/u", ""),
        ("mailto:u@x.example", "", "u@x.example"),
        ("<https://x.example:8443/>", "https://x.example:8443/", ""),
        ("<javascript:alert(1)>, <data:text/html,x>, <ftp://x.example>", "", ""),
        ("<https://user@x.example/>", "", ""),
        ("<https://x.example\\@evil.example/>", "", ""),
        ("<https://127.0.0.1/>, <https://[::1]/>, <https://localhost/>, <https://2130706433/>", "", ""),
        ("<https://x.example:99999/>, <https:///>, <https://x..example/>", "", ""),
        ("<https://аpple.com/>", "", ""),
        ('<https://x.example/"onclick=x>', "", ""),
        ("<mailto:>, <>, <<", "", ""),
        ("", "", ""),
        ("NO", "", ""),
    ],
)
def test_addresses(value: str, link: str, mail: str) -> None:
    found = unsubscribe_of(f"List-Unsubscribe: {value}".encode())
    assert (found.link_url, found.mailto.to[0].address if found.mailto else "") == (link, mail)
    assert found.mailto is None or (found.mailto.cc, found.mailto.bcc) == ((), ())
    assert bool(found) is bool(link or mail)


@given(
    st.lists(
        st.sampled_from(["<", ">", "https://", "mailto:", "a@b.c", "[", "]", ":", "/", "\n ", "\xe5", ","])
    )
)
def test_never_raises(pieces: list[str]) -> None:
    unsubscribe_of(f"List-Unsubscribe: {''.join(pieces)}\n".encode("latin_1"))
    unsubscribe_of((GOOD + f"DKIM-Signature: {''.join(pieces)}").encode("latin_1"), (HOST,))


@pytest.mark.parametrize("unit", ["<", "<mailto:a@b.c>", "<https://x.example/>", " ", ";a=b", ";h=a:"])
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: unsubscribe_of(f"List-Unsubscribe: {unit * n}".encode()), 2_000)
    assert is_linear(
        lambda n: unsubscribe_of((GOOD + f"DKIM-Signature: {unit * n}").encode(), (HOST,)), 2_000
    )
