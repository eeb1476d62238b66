"""The search language: it reads what people type, says what is wrong, and never falls over."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webmail.imap.encode import Dialect, encode
from webmail.mailbox.query.errors import QueryError
from webmail.mailbox.query.language import parse
from webmail.mailbox.query.meaning import Asker, key_of
from webmail.mailbox.query.terms import OPERATORS
from webmail.mailbox.query.values import days, octets

ASKER = Asker(addresses=("kari@example.org",), labels={"viktig": "$Important"}, today=date(2026, 11, 25))
PIECES = st.sampled_from(
    [
        *(f"{name}:" for name in OPERATORS),
        *'"()-',
        " ",
        "OR",
        "AND",
        "NOT",
        "7d",
        "5M",
        "unread",
        "attachment",
        "kari",
    ]
)
TYPED = st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join)


def wire(text: str, asker: Asker = ASKER) -> str:
    words = key_of(parse(text), asker).words("UTF-8")
    (segment,) = encode(b"T", words, Dialect(unasked_literal=1 << 20))
    return b"".join(piece for piece in segment.pieces if isinstance(piece, bytes)).decode()[2:-2]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "ALL"),
        ("budget", 'TEXT "budget"'),
        ('"to do"', 'TEXT "to do"'),
        ("from:kari subject:budget", 'FROM "kari" SUBJECT "budget"'),
        ('from: "Kari Vik"', 'FROM "Kari Vik"'),
        ("Frå:kari EMNE:budget", 'FROM "kari" SUBJECT "budget"'),
        ("-body:lunch", 'NOT BODY "lunch"'),
        ("NOT -lunch", 'TEXT "lunch"'),
        ("a b OR c", 'TEXT "a" OR TEXT "b" TEXT "c"'),
        ("(a b) OR c", 'OR (TEXT "a" TEXT "b") TEXT "c"'),
        ("-(a OR is:unread)", 'NOT OR TEXT "a" UNSEEN'),
        ("-(a b)", 'NOT (TEXT "a" TEXT "b")'),
        ("a AND b", 'TEXT "a" TEXT "b"'),
        ("to:me", 'TO "kari@example.org"'),
        ("label:Viktig label:other", "KEYWORD $Important KEYWORD other"),
        ("label:(x)", "NOT ALL"),
        (r"label:\Deleted", "NOT ALL"),
        ("is:forwarded", "KEYWORD $Forwarded"),
        ("larger:1.5MB smaller:2g", "LARGER 1500000 SMALLER 2000000000"),
        ("after:2026-11-25", "SENTSINCE 25-Nov-2026"),
        ("before:25.11.2026", "SENTBEFORE 25-Nov-2026"),
        ("on:yesterday", "SENTSINCE 24-Nov-2026 SENTBEFORE 25-Nov-2026"),
        ("on:2026-12", "SENTSINCE 1-Dec-2026 SENTBEFORE 1-Jan-2027"),
        ("after:7d", "SENTSINCE 18-Nov-2026"),
        ("rapport(1).pdf Re: https://ekorn.example/ 12:30", None),
        ("(filename:rapport(1).pdf)", None),
        ("in:archive budget", 'TEXT "budget"'),
    ],
)
def test_what_is_typed_means(typed: str, said: str | None) -> None:
    if said is not None:
        assert wire(typed) == said
    assert parse(str(parse(typed))) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "code", "piece"),
    [
        ('a "b', "quote", '"b'),
        ("(a b", "open", "(a b"),
        ("a ) b", "close", ")"),
        ("()", "empty", "()"),
        ("from:", "empty", "from:"),
        ('""', "empty", '""'),
        ("OR a", "or", "OR"),
        ("a OR", "or", "OR"),
        ("a NOT", "not", "NOT"),
        ("form:kari", "unknown", "form:"),
        ("is:purple", "is", "is:purple"),
        ("has:wings", "has", "has:wings"),
        ("larger:big", "size", "big"),
        ("after:2026-02-31", "date", "2026-02-31"),
        ("after:9999", "date", "9999"),
        ("-in:archive", "place", "in:archive"),
        ("a OR in:archive", "place", "in:archive"),
        ("((((((((((((a))))))))))))", "deep", ""),
        ("a\0b", "control", ""),
        ("a\r\nb", "control", ""),
        ("a " * 1001, "many", ""),
        ("a" * 10_001, "long", ""),
    ],
)
def test_what_is_wrong_is_named(typed: str, code: str, piece: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(typed)
    assert (caught.value.code, caught.value.piece) == (code, piece)


@given(TYPED)
def test_anything_typed_is_a_search_or_an_explained_error(typed: str) -> None:
    try:
        query = parse(typed)
    except QueryError:
        return
    assert parse(str(query)) == query
    wire(typed)
    for index in range(len(query.parts)):
        assert parse(str(query.without(index))) == query.without(index)


@given(st.integers(0, 10**12), st.sampled_from(["", "k", "M", "Gb"]))
def test_sizes(count: int, unit: str) -> None:
    assert (
        octets(f"{count % 10**11}{unit}")
        == count % 10**11 * {"": 1, "k": 10**3, "M": 10**6, "Gb": 10**9}[unit]
    )


@given(st.dates(min_value=date(1, 1, 2), max_value=date(9999, 12, 30)), st.integers(0, 9999))
def test_days_never_leave_the_calendar(today: date, count: int) -> None:
    for unit in "dwmy":
        first, end = days(f"{count}{unit}", today)
        assert first <= today
        assert (end - first).days == 1


def test_a_thousand_choices_are_not_deep() -> None:
    assert wire(" OR ".join(f"w{number}" for number in range(1000))).count("OR") == 999


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("bil", 'FUZZY TEXT "bil"'),
        ("body:bil subject:bil", 'FUZZY BODY "bil" SUBJECT "bil"'),
        ('"ein bil"', 'TEXT "ein bil"'),
        ("-bil", 'NOT TEXT "bil"'),
    ],
)
def test_words_that_are_alike_where_the_server_knows_them(typed: str, said: str) -> None:
    assert wire(typed, Asker(fuzzy=True)) == said
