"""BODYSTRUCTURE: shapes, part numbers, and what servers make of them."""

from __future__ import annotations

import pytest

from webmail.imap.parse import parse_response
from webmail.imap.types import BodyPart

PLAIN = b'("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 27 3 NIL NIL NIL NIL)'
HTML = b'("text" "html" ("charset" "utf-8") NIL NIL "quoted-printable" 42 1)'
PICTURE = (
    b'("image" "png" ("name" "a b.png") "<cid@x>" "A picture" "base64" 1234 NIL'
    b' ("ATTACHMENT" ("FILENAME" "a \\"b\\".png" "size" "99")) ("en" "nb") "http://x/")'
)
ENVELOPE = b'("D" "inner" NIL NIL NIL NIL NIL NIL NIL "<in@x>")'


def structure(*raw: bytes) -> BodyPart:
    first, *rest = raw
    whole = [b"* 1 FETCH (BODYSTRUCTURE " + first, *rest]
    whole[-1] += b" UID 5)"
    message = parse_response(whole).message
    assert message.broken == ()
    assert message.uid == 5
    return message.structure


def sections(part: BodyPart) -> list[tuple[str, str]]:
    out, stack = [], [part]
    while stack:
        node = stack.pop()
        out.append((node.section, f"{node.type}/{node.subtype}"))
        stack.extend(reversed(node.children))
    return out


def message(body: bytes) -> bytes:
    return b'("message" "rfc822" NIL NIL NIL "7bit" 500 ' + ENVELOPE + b" " + body + b" 20)"


def test_a_part_in_full():
    part = structure(PICTURE)
    assert part == BodyPart(
        "1",
        "image",
        "png",
        {"name": b"a b.png"},
        b"<cid@x>",
        b"A picture",
        "base64",
        1234,
        None,
        "attachment",
        {"filename": b'a "b".png', "size": b"99"},
        ("en", "nb"),
        b"http://x/",
    )


def test_a_multipart():
    part = structure(b"(" + PLAIN + HTML + b' "ALTERNATIVE" ("BOUNDARY" "xyz") ("inline" NIL) "en" "loc")')
    assert (part.type, part.subtype, part.section) == ("multipart", "alternative", "")
    assert part.params == {"boundary": b"xyz"}
    assert (part.disposition, part.language, part.location) == ("inline", ("en",), b"loc")
    assert [child.section for child in part.children] == ["1", "2"]
    assert (part.children[0].type, part.children[0].encoding) == ("text", "7bit")


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (PLAIN, [("1", "text/plain")]),
        (
            b"((" + PLAIN + HTML + b' "alternative")' + PICTURE + b' "mixed")',
            [
                ("", "multipart/mixed"),
                ("1", "multipart/alternative"),
                ("1.1", "text/plain"),
                ("1.2", "text/html"),
                ("2", "image/png"),
            ],
        ),
        (
            b"(" + PLAIN + message(PLAIN) + b' "mixed")',
            [("", "multipart/mixed"), ("1", "text/plain"), ("2", "message/rfc822"), ("2.1", "text/plain")],
        ),
        (
            # RFC 9051, 6.4.5: 4 MESSAGE/RFC822, 4.1 IMAGE/GIF, 4.2 MESSAGE/RFC822, 4.2.1 …
            b"("
            + PLAIN
            + message(b"(" + PICTURE + message(b"(" + PLAIN + HTML + b' "mixed")') + b' "mixed")')
            + b' "mixed")',
            [
                ("", "multipart/mixed"),
                ("1", "text/plain"),
                ("2", "message/rfc822"),
                ("2", "multipart/mixed"),
                ("2.1", "image/png"),
                ("2.2", "message/rfc822"),
                ("2.2", "multipart/mixed"),
                ("2.2.1", "text/plain"),
                ("2.2.2", "text/html"),
            ],
        ),
        (message(PLAIN), [("1", "message/rfc822"), ("1.1", "text/plain")]),
        (
            message(b"(" + PLAIN + b' "mixed")'),
            [("1", "message/rfc822"), ("1", "multipart/mixed"), ("1.1", "text/plain")],
        ),
        (
            message(message(PLAIN)),
            [("1", "message/rfc822"), ("1.1", "message/rfc822"), ("1.1.1", "text/plain")],
        ),
    ],
)
def test_part_numbers(wire, expected):
    assert sections(structure(wire)) == expected


