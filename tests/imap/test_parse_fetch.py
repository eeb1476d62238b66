"""What servers really send for FETCH, and what must be left of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webmail.imap.parse import FetchResponse, ParseLimits, Unknown, parse_response
from webmail.imap.types import Address, Envelope, Fetched

ANN = b'(("Ann" NIL "ann" "example.org"))'
NOBODY = b"NIL NIL NIL NIL NIL NIL"
TEXT = b'("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 27 3 NIL NIL NIL NIL)'


def fetch(*raw: bytes, **options) -> Fetched:
    first, *rest = raw
    response = parse_response([b"* 7 FETCH " + first, *rest], **options)
    assert isinstance(response, FetchResponse)
    assert response.message.seq == 7
    return response.message


def envelope(text: bytes, *rest: bytes) -> Envelope:
    message = fetch(b"(UID 5 ENVELOPE " + text, *rest) if rest else fetch(b"(UID 5 ENVELOPE " + text + b")")
    assert message.uid == 5
    assert message.broken == ()
    return message.envelope


def structure(text: bytes):
    message = fetch(b"(BODYSTRUCTURE " + text + b" UID 5)")
    assert message.uid == 5
    assert message.broken == ()
    return message.structure


def test_a_whole_page_row():
    message = fetch(
        b'(UID 42 FLAGS (\\Seen $Forwarded) RFC822.SIZE 881 INTERNALDATE "17-Nov-2023 04:00:47 +0130" MODSEQ (12)'
        b' ENVELOPE ("Fri, 17 Nov 2023 03:57:02 -0000" "Hello" '
        + ANN
        + b" "
        + ANN
        + b" "
        + ANN
        + b' ((NIL NIL "bob" "b.example")(NIL NIL "eve" "e.example")) NIL NIL NIL "<1@example.org>")'
        b" BODYSTRUCTURE " + TEXT + b' PREVIEW "Dear \\"Bob\\"" EMAILID (M1) THREADID NIL)'
    )
    ann = Address(b"Ann", b"ann", b"example.org")
    assert (message.uid, message.size, message.modseq) == (42, 881, 12)
    assert message.flags == {"\\Seen", "$Forwarded"}
    assert message.internal_date == datetime(2023, 11, 17, 2, 30, 47, tzinfo=UTC)
    assert message.envelope == Envelope(
        b"Fri, 17 Nov 2023 03:57:02 -0000",
        b"Hello",
        (ann,),
        (ann,),
        (ann,),
        (Address(None, b"bob", b"b.example"), Address(None, b"eve", b"e.example")),
        message_id=b"<1@example.org>",
    )
    assert message.structure.section == "1"
    assert message.structure.params == {"charset": b"utf-8"}
    assert (message.structure.size, message.structure.lines) == (27, 3)
    assert message.preview == b'Dear "Bob"'
    assert (message.email_id, message.thread_id) == ("M1", None)
    assert message.broken == ()


@pytest.mark.parametrize(
    ("wire", "subject"),
    [
        (b'"plain"', b"plain"),
        (b'""', b""),
        (b"NIL", None),
        (b"nil", None),
        (b"Nil", None),
        (b'"NIL"', b"NIL"),
        (b"atom", b"atom"),
        (b"1234", b"1234"),
        (b'"a \\"quoted\\" word"', b'a "quoted" word'),
        (b'"back\\\\slash"', b"back\\slash"),
        (b'"C:\\temp\\new"', b"C:\\temp\\new"),
        (b'"\xe5\xe6\xf8 \xff raw"', b"\xe5\xe6\xf8 \xff raw"),
        ('"grå 日本"'.encode(), "grå 日本".encode()),
        (b'"say "hi" to me"', b'say "hi" to me'),
        (b'""hi" she said"', b'"hi" she said'),
        (b'"he said "hi""', b'he said "hi"'),
        (b'""hi""', b'"hi"'),
        (b'"a "b" c "d" e"', b'a "b" c "d" e'),
        (b'"C:\\dir\\"', b"C:\\dir\\"),
        (b'"ends with (paren" here"', b'ends with (paren" here'),
        (b'"[list] (x) {3}"', b"[list] (x) {3}"),
        (b'"one" "two"', b'one" "two'),
        (b'"x" y"', b'x" y'),
    ],
)
def test_subjects(wire, subject):
    read = envelope(
        b'("Fri, 17 Nov 2023 03:57:02 +0000" ' + wire + b" " + ANN + b' NIL NIL NIL NIL NIL NIL "<m@x>")'
    )
    assert read.subject == subject
    assert read.from_ == (Address(b"Ann", b"ann", b"example.org"),)
    assert read.message_id == b"<m@x>"


def test_literals_anywhere():
    message = fetch(
        b"(UID 5 ENVELOPE ({4}",
        b"date",
        b" {9+}",
        b'a "b" \\ (c',
        b" ((~{3}",
        b"Ann",
        b" NIL {3}",
        b"ann",
        b' "example.org")) NIL NIL NIL NIL NIL NIL {5}',
        b"<m@x>",
        b") BODY[HEADER.FIELDS ({7}",
        b"List-Id",
        b" {4}",
        b"From",
        b")] {6}",
        b"ab)\r\n\\",
        b" FLAGS (\\seen))",
    )
    assert message.broken == ()
    assert message.envelope.date == b"date"
    assert message.envelope.subject == b'a "b" \\ (c'
    assert message.envelope.from_ == (Address(b"Ann", b"ann", b"example.org"),)
    assert message.envelope.message_id == b"<m@x>"
    assert message.sections == {"HEADER.FIELDS (LIST-ID FROM)": b"ab)\r\n\\"}
    assert message.flags == {"\\Seen"}


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b"NIL", ()),
        (b"()", ()),
        (b'""', ()),
        (b"(NIL)", ()),
        (b"(())", ()),
        (b'((NIL NIL "a" "b"))', (Address(None, b"a", b"b"),)),
        (b'((NIL NIL "a" "b") (NIL NIL "c" "d"))', (Address(None, b"a", b"b"), Address(None, b"c", b"d"))),
        (b'(NIL NIL "a" "b")', (Address(None, b"a", b"b"),)),
        (b'(((NIL NIL "a" "b")))', (Address(None, b"a", b"b"),)),
        (b'(("N" "a" "b"))', (Address(b"N", b"a", b"b"),)),
        (b'(("a" "b"))', (Address(None, b"a", b"b"),)),
        (b'(("N" NIL "a" "b" "extra" NIL))', (Address(b"N", b"a", b"b"),)),
        (b"((NIL NIL a b))", (Address(None, b"a", b"b"),)),
        (b'(("N <x@y>"))', (Address(b"N", b"x", b"y"),)),
        (b'"a@b"', (Address(None, b"a", b"b"),)),
        (b'("a@b" "c@d")', (Address(None, b"a@b", b"c@d"),)),
        (
            b'((NIL NIL "team" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL))',
            (Address(None, b"team", None), Address(None, b"a", b"b"), Address(None, None, None)),
        ),
    ],
)
def test_address_lists(wire, expected):
    read = envelope(b'("d" "s" NIL NIL NIL ' + wire + b' NIL NIL NIL "<m@x>")')
    assert read.to == expected
    assert read.message_id == b"<m@x>"


@pytest.mark.parametrize(
    "wire",
    [
        b'("D 1:00" "S" %s NIL NIL NIL NIL NIL NIL "<m@x>")' % ANN,
        b'(("D 1:00" "S" %s NIL NIL NIL NIL NIL NIL "<m@x>"))' % ANN,
        b'( "D 1:00"  "S"  %s  NIL NIL NIL NIL NIL NIL "<m@x>" )' % ANN,
        b'("D 1:00" "S" %s NIL NIL NIL NIL NIL NIL "<m@x>" NIL "more" ())' % ANN,
        b'("D 1:00" "S" %s "<m@x>")' % ANN,
        b'("D 1:00" "S"%sNIL NIL NIL NIL NIL NIL "<m@x>")' % ANN,
        b'("D 1:00""S" %s NIL NIL NIL NIL NIL NIL "<m@x>")' % ANN,
        b'("D 1:00" ("S") %s NIL NIL NIL NIL NIL NIL ("<m@x>"))' % ANN,
        b'"D 1:00" "S" %s NIL NIL NIL NIL NIL NIL "<m@x>"' % ANN,
    ],
)
def test_misshapen_envelopes(wire):
    message = fetch(b"(UID 5 ENVELOPE " + wire + b" RFC822.SIZE 3)")
    assert message.uid == 5
    assert message.size == 3
    assert message.envelope.date == b"D 1:00"
    assert message.envelope.subject == b"S"
    assert message.envelope.from_ == (Address(b"Ann", b"ann", b"example.org"),)
    assert message.envelope.message_id == b"<m@x>"


def test_envelope_without_a_date_or_a_subject():
    assert envelope(b'("Hello" ' + ANN + b' NIL NIL NIL NIL NIL NIL "<m@x>")').subject == b"Hello"
    assert envelope(b"(" + ANN + b' NIL NIL NIL NIL NIL NIL "<m@x>")').from_
    assert envelope(b"(NIL NIL " + NOBODY + b" NIL NIL)") == Envelope()
    assert envelope(b"(1700000000 NIL " + NOBODY + b" NIL NIL)").date == b"1700000000"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (b"(ENVELOPE NIL UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("ENVELOPE",)),
        (b"(ENVELOPE () UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("ENVELOPE",)),
        (b"(ENVELOPE UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("ENVELOPE",)),
        (b"(BODYSTRUCTURE () UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("BODYSTRUCTURE",)),
        (b"(BODYSTRUCTURE NIL UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("BODYSTRUCTURE",)),
        (b"(BODYSTRUCTURE UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("BODYSTRUCTURE",)),
        (b"(INTERNALDATE yesterday UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("INTERNALDATE",)),
        (b'(BODY[] ("a" (b)) UID 5 FLAGS (\\Seen) RFC822.SIZE 3)', ("BODY[]",)),
        (b"(MODSEQ (x) UID 5 FLAGS (\\Seen) RFC822.SIZE 3)", ("MODSEQ",)),
        (b"(UID 5 FLAGS (\\Seen) RFC822.SIZE 3 ENVELOPE", ("ENVELOPE",)),
        (b"(UID 5 FLAGS (\\Seen) RFC822.SIZE 3 ENVELOPE)", ("ENVELOPE",)),
    ],
)
def test_a_broken_item_costs_itself_only(text, broken):
    message = fetch(text)
    assert message.broken == broken
    assert message.uid == 5
    assert message.flags == {"\\Seen"}
    assert message.size == 3


@pytest.mark.parametrize(
    "text",
    [
        # Parentheses missing or too many, in every item that has some.
        b"(ENVELOPE (NIL NIL %s NIL NIL NIL NIL NIL NIL NIL UID 5 FLAGS (\\Seen) RFC822.SIZE 3)" % ANN,
        b"(ENVELOPE (NIL NIL %s NIL NIL NIL NIL NIL NIL NIL)) UID 5 FLAGS (\\Seen) RFC822.SIZE 3)" % ANN,
        b'(BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 1 1 UID 5 FLAGS (\\Seen) RFC822.SIZE 3)',
        b'(BODYSTRUCTURE ("text" "plain" ("a" "b" NIL NIL "7bit" 1 1) UID 5 FLAGS (\\Seen) RFC822.SIZE 3)',
        b'(BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 1 1))) UID 5 FLAGS (\\Seen) RFC822.SIZE 3)',
        b"(FLAGS (\\Seen UID 5 RFC822.SIZE 3)",
        b"(FLAGS (\\Seen)) UID 5 RFC822.SIZE 3)",
        b"UID 5 FLAGS (\\Seen) RFC822.SIZE 3",
        b"((UID 5 FLAGS (\\Seen) RFC822.SIZE 3))",
        b"(UID 5 FLAGS (\\Seen) RFC822.SIZE 3",
        b"(UID 5 FLAGS \\Seen RFC822.SIZE 3)",
        b"( UID  5  FLAGS  ( \\Seen )  RFC822.SIZE  3 ) ",
        b"(uid 5 flags (\\SEEN) rfc822.size 3)",
        b"(UID 5 FLAGS(\\Seen)RFC822.SIZE 3)",
        b"(UID 5 FLAGS (\\Seen) RFC822.SIZE 3) garbage ) (",
        b"(UID +5 FLAGS (\\Seen) RFC822.SIZE 0000003)",
        b'(UID "5" FLAGS ("\\\\Seen") RFC822.SIZE "3")',
        b"(XAOL.SPAM.REASON 0 XAOL-LIST (A (B C)) UID 5 FLAGS (\\Seen) RFC822.SIZE 3)",
        b'(UID 5 FLAGS (\\Seen) RFC822.SIZE 3 BODY[TEXT] "no end)',
        b'(PREVIEW "a " quote" UID 5 FLAGS (\\Seen) RFC822.SIZE 3)',
    ],
)
def test_the_other_items_are_found_again(text):
    message = fetch(text)
    assert message.uid == 5
    assert message.flags == {"\\Seen"}
    assert message.size == 3


@pytest.mark.parametrize(
    ("wire", "size"),
    [(b"-1", 0), (b"-99999999999999999999", 0), (b"9" * 30, 2**63 - 1), (b"9" * 5000, 2**63 - 1), (b"+7", 7)],
)
def test_sizes(wire, size):
    assert fetch(b"(RFC822.SIZE " + wire + b")").size == size
    part = structure(b'("text" "plain" NIL NIL NIL "7bit" ' + wire + b" " + wire + b" NIL NIL NIL)")
    assert (part.size, part.lines) == (size, size if len(wire) < 16 else None)


@pytest.mark.parametrize(
    ("wire", "moment"),
    [
        (b'" 5-Sep-2004 00:38:03 +0000"', datetime(2004, 9, 5, 0, 38, 3, tzinfo=UTC)),
        (b'"5-Sep-2004 00:38:03 +0000"', datetime(2004, 9, 5, 0, 38, 3, tzinfo=UTC)),
        (b'"05-sep-2004 00:38:03"', datetime(2004, 9, 5, 0, 38, 3, tzinfo=UTC)),
        (b'"05-SEP-2004 00:38:60 GMT"', datetime(2004, 9, 5, 0, 38, 59, tzinfo=UTC)),
        (b'"05-Sep-04 00:38 -0130"', datetime(2004, 9, 5, 2, 8, tzinfo=UTC)),
        (b'"Sun, 05 Sep 2004 00:38:03 +0200 (CEST)"', datetime(2004, 9, 4, 22, 38, 3, tzinfo=UTC)),
        (b'"05-Sep-2004 00:38:03 +9999"', datetime(2004, 9, 5, 0, 38, 3, tzinfo=UTC)),
        (b'"2004-09-05T00:38:03+00:00"', datetime(2004, 9, 5, 0, 38, 3, tzinfo=UTC)),
        (b'"2004-09-05 00:38:03"', datetime(2004, 9, 5, 0, 38, 3, tzinfo=UTC)),
        (b"NIL", None),
    ],
)
def test_internal_dates(wire, moment):
    message = fetch(b"(INTERNALDATE " + wire + b" UID 5)")
    assert message.broken == ()
    assert message.internal_date == moment
    assert message.uid == 5


@pytest.mark.parametrize(
    "wire", [b'"31-Feb-2004 00:00:00 +0000"', b'"01-Xyz-2004 00:00:00 +0000"', b'""', b"17"]
)
def test_impossible_dates_are_broken(wire):
    assert fetch(b"(INTERNALDATE " + wire + b" UID 5)").broken == ("INTERNALDATE",)


@pytest.mark.parametrize("year", [b"0000", b"0001", b"9999"])
def test_dates_that_no_zone_can_hold_are_broken(year):
    assert fetch(b'(INTERNALDATE "01-Jan-' + year + b' 00:00:00 +1400")').broken == ("INTERNALDATE",)


def test_the_zone_is_kept():
    message = fetch(b'(INTERNALDATE "05-Sep-2004 00:38:03 -0330")')
    assert message.internal_date.utcoffset() == -timedelta(hours=3, minutes=30)


@pytest.mark.parametrize(
    ("wire", "section"),
    [
        (b"BODY[]", ""),
        (b"BODY[]<0>", ""),
        (b"body[1.2]<512>", "1.2"),
        (b"BODY.PEEK[1.MIME]", "1.MIME"),
        (b"RFC822", ""),
        (b"RFC822.HEADER", "HEADER"),
        (b"RFC822.TEXT", "TEXT"),
        (b'BODY[HEADER.FIELDS ("List-Id" "X Y")]', "HEADER.FIELDS (LIST-ID X Y)"),
        (b"BODY[HEADER.FIELDS (List-Id From)]", "HEADER.FIELDS (LIST-ID FROM)"),
        (b"BODY[1.HEADER.FIELDS.NOT ( List-Id  From )]", "1.HEADER.FIELDS.NOT (LIST-ID FROM)"),
    ],
)
@pytest.mark.parametrize(
    ("value", "octets"),
    [
        ((b'"a b"',), b"a b"),
        ((b'""',), b""),
        ((b"NIL",), None),
        ((b"{4}", b"\x00\r\n)", b""), b"\x00\r\n)"),
        ((b"~{4}", b"\x00\r\n)", b""), b"\x00\r\n)"),
        ((b"{0}", b"", b""), b""),
    ],
)
def test_sections(wire, section, value, octets):
    raw = [b"(UID 5 " + wire + b" " + value[0], *value[1:]]
    raw[-1] += b" FLAGS ())"
    message = fetch(*raw)
    assert message.sections == {section: octets}
    assert message.uid == 5
    assert message.flags == frozenset()
    assert message.broken == ()


def test_binary():
    message = fetch(b"(BINARY[1] ~{3}", b"\x00a\x00", b' BINARY.SIZE[1] 3 BINARY[2]<0> "x")')
    assert message.binary == {"1": b"\x00a\x00", "2": b"x"}
    assert message.binary_sizes == {"1": 3}
    assert message.sections == {}


def test_gmail():
    message = fetch(b'(X-GM-THRID 1278455344230334865 X-GM-MSGID 17 X-GM-LABELS (\\Inbox "&AOY-" foo) UID 5)')
    assert message.thread_id == "1278455344230334865"
    assert message.email_id == "17"
    assert message.labels == {"\\Inbox", "æ", "foo"}


def test_preview_and_savedate():
    message = fetch(b'(PREVIEW NIL SAVEDATE "01-Jan-2020 00:00:00 +0000" UID 5)')
    assert (message.preview, message.save_date) == (None, datetime(2020, 1, 1, tzinfo=UTC))
    assert fetch(b'(PREVIEW (FUZZY "a b"))').preview == b"a b"
    assert fetch(b"(PREVIEW {3}", b"a\r\n", b")").preview == b"a\r\n"


def test_sequence_number_unreadable():
    assert isinstance(parse_response([b"* x FETCH (UID 5)"]), Unknown)
    assert isinstance(parse_response([b"* FETCH (UID 5)"]), Unknown)


def test_no_data_at_all():
    for text in (b"", b"()", b"NIL", b"(", b")", b'"', b"(((", b"{"):
        assert fetch(text) == Fetched(7)


def test_depth_is_limited():
    for levels in (1_000, 20_000):
        nested = b"(" * levels + TEXT + b' "mixed")' * levels
        message = fetch(
            b"(UID 5 BODYSTRUCTURE "
            + nested
            + b" FLAGS (\\Seen) ENVELOPE "
            + b"(" * levels
            + b")" * levels
            + b" RFC822.SIZE 3)"
        )
        assert message.broken[0] == "BODYSTRUCTURE"
        assert message.structure is None
        assert (message.uid, message.size, message.flags) == (5, 3, {"\\Seen"})


def test_number_of_parts_is_limited():
    text = b"(UID 5 BODYSTRUCTURE (" + TEXT * 20 + b' "mixed") FLAGS ())'
    assert len(fetch(text).structure.children) == 20
    message = fetch(text, limits=ParseLimits(parts=19))
    assert message.broken == ("BODYSTRUCTURE",)
    assert message.flags == frozenset()
