from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.address import Mailbox
from webmail.mail.mailto import Mailto, parse_mailto


def people(*addresses: str) -> tuple[Mailbox, ...]:
    return tuple(Mailbox("", address) for address in addresses)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mailto:chris@example.com", Mailto(people("chris@example.com"))),
        ("MAILTO:a@b.example,c@d.example", Mailto(people("a@b.example", "c@d.example"))),
        ("mailto:?to=a@b.example&to=c@d.example", Mailto(people("a@b.example", "c@d.example"))),
        ("mailto:a@b.example?to=a@b.example%2Cc@d.example", Mailto(people("a@b.example", "c@d.example"))),
        # the examples of RFC 6068, 6
        (
            "mailto:infobot@example.com?subject=current-issue",
            Mailto(people("infobot@example.com"), subject="current-issue"),
        ),
        (
            "mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index",
            Mailto(people("infobot@example.com"), body="send current-issue\nsend index"),
        ),
        (
            "mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E",
            Mailto(people("list@example.org"), in_reply_to="<3469A91.D10AF4C@example.com>"),
        ),
        ("mailto:gorby%25kremvax@example.com", Mailto(people("gorby%kremvax@example.com"))),
        ("mailto:unlikely%3Faddress@example.com?blat=foop", Mailto(people("unlikely?address@example.com"))),
        ("mailto:Mike%26family@example.org", Mailto(people("Mike&family@example.org"))),
        ("mailto:%22not%40me%22@example.org", Mailto(people('"not@me"@example.org'))),
        (
            "mailto:user@example.org?subject=%3D%3Futf-8%3FQ%3Fcaf%3DC3%3DA9%3F%3D&body=caf%C3%A9",
            Mailto(people("user@example.org"), subject="café", body="café"),
        ),
        ("mailto:user@%E7%B4%8D%E8%B1%86.example.org", Mailto(people("user@納豆.example.org"))),
        ("mailto:a+b@c.example?subject=1+1", Mailto(people("a+b@c.example"), subject="1+1")),
        (
            "mailto:Ann%20%3Cann@x.example%3E?cc=b@x&bcc=c@x",
            Mailto((Mailbox("Ann", "ann@x.example"),), people("b@x"), people("c@x")),
        ),
        ("mailto:a@x?SUBJECT=one&subject=two&Body=a%0Ab%0D", Mailto(people("a@x"), subject="one", body="a\nb\n")),
        ("mailto:a@x?subject=%", Mailto(people("a@x"), subject="%")),
        ("mailto:a@x#b", Mailto(people("a@x"))),
        # what a stranger may not do
        ("mailto:a@x?attach=/etc/passwd&attachment=file&from=ceo@x&sender=y&reply-to=z&x-a=b", Mailto(people("a@x"))),
        ("mailto:a@x?subject=hi%0D%0ABcc:%20evil@x%00", Mailto(people("a@x"), subject="hi Bcc: evil@x")),
        ("mailto:a@x%0D%0ABcc:evil@x", Mailto(people("a@xBcc:evil@x"))),
        ("mailto:a@x?subject=%E2%80%AEgpj.exe&body=a%00%1bb", Mailto(people("a@x"), subject="gpj.exe", body="ab")),
        ("mailto:a@x?subject=%3D%3Futf-8%3FQ%3Fa%3D0D%3D0ABcc%3F%3D", Mailto(people("a@x"), subject="a Bcc")),
        ("mailto:a@x?in-reply-to=%3Ca@b%0D%0ABcc:x%3E%0D%0ATo:%20y", Mailto(people("a@x"), in_reply_to="<a@bBcc:x>")),
        # what is none
        ("javascript:alert(1)", Mailto()),
        ("https://x.example/?to=a@b", Mailto()),
        ("mailto:", Mailto()),
        ("mailto:?&=&&", Mailto()),
        ("", Mailto()),
    ],
)  # fmt: skip
def test_parses(url: str, expected: Mailto) -> None:
    assert parse_mailto(url) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_was_encoded_comes_back(subject: str, body: str) -> None:
    encoded = [quote(text, safe="", errors="replace") for text in (subject, body)]
    found = parse_mailto(f"mailto:a@x?subject={encoded[0]}&body={encoded[1]}")
    if subject.isascii() and subject.isprintable() and "  " not in subject and "=?" not in subject:
        assert found.subject == subject.strip()
    if body.isascii() and body.isprintable():
        assert found.body == body


@given(st.text(alphabet=st.sampled_from('mailto:?&=%0DA,<>"@#é\r\n\x00\ud800'), max_size=60))
def test_no_line_breaks_but_in_the_body(rest: str) -> None:
    found = parse_mailto(f"mailto:{rest}")
    lines = [found.subject, found.in_reply_to]
    lines += [one.name + one.address for one in (*found.to, *found.cc, *found.bcc)]
    assert not set("".join(lines)) & set("\r\n\x00")
    assert not set(found.body) & set("\r\x00")


@pytest.mark.parametrize("unit", ["%41", "%", "&", "?", "a@b,", "&to=a@b", "%0D%0A", '"', "<"])
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: parse_mailto("mailto:" + unit * n), 2_000)
    assert is_linear(lambda n: parse_mailto("mailto:a@b?body=" + unit * n), 2_000)