@pytest.mark.parametrize(
    "wire",
    [
        b'("mixed" ("boundary" "x") NIL NIL NIL)',
        b'("mixed" NIL NIL NIL)',
        b'(NIL "mixed" ("boundary" "x") NIL NIL NIL)',
        b'(() "mixed" ("boundary" "x"))',
        b'(() () "mixed")',
    ],
)
def test_multiparts_without_parts(wire):
    part = structure(wire)
    assert (part.type, part.subtype, part.children) == ("multipart", "mixed", ())


@pytest.mark.parametrize(
    ("wire", "subtype"),
    [
        (b"(" + PLAIN + b" " + HTML + b' "related")', "related"),
        (b"(" + PLAIN + HTML + b"related)", "related"),
        (b"(" + PLAIN + HTML + b")", "mixed"),
        (b"(" + PLAIN + HTML + b" NIL)", "mixed"),
        (b"(" + PLAIN + HTML + b' "related" "x" "inline" NIL)', "related"),
        (b"(" + PLAIN + HTML + b' "related" NIL ("inline") () ())', "related"),
        (b"(((" + PLAIN + HTML + b' "related")))', "related"),
        (b"(" + PLAIN + HTML + b' "related" ("boundary") NIL NIL NIL NIL (NIL) 17)', "related"),
    ],
)
def test_misshapen_multiparts(wire, subtype):
    part = structure(wire)
    assert (part.type, part.subtype) == ("multipart", subtype)
    assert [(child.section, child.subtype) for child in part.children] == [("1", "plain"), ("2", "html")]


def test_nil_where_a_part_belongs_keeps_the_numbers():
    part = structure(b"(" + PLAIN + b" NIL " + HTML + b' "mixed")')
    assert [child.section for child in part.children] == ["1", "3"]


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (b'("text" "plain")', BodyPart("1", "text", "plain")),
        (b'("text")', BodyPart("1", "text", "plain")),
        (b'("text" NIL NIL NIL NIL NIL NIL NIL)', BodyPart("1", "text", "plain")),
        (b"(NIL NIL NIL NIL NIL NIL NIL)", BodyPart("1", "text", "plain")),
        (b'("" "" NIL NIL NIL "7bit" 13)', BodyPart("1", "text", "plain", size=13)),
        (b'("nonsense" "" NIL NIL NIL "7bit" 13)', BodyPart("1", "text", "plain", size=13)),
        (b'("image" "" NIL NIL NIL "7bit" 13)', BodyPart("1", "image", "octet-stream", size=13)),
        (b'("text" "plain" NIL NIL NIL NIL 5)', BodyPart("1", "text", "plain", size=5)),
        (
            b"(text plain nil nil nil 8bit 5 1)",
            BodyPart("1", "text", "plain", encoding="8bit", size=5, lines=1),
        ),
        (b'("text" "plain" () NIL NIL "" -5 -1)', BodyPart("1", "text", "plain", lines=0)),
        (b'("text" "plain" NIL NIL NIL "7bit" "5" "1")', BodyPart("1", "text", "plain", size=5, lines=1)),
        (b'("text" "plain" NIL NIL NIL "7bit" NIL NIL)', BodyPart("1", "text", "plain")),
        (b'("text" "plain" "charset" NIL NIL "7bit" 5 1)', BodyPart("1", "text", "plain", size=5, lines=1)),
        (
            b'("text" ("charset" "x") NIL NIL "7bit" 5 1)',
            BodyPart("1", "text", "plain", {"charset": b"x"}, size=5, lines=1),
        ),
        (
            b'("text" "plain" ("charset" NIL "x") NIL NIL "7bit" 5 1)',
            BodyPart("1", "text", "plain", {"charset": b"", "x": b""}, size=5, lines=1),
        ),
        (
            b'("text" "plain" (("charset" "x") ("b" "c")) NIL NIL "7bit" 5 1)',
            BodyPart("1", "text", "plain", {"charset": b"x", "b": b"c"}, size=5, lines=1),
        ),
        (
            b'("text" "plain" ("CHARSET" "x" "charset" "y") NIL NIL "7bit" 5 1)',
            BodyPart("1", "text", "plain", {"charset": b"x"}, size=5, lines=1),
        ),
        (
            # No lines for a text, as some servers do.
            b'("text" "plain" NIL NIL NIL "7bit" 5 NIL ("attachment" NIL) NIL NIL)',
            BodyPart("1", "text", "plain", size=5, disposition="attachment"),
        ),
        (
            b'("text" "plain" NIL NIL NIL "7bit" 5 NIL NIL ("attachment" NIL) NIL NIL)',
            BodyPart("1", "text", "plain", size=5, disposition="attachment"),
        ),
        (
            b'("text" "plain" NIL NIL NIL "7bit" 5 NIL NIL ("attachment" NIL) NIL)',
            BodyPart("1", "text", "plain", size=5, disposition="attachment"),
        ),
        (
            # Lines for what is no text.
            b'("image" "png" NIL NIL NIL "base64" 5 7 NIL ("inline" ("filename" "x")) NIL)',
            BodyPart(
                "1",
                "image",
                "png",
                encoding="base64",
                size=5,
                lines=7,
                disposition="inline",
                disposition_params={"filename": b"x"},
            ),
        ),
        (
            b'("image" "png" NIL NIL NIL "base64" 5 "d41d8cd98f00b204e9800998ecf8427e" "attachment")',
            BodyPart("1", "image", "png", encoding="base64", size=5, disposition="attachment"),
        ),
        (
            b'("image" "png" NIL NIL NIL "base64" 5 NIL ("attachment" "filename" "x"))',
            BodyPart(
                "1",
                "image",
                "png",
                encoding="base64",
                size=5,
                disposition="attachment",
                disposition_params={"filename": b"x"},
            ),
        ),
    ],
)
def test_parts_of_any_shape(wire, expected):
    assert structure(wire) == expected


