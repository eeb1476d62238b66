"""Where links go, and when the reader is told that they go somewhere else than they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.mail.html.links import ascii_host, disagrees, hosts_shown, target, web_address


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://x.example", "https://x.example/"),
        ("  HTTPS://X.example/A?b=1&c=%20#d ", "https://x.example/A?b=1&c=%20#d"),
        ("ht\ntp://x.exa\tmple/", "http://x.example/"),
        ("http:x.example/a", "http://x.example/a"),
        ("http:///x.example", "http://x.example/"),
        ("http:\\\\x.example\\a", "http://x.example/a"),
        ("//x.example/a", "https://x.example/a"),
        ("\\\\x.example/a", "https://x.example/a"),
        ("https://x.example?q", "https://x.example/?q"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://bank.example:443@evil.example:8443/", "https://evil.example:8443/"),
        ("https://a@b@evil.example", "https://evil.example/"),
        ("https://evil.example\\@bank.example", "https://evil.example/@bank.example"),
        ("https://%65vil.example/", "https://evil.example/"),
        ("https://ｅｖｉｌ。example/", "https://evil.example/"),
        ("https://bank.example․evil.example/", "https://bank.example.evil.example/"),
        ("https://blåbær.example/å", "https://xn--blbr-roah.example/å"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://[::1]:80/a", "https://[::1]:80/a"),
        ("https://x.example/a b\"c<d>'e`", "https://x.example/a%20b%22c%3Cd%3E%27e%60"),
        ("https://x.example/\u202egpj.exe", "https://x.example/%E2%80%AEgpj.exe"),
        ("mailto:a@b.example?subject=x%20y&body=z", "mailto:a@b.example?subject=x%20y&body=z"),
        ("MAILTO: a@b.example", "mailto:%20a@b.example"),
        ("tel:+47 22 33 44 55", "tel:+4722334455"),
    ],
)
def test_addresses_are_rebuilt_as_a_browser_reads_them(href: str, url: str) -> None:
    found = target(href)
    assert found is not None
    assert found.url == url


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVa\nScRiPt:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://x.example/",
        "cid:x",
        "blob:https://x/1",
        "view-source:https://x.example",
        "ms-msdt:/id",
        "intent://x#Intent;end",
        "tel:javascript",
        "/relative",
        "relative",
        "?q",
        "",
        "#x",
        "https:",
        "https://",
        "https://@/",
        "https://x.example:port/",
        "https://x y.example/",
        "https://x.example<script>/",
        "https://x..example/",
        "https://" + "a" * 300 + ".example/",
        "https://x.example/" + "a" * 9000,
        "https://[zz]/",
        "https://%zz/",
    ],
)
def test_other_addresses_are_none(href: str) -> None:
    found = target(href)
    assert found is None or (href == "tel:javascript" and found.url == href)


def test_pictures_are_only_on_the_web() -> None:
    assert web_address("//x.example/a.png") == "https://x.example/a.png"
    assert web_address("mailto:a@b.example") is None
    assert web_address("data:image/png;base64,xx") is None


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("https://bank.example", "https://evil.example/", "evil.example"),
        ("www.bank.example/login", "https://evil.example/", "evil.example"),
        ("bank.com", "https://evil.example/", "evil.example"),
        ("Sign in at bank.com now", "https://evil.example/", "evil.example"),
        ("https://bank.example/?x=evil.example", "https://evil.example/", "evil.example"),
        ("https://bank.example@evil.example", "https://bank.example@evil.example", "evil.example"),
        ("https://bank\u200b.exam\u00adple", "https://evil.example/", "evil.example"),
        ("https://bank．example", "https://evil.example/", "evil.example"),
        ("\u202emoc.knab", "https://evil.example/", "evil.example"),
        ("x " * 5000 + "https://bank.example", "https://evil.example/", "evil.example"),
        ("bank.co.uk", "https://evil.co.uk/", "evil.co.uk"),
        ("https://bank.example.evil.example", "https://bank.example/", "bank.example"),
        ("help@bank.example", "mailto:thief@evil.example", "thief@evil.example"),
        ("help@bank.example", "https://evil.example/", "evil.example"),
        ("anything", "https://pаypal.com/", "xn--pypal-4ve.com"),
        ("https://аррӏе.com", "https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("https://bank.example", "https://bank.example", None),
        ("bank.example", "https://www.bank.example/x", None),
        ("www.bank.example", "https://login.bank.example/x", None),
        ("https://login.bank.example", "https://bank.example/", None),
        ("Read more", "https://evil.example/", None),
        ("report.pdf", "https://files.example/", None),
        ("e.g. this", "https://files.example/", None),
        ("Version 1.2.3", "https://files.example/", None),
        ("node.js", "https://nodejs.example/", None),
        ("a@b.example", "mailto:a@b.example", None),
        ("A@B.example", "mailto:a@b.example?subject=x", None),
        ("write to us", "mailto:a@b.example", None),
        ("https://blåbær.no/å", "https://blåbær.no/", None),
        ("call bank.com", "tel:+4722334455", None),
        ("https://пример.рф", "https://пример.рф/", None),
        ("сор", "https://сор.рф/", None),
        ("", "https://evil.example/", None),
    ],
)
def test_a_link_that_names_another_place(text: str, href: str, shown: str | None) -> None:
    goes = target(href)
    assert goes is not None
    assert disagrees(text, goes) == shown


def test_hosts_in_text() -> None:
    assert hosts_shown("see (https://www.a.example/x), b.org. And http://c.example:80!") == [
        "a.example",
        "b.org",
        "c.example",
    ]


@given(st.text(max_size=200))
def test_no_text_breaks_anything(text: str) -> None:
    for prefix in ("", "https://", "//", "mailto:", "tel:", "http:\\", "https://x@"):
        found = target(prefix + text)
        if found is not None:
            assert found.url.startswith(("http://", "https://", "mailto:", "tel:"))
            assert not set(found.url) & set(" \t\n\"'<>\\`\0")
            disagrees(text, found)
            again = target(found.url)
            assert again is not None
            assert again.host == found.host
    ascii_host(text)
