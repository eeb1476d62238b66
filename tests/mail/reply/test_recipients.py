from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.address import Mailbox
from webmail.mail.reply import (
    Own,
    Reply,
    original_of,
    own_address_used,
    reply_to_all,
    reply_to_list,
    reply_to_sender,
)

OWN = ("me@example.org", "me@bücher.example")
LIST = "List-Id: Walks <walks.lists.example>\nList-Post: <mailto:walks@lists.example>\n"


def shown(reply: Reply) -> tuple[str, str]:
    return " ".join(one.address for one in reply.to), " ".join(one.address for one in reply.cc)


CASES = {
    # header: (to the sender, to all, their Cc)
    "From: ann@x.example\nTo: me@example.org": ("ann@x.example", "ann@x.example", ""),
    "From: ann@x.example\nTo: ME@Example.ORG, bob@y.example\nCc: cc@z.example": (
        "ann@x.example",
        "ann@x.example bob@y.example",
        "cc@z.example",
    ),
    "From: ann@x.example\nTo: me+shop@example.org, me@xn--bcher-kva.example": (
        "ann@x.example",
        "ann@x.example",
        "",
    ),
    "From: ann@x.example\nTo: bob@y.example\nCc: me@example.org, Bob@Y.example, ann@x.example": (
        "ann@x.example",
        "ann@x.example bob@y.example",
        "",
    ),
    "From: ann@x.example\nReply-To: office@x.example\nTo: me@example.org": (
        "office@x.example",
        "office@x.example",
        "",
    ),
    "From: ann@x.example\nReply-To: me@example.org\nTo: me@example.org": (
        "ann@x.example",
        "ann@x.example",
        "",
    ),
    "From: ann@x.example, bo@x.example\nTo: me@example.org": (
        "ann@x.example bo@x.example",
        "ann@x.example bo@x.example",
        "",
    ),
    "From: ann@x.example\nTo: undisclosed-recipients:;": ("ann@x.example", "ann@x.example", ""),
    "From: ann@x.example\nTo: Team: bo@x.example, me@example.org;": (
        "ann@x.example",
        "ann@x.example bo@x.example",
        "",
    ),
    # one's own message goes where it went
    "From: me@example.org\nTo: bob@y.example\nCc: cc@z.example": (
        "bob@y.example",
        "bob@y.example",
        "cc@z.example",
    ),
    "From: me@example.org\nCc: cc@z.example": ("cc@z.example", "cc@z.example", ""),
    "From: me@example.org\nReply-To: office@example.org\nTo: bob@y.example": (
        "bob@y.example",
        "bob@y.example",
        "",
    ),
    "From: me@example.org\nTo: me@example.org": ("me@example.org", "me@example.org", ""),
    "From: me@example.org\nTo: me@example.org, bob@y.example": ("bob@y.example", "bob@y.example", ""),
    # a form on one's own site
    "From: me@example.org\nReply-To: visitor@v.example\nTo: me@example.org": (
        "visitor@v.example",
        "visitor@v.example",
        "",
    ),
    # Mail-Followup-To and Mail-Reply-To
    "From: ann@x.example\nMail-Followup-To: list@l.example, me@example.org\nTo: list@l.example\nCc: bob@y.example": (
        "ann@x.example",
        "list@l.example",
        "",
    ),
    "From: ann@x.example\nMail-Followup-To: me@example.org\nTo: me@example.org": (
        "ann@x.example",
        "ann@x.example",
        "",
    ),
    "From: ann@x.example\nMail-Reply-To: ann@home.example\nReply-To: list@l.example\nTo: list@l.example": (
        "ann@home.example",
        "ann@home.example list@l.example",
        "",
    ),
    # lists that put themselves into Reply-To, or into From
    f"{LIST}From: ann@x.example\nReply-To: Walks@lists.example\nTo: walks@lists.example": (
        "ann@x.example",
        "ann@x.example Walks@lists.example",
        "",
    ),
    f"{LIST}From: ann@x.example\nReply-To: walks@lists.example\nTo: other@y.example": (
        "ann@x.example",
        "ann@x.example walks@lists.example other@y.example",
        "",
    ),
    f"{LIST}From: Ann via Walks <walks@lists.example>\nReply-To: Ann <ann@x.example>\nTo: walks@lists.example": (
        "ann@x.example",
        "ann@x.example walks@lists.example",
        "",
    ),
    f"{LIST}From: Ann B via Walks <walks@lists.example>\nReply-To: walks@lists.example\n"
    "To: walks@lists.example\nCc: Ann B <ann@x.example>, Bo <bo@x.example>": (
        "ann@x.example",
        "ann@x.example walks@lists.example",
        "bo@x.example",
    ),
    f"{LIST}From: 'Ann' via Walks <walks@lists.example>\nX-Original-From: Ann <ann@x.example>\n"
    "Reply-To: walks@lists.example\nTo: walks@lists.example": (
        "ann@x.example",
        "ann@x.example walks@lists.example",
        "",
    ),
    f"{LIST}From: walks@lists.example\nTo: me@example.org": (
        "walks@lists.example",
        "walks@lists.example",
        "",
    ),
    # nobody, and nonsense
    "Subject: x": ("", "", ""),
    "From: root\nTo: me@example.org": ("", "", ""),
    "From: \nReply-To: <>\nTo: bob@y.example": ("", "bob@y.example", ""),
}