def test_text_kept_as_it_stands():
    part = structure(b'("application" "x" ("name" {4}', b'a"\\)', b') NIL NIL "base64" 5)')
    assert part.params == {"name": b'a"\\)'}
    part = structure(b'("application" "x" ("name" "a "b" c.pdf" "x" "\xe6") NIL NIL "base64" 5)')
    assert part.params == {"name": b'a "b" c.pdf', "x": b"\xe6"}


@pytest.mark.parametrize(
    ("tail", "children", "subject"),
    [
        (ENVELOPE + b" " + PLAIN + b" 20)", 1, b"inner"),
        (ENVELOPE + b" " + PLAIN + b")", 1, b"inner"),
        (ENVELOPE + b" NIL 20)", 0, b"inner"),
        (ENVELOPE + b")", 0, b"inner"),
        (b"NIL " + PLAIN + b" 20)", 1, None),
        (PLAIN + b" 20)", 1, None),
        (b"(" + PLAIN + HTML + b' "mixed") 20)', 1, None),
        (b"20)", 0, None),
        (b"NIL NIL 20)", 0, None),
        (b"NIL NIL NIL NIL)", 0, None),
        (b")", 0, None),
        (b"() () 20)", 0, None),
        (b'NIL ("attachment" ("filename" "x.eml")) NIL NIL)', 0, None),
    ],
)
def test_messages_that_lack_something(tail, children, subject):
    whole = structure(b'(("message" "rfc822" NIL NIL NIL "7bit" 500 ' + tail + HTML + b' "mixed")')
    part, after = whole.children
    assert (part.type, part.subtype, part.size) == ("message", "rfc822", 500)
    assert len(part.children) == children
    assert (part.envelope.subject if part.envelope else None) == subject
    assert after.section == "2"
    if b" 20)" in tail:
        assert part.lines == 20
    if b"filename" in tail:
        assert part.disposition == "attachment"


def test_extension_after_a_message():
    part = structure(
        b'("message" "rfc822" NIL NIL NIL "7bit" 500 '
        + ENVELOPE
        + b" "
        + PLAIN
        + b' 20 NIL ("attachment" ("filename" "x.eml")) NIL NIL)'
    )
    assert (part.lines, part.disposition, part.disposition_params) == (
        20,
        "attachment",
        {"filename": b"x.eml"},
    )


def test_body_stands_in_for_bodystructure():
    response = parse_response([b"* 1 FETCH (BODY " + PLAIN + b" UID 5)"])
    assert response.message.structure.type == "text"
    response = parse_response([b"* 1 FETCH (BODYSTRUCTURE " + PICTURE + b" BODY " + PLAIN + b")"])
    assert response.message.structure.type == "image"


def test_a_hundred_levels_are_read():
    levels = 100
    part = structure(b"(" * levels + PLAIN + b' "mixed")' * levels)
    depth = 0
    while part.children:
        (part,) = part.children
        depth += 1
    assert depth == levels
    assert part.section == ".".join(["1"] * levels)
