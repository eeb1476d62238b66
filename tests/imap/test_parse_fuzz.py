"""Whatever comes: a value or a typed error, in time that grows with the input and no faster."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webmail.imap.errors import LimitError
from webmail.imap.parse import FetchResponse, ParseLimits, parse_response

SAMPLES = [
    [
        (
            b'* 1 FETCH (UID 1 FLAGS (\\Seen) RFC822.SIZE 881 INTERNALDATE "17-Nov-2023 04:00:47 +0000"'
            b' ENVELOPE ("d" "s" (("Xavier" NIL "p" "c.x")) NIL NIL ((NIL NIL "u" "e.x")) NIL NIL NIL "<1@c>")'
            b' BODYSTRUCTURE (("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 303 5 NIL NIL NIL NIL)'
            b'("message" "rfc822" NIL NIL NIL "7bit" 9 ("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL)'
            b' ("text" "plain" NIL NIL NIL "7bit" 1 1) 1)'
            b' "mixed" ("boundary" "x") NIL NIL NIL))'
        )
    ],
    [
        b"* 6 FETCH (ENVELOPE (NIL {5}",
        b'a"b\\(',
        b' (("x" NIL {1}',
        b"y",
        b' "z")) NIL NIL NIL NIL NIL NIL NIL) BODY[HEADER.FIELDS ({4}',
        b"From",
        b")] {6}",
        b"a: b\r\n",
        b" UID 6)",
    ],
    [b'* LIST (\\HasChildren) "/" "a b" ("CHILDINFO" ("SUBSCRIBED"))'],
    [b'* LIST () "/" {3}', b"a b", b""],
    [b'* STATUS "&AOY-" (MESSAGES 1 UNSEEN 2 MAILBOXID (x))'],
    [b'* ESEARCH (TAG "a") UID MIN 1 MAX 300 ALL 1:300 COUNT 300 PARTIAL (1:5 1:5)'],
    [b"* SEARCH 1 2 3 (MODSEQ 5)"],
    [b"* THREAD (2)(3 6 (4 23)(44 7 96))"],
    [b'* NAMESPACE (("" "/")) (("~" "/" "X" ("y"))) NIL'],
    [b'* QUOTA "" (STORAGE 1 2)'],
    [b"* OK [PERMANENTFLAGS (\\Deleted \\*)] Limited"],
    [b"a OK [COPYUID 1 1:3 4:6] done"],
    [b"* VANISHED (EARLIER) 1:5"],
    [b'* ID ("name" "x")'],
]
MARKS = rb' |  |"|\|\"|(|)|[|]|{|}|{3}|*|%|&|,|:|<|>|-1|99999999999999999|1:4294967295|text|"mixed"|"message" "rfc822"'
NAMES = b"UID|FLAGS|ENVELOPE|BODYSTRUCTURE|BODY[|BODY[]|BODY[HEADER.FIELDS (|BINARY.SIZE[1]|INTERNALDATE|MODSEQ|PREVIEW"
MORE = b"NIL|nil|RFC822.SIZE|5 UID 5|\x00|\xff|\r|\n"
PIECES = st.sampled_from([piece for row in (MARKS, NAMES, MORE) for piece in row.split(b"|")])
FRONTS = [
    *b"* 1 FETCH (ENVELOPE |* 1 FETCH (BODYSTRUCTURE |* 1 FETCH |* LIST () |* STATUS a |* THREAD |* FLAGS ".split(
        b"|"
    ),
    *b"* NAMESPACE |* QUOTA x |* ESEARCH |* SEARCH |* OK [|* ID |* ACL ".split(b"|"),
]
LIMITS = ParseLimits(numbers=10_000)


def survive(raw: list[bytes]) -> object:
    try:
        return parse_response(raw, limits=LIMITS)
    except LimitError:
        return None


@st.composite
def mutated(draw) -> list[bytes]:
    raw = list(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, (len(raw) - 1) // 2)) * 2
        text = raw[index]
        at = draw(st.integers(0, len(text)))
        until = min(len(text), at + draw(st.integers(0, 12)))
        raw[index] = text[:at] + draw(st.one_of(PIECES, st.binary(max_size=3))) + text[until:]
    return raw


@settings(max_examples=1500, deadline=None)
@given(mutated())
def test_mutated_responses(raw):
    response = survive(raw)
    if isinstance(response, FetchResponse):
        message = response.message
        assert message.size is None or message.size >= 0
        assert message.uid is None or message.uid >= 0
        assert message.structure is None or isinstance(message.structure.section, str)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(
        [
            b"",
            b"* ",
            b"* 1 FETCH ",
            b"* 1 FETCH (",
            b"* LIST ",
            b"* STATUS ",
            b"* ESEARCH ",
            b"* OK ",
            b"a OK ",
            b"+ ",
        ]
    ),
    st.lists(st.binary(max_size=200), min_size=1, max_size=5).filter(lambda raw: len(raw) % 2 == 1),
)
def test_arbitrary_octets(start, raw):
    survive([start + raw[0], *raw[1:]])


@settings(max_examples=800, deadline=None)
@given(
    st.sampled_from(FRONTS),
    st.lists(
        st.one_of(PIECES, PIECES, st.sampled_from([b" (", b") ", b' "a" ', b" NIL ", b" 7 "])), max_size=40
    ),
)
def test_arbitrary_tokens(start, pieces):
    survive([start + b"".join(pieces)])


@given(mutated())
@settings(max_examples=300, deadline=None)
def test_the_sequence_number_is_enough(raw):
    if raw[0].startswith((b"* 1 FETCH ", b"* 6 FETCH ")):
        assert isinstance(survive(raw), FetchResponse)


HOSTILE = {
    "quotes": b'"',
    "quote and letter": b'"a',
    "quote and space": b'" ',
    "letter, quote, space": b'a" ',
    "unescaped": b'"a"b" ',
    "escaped": b'\\"',
    "quote and escapes": b'"\\" ',
    "quote, escape, NIL": b'"\\" NIL \\" ',
    "backslashes": b"\\",
    "open": b"(",
    "close": b")",
    "open and quote": b'("',
    "empty lists": b"()",
    "sections": b"BODY[",
    "sections and quotes": b'a["',
    "quoted sections": b'a["]" ',
    "closed sections": b"BODY[1] ",
    "spaces": b" ",
    "tabs and quotes": b'"\t\t',
    "strings": b'"a" ',
    "adjacent strings": b'"a""b"',
    "NIL": b"NIL ",
    "names": b"UID ",
    "items": b"UID 5 ",
    "literals": b"{3} ",
    "numbers": b"1",
    "digits and spaces": b"1 ",
    "sets": b"1,",
    "ranges": b"1:2,",
    "shifts": b"&",
    "shifted": b"&AOY-",
    "addresses": b'(NIL NIL "a" "b")',
    "parts": b'("text" "plain" NIL NIL NIL "7bit" 1 1)',
    "messages": b'("message" "rfc822" NIL NIL NIL "7bit" 1 NIL ',
    "brackets": b"]",
    "controls": b"\x00",
    "high": b"\xff",
}
STARTS = [
    b"* 1 FETCH (UID 1 ENVELOPE (",
    b"* 1 FETCH (BODYSTRUCTURE (",
    b'* 1 FETCH (BODY[] "',
    b"* 1 FETCH (BODY[HEADER.FIELDS (",
    b'* LIST (\\X) "/" ',
    b'* LIST () "/" "',
    b"* LIST (",
    b"* STATUS ",
    b"* NAMESPACE (",
    b"* ESEARCH ALL ",
    b"* SEARCH ",
    b"* THREAD ",
    b"* OK [X (",
    b"* OK [PERMANENTFLAGS ",
    b"a OK [",
    b"+ [",
    b"",
]
SMALL, FACTOR = 4_000, 12


def seconds(raw: list[bytes]) -> float:
    best = float("inf")
    gc.disable()
    try:
        for _ in range(3):
            began = time.process_time()
            survive(raw)
            best = min(best, time.process_time() - began)
    finally:
        gc.enable()
    return best


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.decode() or "nothing")
def test_time_grows_with_the_input(start):
    """Quadratic would be 144 times the time for 12 times the input; below 10 ms nothing can be told."""
    for name, piece in HOSTILE.items():
        times = SMALL // len(piece)
        large = seconds([start + piece * times * FACTOR + b"x"])
        if large > 0.01:
            small = seconds([start + piece * times + b"x"])
            assert large < FACTOR * 6 * max(small, 0.0005), name


def test_many_literals():
    raw = [b"* 1 FETCH (X ({1}"]
    for _ in range(20_000):
        raw += [b"a", b" {1}"]
    raw += [b"a", b") UID 5)"]
    assert survive(raw).message.uid == 5


def test_many_section_literals():
    raw = [b"* 1 FETCH (UID 5 BODY[HEADER.FIELDS ({1}"]
    for _ in range(5_000):
        raw += [b"a", b" {1}"]
    raw += [b"a", b")] NIL)"]
    message = survive(raw).message
    assert message.uid == 5
    assert list(message.sections) == ["HEADER.FIELDS (" + " ".join("A" * 5_001) + ")"]


def test_a_large_literal_is_not_copied():
    body = bytes(5_000_000)
    message = survive([b"* 1 FETCH (UID 5 BODY[] {5000000}", body, b")"]).message
    assert message.sections[""] is body
