from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.compose.messages import mailboxes
from tests.mail.work import is_linear
from webmail.mail.address import Mailbox
from webmail.mail.compose import format_recipients, parse_recipients


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@b.no, c@d.no; e@f.no\ng@h.no", [("", "a@b.no"), ("", "c@d.no"), ("", "e@f.no"), ("", "g@h.no")]),
        ("a@b.no c@d.no", [("", "a@b.no"), ("", "c@d.no")]),
        ("Ann <a@b.no>", [("Ann", "a@b.no")]),
        ('"Berg, Ann" <a@b.no>', [("Berg, Ann", "a@b.no")]),
        ("'Ann' <a@b.no>", [("Ann", "a@b.no")]),
        ('"Ann \\"A\\" Berg" <a@b.no>', [('Ann "A" Berg', "a@b.no")]),
        ("Berg, Ann <a@b.no>; Dal, Per <p@b.no>", [("Berg, Ann", "a@b.no"), ("Dal, Per", "p@b.no")]),
        ("Ann <a@b.no> Per <p@b.no>", [("Ann", "a@b.no"), ("Per", "p@b.no")]),
        ("a@b.no (Ann)", [("Ann", "a@b.no")]),
        ("Ann [mailto:a@b.no]", [("Ann", "a@b.no")]),
        ("Ann a@b.no", [("Ann", "a@b.no")]),
        ("Team: a@b.no, Per <p@b.no>;", [("", "a@b.no"), ("Per", "p@b.no")]),
        ("To: a@b.no", [("", "a@b.no")]),
        ("mailto:a@b.no?subject=x, <mailto:c%2Bd@b.no>", [("", "a@b.no"), ("", "c+d@b.no")]),
        ("Ann Berg\ta@b.no\t+47 22\nPer\tp@b.no", [("Ann Berg", "a@b.no"), ("Per", "p@b.no")]),
        ("Ann\tBerg\ta@b.no", [("Ann Berg", "a@b.no")]),
        ("a@bücher.example", [("", "a@xn--bcher-kva.example")]),
        ("用户@例子.广告", [("", "用户@例子.广告")]),
        ('"john doe"@x.org', [("", '"john doe"@x.org')]),
        ('Ann <"john, doe"@x.org>', [("Ann", '"john, doe"@x.org')]),
        ("a@[192.0.2.1], b@[IPv6:2001:db8::1]", [("", "a@[192.0.2.1]"), ("", "b@[IPv6:2001:db8::1]")]),
        ("\u200ba@b.no\u200b, \ufeffc@d.no", [("", "a@b.no"), ("", "c@d.no")]),
        ("山田 <a@b.no>；b＠b.no", [("山田", "a@b.no"), ("", "b@b.no")]),
        ("a@b.no, a@B.NO", [("", "a@b.no")]),
        ("a@localhost", [("", "a@localhost")]),
        ('"Ann <a@b.no>', [('"Ann', "a@b.no")]),
        ("* a@b.no\n• c@d.no\n'e@f.no'", [("", "a@b.no"), ("", "c@d.no"), ("", "e@f.no")]),
        ("a..b@docomo.example", [("", '"a..b"@docomo.example')]),
        ("Ann <a@b.no> (work), Per <p@b.no>.", [("Ann", "a@b.no"), ("Per", "p@b.no")]),
        (" ,;\n<>, -", []),
        ("", []),
    ],
)
def test_reads_what_people_type(text: str, expected: list[tuple[str, str]]) -> None:
    found = parse_recipients(text)
    assert [(mailbox.name, mailbox.address) for mailbox in found.mailboxes] == expected
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("ann, a@b.no", [("ann", "no-at")]),
        ("kari, Ann <a@b.no>", [("kari", "no-at")]),
        ("Ann <ann>", [("Ann <ann>", "no-at")]),
        ("ann@", [("ann@", "no-domain")]),
        ("@b.no", [("@b.no", "no-name")]),
        ("a@@b.no", [("a@@b.no", "bad-characters")]),
        ("a\x00@b.no", [("a\x00@b.no", "bad-characters")]),
        ("a@b_å..no", [("a@b_å..no", "bad-characters")]),
        ("Ann <a b@c.no>", [("Ann <a b@c.no>", "bad-characters")]),
        ("a" * 65 + "@b.no", [("a" * 65 + "@b.no", "too-long")]),
        ("a@corp", [("a@corp", "no-dot")]),
    ],
)
def test_names_what_is_wrong(text: str, problems: list[tuple[str, str]]) -> None:
    assert [(problem.piece, problem.code) for problem in parse_recipients(text).problems] == problems


def test_a_name_alone_is_only_a_hint() -> None:
    found = parse_recipients("a@corp")
    assert found.mailboxes == (Mailbox("", "a@corp"),)
    assert found.errors == ()


def test_is_bounded() -> None:
    found = parse_recipients(", ".join(f"a{index}@b.no" for index in range(6_000)))
    assert len(found.mailboxes) == 5_000
    assert [problem.code for problem in found.problems] == ["too-many"]


@given(st.lists(mailboxes, max_size=6))
def test_is_read_as_written(people: list[Mailbox]) -> None:
    once = parse_recipients(format_recipients(people))
    assert [m.address for m in once.mailboxes] == list(dict.fromkeys(person.address for person in people))
    assert once.problems == ()
    assert parse_recipients(format_recipients(once.mailboxes)) == once


@given(st.text(max_size=200) | st.text(alphabet="a@b.,;:<>()[]\"'\\ \t\n＠", max_size=60))
def test_never_raises(text: str) -> None:
    found = parse_recipients(text)
    for mailbox in found.mailboxes:
        assert not set(mailbox.name + mailbox.address) & set("\r\n\x00\u202e")
    assert parse_recipients(format_recipients(found.mailboxes)).mailboxes == found.mailboxes


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "<",
        "(",
        "[",
        "a,",
        "\\",
        '\\"',
        "a@b.no ",
        "a@b.no,",
        ":",
        ";",
        "a ",
        "\t",
        "a\t",
        "'",
        "@",
        "å@",
    ],
)
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: parse_recipients(unit * n), 10_000)