@pytest.mark.parametrize("header", CASES)
def test_whom_a_reply_goes_to(header: str) -> None:
    original = original_of(header.encode())
    to_sender, to_all, cc = CASES[header]
    assert (shown(reply_to_sender(original, OWN))[0], shown(reply_to_all(original, OWN))) == (
        to_sender,
        (to_all, cc),
    )
    assert reply_to_sender(original, OWN).cc == ()


@pytest.mark.parametrize(
    ("header", "to"),
    [
        (f"{LIST}From: ann@x.example\nTo: The Walks <WALKS@lists.example>", "WALKS@lists.example"),
        (f"{LIST}From: ann@x.example", "walks@lists.example"),
        ("List-Post: NO\nList-Id: <news.x.example>\nTo: news@x.example", ""),
        ("List-Id: News <news.x.example>\nTo: a@b.example\nCc: News@x.example", "News@x.example"),
        ("List-Id: news.x.example\nTo: news@x.example", "news@x.example"),
        ("List-Post: <https://x.example/post>, <mailto:a%2Bb@x.example?subject=hi>", "a+b@x.example"),
        ("List-Post: <mailto:a@x.example%0d%0abcc:evil@x.example>", ""),
        ("From: ann@x.example", ""),
    ],
)
def test_a_reply_to_the_list(header: str, to: str) -> None:
    original = original_of(header.encode())
    assert shown(reply_to_list(original)) == (to, "")
    assert original.from_list is bool(to)


def test_names_are_kept() -> None:
    original = original_of(b"From: =?utf-8?q?J=C3=B8?= <j@x.example>\nTo: me@example.org")
    assert reply_to_sender(original, OWN).to == (Mailbox("Jø", "j@x.example"),)


@pytest.mark.parametrize(
    ("header", "used"),
    [
        ("To: a@b.example, ME@example.org", "me@example.org"),
        ("To: list@l.example\nDelivered-To: me+walks@example.org", "me@example.org"),
        ("X-Original-To: <me@xn--bcher-kva.example>\nTo: list@l.example", "me@bücher.example"),
        ("From: me@example.org\nTo: me@bücher.example", "me@example.org"),
        ("To: you@example.org", ""),
        ("To: m@example.org\nCc: me@bücher.example\nDelivered-To: me@example.org", "me@bücher.example"),
    ],
)
def test_which_own_address_was_used(header: str, used: str) -> None:
    assert own_address_used(original_of(header.encode()), OWN) == used


def test_own_addresses_are_not_others() -> None:
    own = Own(("me+a@example.org", "you@example.org"))
    assert "me@example.org" not in own
    assert "me+b@example.org" not in own
    assert "ME+A@example.org" in own
    assert "" not in own
    assert "you@example.com" not in own


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["From", "To", "Cc", "Reply-To", "Mail-Followup-To", "List-Post", "List-Id", "Delivered-To"]
            ),
            st.sampled_from(
                [
                    "me@example.org",
                    "a@b.example",
                    "<mailto:a@b.example>",
                    "B <a@b.example>",
                    "x",
                    "G: ;",
                    "<",
                    "\xff",
                ]
            ),
        ),
        max_size=12,
    )
)
def test_everybody_once_and_oneself_last(fields: list[tuple[str, str]]) -> None:
    original = original_of("\n".join(f"{name}: {value}" for name, value in fields).encode("latin_1"))
    for reply in (reply_to_sender(original, OWN), reply_to_all(original, OWN), reply_to_list(original)):
        addresses = [one.address.lower() for one in (*reply.to, *reply.cc)]
        assert len(addresses) == len(set(addresses))
        assert all("@" in address for address in addresses)
        assert "me@example.org" not in addresses or len(addresses) == 1
        assert reply.to or not reply.cc


@given(st.binary(max_size=300))
def test_never_raises(raw: bytes) -> None:
    original = original_of(raw)
    reply_to_all(original, OWN)
    own_address_used(original, OWN)


@pytest.mark.parametrize("name", ["To", "Cc", "List-Post", "List-Id", "References", "Delivered-To"])
@pytest.mark.parametrize("unit", ["a@b.example,", "<a@b>", "<mailto:", "<", " ", "\n "])
def test_is_linear(name: str, unit: str) -> None:
    def work(size: int) -> None:
        reply_to_all(original_of(f"From: a@b.c\n{name}: {unit * size}".encode()), OWN)

    assert is_linear(work, 2_000)
