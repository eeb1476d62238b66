from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.work import is_linear
from webmail.mail.address import Group, Mailbox, flatten, from_envelope, mailbox_from, parse_address_list


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Ann <ann@example.org>", [("Ann", "ann@example.org")]),
        (b"ann@example.org", [("", "ann@example.org")]),
        (b'"Doe, John" <j@x.org>, bob@y.org (Bob B)', [("Doe, John", "j@x.org"), ("Bob B", "bob@y.org")]),
        (b"=?utf-8?Q?Doe=2C_J=C3=B8?= <j@x>", [("Doe, Jø", "j@x")]),
        (b"=?utf-8?Q?a,b?= <j@x>, c@d", [("a,b", "j@x"), ("", "c@d")]),
        (b"=?utf-8?Q?ceo=40bank.example?= <evil@x.org>", [("ceo@bank.example", "evil@x.org")]),
        ("用户 <用户@例子.广告>".encode(), [("用户", "用户@例子.广告")]),
        (b"a@b.c; d@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        (b"Ann ann@example.org", [("Ann", "ann@example.org")]),
        (b"ann@example.org <ann@example.org>", [("", "ann@example.org")]),
        (b"'Ann' <a@b>", [("Ann", "a@b")]),
        (b"<@a,@b:c@d.e>", [("", "c@d.e")]),
        (b'"unclosed <a@b.c>', [("unclosed", "a@b.c")]),
        (b"a@b.c,\r\n\td@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        (b"Foo <a@[1.2.3.4]>", [("Foo", "a@[1.2.3.4]")]),
        (b"just a name", [("just a name", "")]),
        (b"root", [("", "root")]),
        (b"", []),
        (b"<>", []),
        (b", ,;", []),
        (b"undisclosed-recipients:;", [("undisclosed-recipients", "")]),
        (b"G: a@b.c, X <d@e.f>; z@z.z", [("", "a@b.c"), ("X", "d@e.f"), ("", "z@z.z")]),
        (b"\xff\xfe <a@b.c>", [("ÿþ", "a@b.c")]),
        (b"=?utf-8?Q?=E2=80=AEmoc?= <a@b.c>", [("moc", "a@b.c")]),
    ],
)
def test_parse_address_list(raw: bytes, expected: list[tuple[str, str]]) -> None:
    assert [(person.name, person.address) for person in flatten(parse_address_list(raw))] == expected


@dataclass
class Wire:
    name: bytes | None
    mailbox: bytes | None
    host: bytes | None


def test_reads_envelope_addresses_with_groups() -> None:
    wire = [
        Wire(b"=?utf-8?q?J=C3=B8?=", b"j", b"x.org"),
        Wire(None, b"Team", None),
        Wire(None, b"a", b"b.c"),
        Wire(None, None, None),
        Wire(None, b"lost", None),
    ]
    assert from_envelope(wire) == (
        Mailbox("Jø", "j@x.org"),
        Group("Team", (Mailbox("", "a@b.c"),)),
        Group("lost"),
    )


def test_drops_what_servers_put_for_missing_parts() -> None:
    assert mailbox_from(None, b"MISSING_MAILBOX", b"MISSING_DOMAIN") is None
    assert mailbox_from(b"Ann", b"ann", b".MISSING-HOST-NAME.") is not None
    assert mailbox_from(b"Ann", b"ann", b"MISSING_DOMAIN") == Mailbox("Ann", "ann")
    assert mailbox_from(None, None, None) is None


def test_knows_a_name_that_pretends() -> None:
    assert Mailbox("ceo@bank.example", "evil@x.org").deceptive
    assert Mailbox("Ann (ann@example.org)", "spam@x.org").deceptive
    assert not Mailbox("ann@example.org", "Ann@Example.org").deceptive
    assert not Mailbox("Ann @ home", "a@b.c").deceptive


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("a@xn--bcher-kva.example", "a@bücher.example"),
        ("a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com"),
        ("a@xn--pple-43d.com", "a@xn--pple-43d.com"),
        ("a@xn--fsqu00a.xn--0zwm56d", "a@例子.测试"),
        ("a@xn--", "a@xn--"),
        ("a@xn--\ud800", "a@xn--\ud800"),
        ("a@example.org", "a@example.org"),
        ("nobody", "nobody"),
    ],
)
def test_shows_domains_in_unicode_where_that_is_safe(address: str, shown: str) -> None:
    assert Mailbox("", address).display_address == shown


@pytest.mark.parametrize(
    ("name", "address", "initials"),
    [
        ("Ann Berg", "", "AB"),
        ("Ann", "", "A"),
        ("", "ola.nordmann@x", "ON"),
        ("王小明", "", "王"),
        ("", "", "?"),
        ("«Åse» (jobb)", "", "Å"),
        ("!!!", "", "?"),
    ],
)
def test_initials(name: str, address: str, initials: str) -> None:
    assert Mailbox(name, address).initials == initials


def test_hue_is_stable() -> None:
    assert Mailbox("A", "ann@example.org").hue == Mailbox("B", "ANN@example.org").hue
    assert 0 <= Mailbox("", "").hue < 360


@given(st.binary(max_size=300) | st.text(max_size=150))
def test_never_raises(raw: bytes | str) -> None:
    for person in flatten(parse_address_list(raw)):
        assert not set(person.name + person.address) & set("\r\n\x00\u202e")
        assert person.display_address is not None
        assert len(person.initials) <= 3
        assert person.deceptive in (True, False)


@pytest.mark.parametrize(
    "unit", [b'"', b"<", b"(", b"a,", b"\\", b'\\"', b"a@b ", b"=?a?q?", b":", b";", b"[", b"a "]
)
def test_is_linear(unit: bytes) -> None:
    assert is_linear(lambda n: parse_address_list(unit * n), 10_000)
