from __future__ import annotations

import io
import re
import tracemalloc
from email import message_from_bytes, policy
from email.header import decode_header as python_words
from email.utils import getaddresses, parsedate_to_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mail.compose.messages import ANN, BOB, addresses, file, mailboxes, message, octets, words
from tests.mail.work import is_linear
from webmail.mail.address import Mailbox, flatten, parse_address_list
from webmail.mail.charset import decode
from webmail.mail.compose import (
    ComposeError,
    Message,
    message_id,
    needs_eight_bit,
    needs_utf8,
    write,
)
from webmail.mail.header import clean, decode_header
from webmail.mail.header_block import first, parse_headers
from webmail.mail.parse import ParsedMessage, parse_message
from webmail.mail.part import Part
from webmail.mail.transfer import decode as decode_transfer

MDN = "message/disposition-notification"
POLICIES = (policy.default, policy.compat32)


def body(read: ParsedMessage, part: Part) -> bytes:
    return decode_transfer(read.body(part.section), part.encoding)


def parts(read: ParsedMessage, kind: str) -> list[Part]:
    return [part for part in read.root.walk() if part.type == kind]


def assert_sound(raw: bytes) -> None:
    """Every line ends with CRLF and is short, no octet is NUL, and headers are ASCII."""
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.endswith(b"\r\n")
    assert b"\0" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@given(words)
@example("=?utf-8?q?not_a_word?= ?=")
@example("Re: [list]  two  spaces\tand a tab")
@example("𝒳" * 200)
def test_subject_is_read_as_written(subject: str) -> None:
    raw = octets(message(subject=subject))
    assert_sound(raw)
    assert raw.isascii()
    assert decode_header(first(parse_headers(raw), "Subject")) == clean(_spaced(subject))
    read = message_from_bytes(raw, policy=policy.compat32)["Subject"]
    assert _python_text(read) == _spaced(subject)
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == _spaced(subject)
    assert all(len(line) <= 78 for line in raw.split(b"\r\n") if b"=?" in line)


def _spaced(text: str) -> str:
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())


def _python_text(value: str) -> str:
    return "".join(
        text if isinstance(text, str) else text.decode(charset or "ascii")
        for text, charset in python_words(value)
    ).replace("\r\n", "")


@given(st.lists(mailboxes, min_size=1, max_size=8))
def test_people_are_read_as_written(people: list[Mailbox]) -> None:
    raw = octets(message(to=tuple(people), cc=tuple(people[::-1])))
    assert_sound(raw)
    read = flatten(parse_address_list(first(parse_headers(raw), "To")))
    assert [person.address for person in read] == [person.address for person in people]
    for got, person in zip(read, people, strict=True):
        assert got.name in (_name(person), "")
        assert got.name or _name(person) in ("", person.address)
    ours = [_spaced(person.name) for person in people]
    modern = message_from_bytes(raw, policy=policy.default)
    assert [address.addr_spec for address in modern["To"].addresses] == [person.address for person in people]
    names = [address.display_name.replace(" ", "") for address in modern["To"].addresses]
    assert names == [
        name.replace(" ", "") for name in ours
    ]  # Python 3.11 leaves spaces between encoded words
    old = message_from_bytes(raw, policy=policy.compat32)
    found = getaddresses([old["Cc"].replace("\r\n", "")])
    assert [(_python_text(name), address) for name, address in found] == [
        (name, person.address) for name, person in zip(ours[::-1], people[::-1], strict=True)
    ]


def _name(person: Mailbox) -> str:
    """As our reader shows it: without the quotes around it."""
    name = clean(_spaced(person.name))
    while len(name) > 1 and name[0] in "\"'“”„«»‘’ " and name[-1] in "\"'“”„«»‘’ ":
        name = name[1:-1].strip()
    return name


@given(words.filter(lambda name: bool(_spaced(name))))
@example("=?utf-8?q?a?=.txt")
@example("a; b, \"c\" d\\e %20 'f' ü.txt")
@example("..")
def test_file_names_are_read_as_written(name: str) -> None:
    raw = octets(message(attachments=(file(name, b"x"),)))
    assert_sound(raw)
    assert raw.isascii()
    assert parse_message(raw).root.children[1].filename == clean(_spaced(name)[:255])
    for each in POLICIES:
        assert message_from_bytes(raw, policy=each).get_payload(1).get_filename() == _spaced(name)


@given(st.text(max_size=400), st.booleans())
def test_text_is_read_as_written(text: str, rich: bool) -> None:
    raw = octets(message(text=text, html=text if rich else "", flowed=False))
    assert_sound(raw)
    assert raw.isascii()
    wanted = re.sub("\r\n?|\n", "\r\n", text.replace("\0", ""))
    wanted += "\r\n" if wanted and not wanted.endswith("\n") else ""
    read = parse_message(raw)
    for kind in ("text/plain", "text/html") if rich and text else ("text/plain",):
        (part,) = parts(read, kind)
        assert body(read, part).decode(part.charset) == wanted
        assert decode(body(read, part), part.charset) == wanted.removeprefix("\ufeff")
        for each in POLICIES:
            found = [p for p in message_from_bytes(raw, policy=each).walk() if p.get_content_type() == kind]
            assert found[0].get_payload(decode=True).decode(part.charset).strip("\r\n") == wanted.strip(
                "\r\n"
            )


@given(st.lists(st.binary(max_size=3_000), min_size=1, max_size=4), st.booleans())
def test_files_are_read_as_written(files: list[bytes], inline: bool) -> None:
    given_files = tuple(
        file(f"{index}.bin", data, content_id=f"{index}@x") for index, data in enumerate(files)
    )
    raw = octets(message(html="<p>", inline=given_files) if inline else message(attachments=given_files))
    assert_sound(raw)
    read = parse_message(raw)
    assert [body(read, part) for part in parts(read, "application/octet-stream")] == files
    assert [part.content_id for part in parts(read, "application/octet-stream")] == [
        f.content_id for f in given_files
    ]
    for each in POLICIES:
        leaves = [p for p in message_from_bytes(raw, policy=each).walk() if p.get_filename()]
        assert [part.get_payload(decode=True) for part in leaves] == files


def test_structure() -> None:
    picture, paper = file("p.png", b"p", "image/png", "p@x"), file("a.pdf", b"a", "application/pdf")

    def shape(**fields: object) -> object:
        def of(part: Part) -> object:
            return (part.type, *map(of, part.children)) if part.children else part.type

        return of(parse_message(octets(message(text="a", **fields))).root)

    related = ("multipart/related", "text/html", "image/png")
    assert shape() == "text/plain"
    assert shape(html="<p>") == ("multipart/alternative", "text/plain", "text/html")
    assert shape(html="<p>", inline=(picture,)) == ("multipart/alternative", "text/plain", related)
    assert shape(attachments=(paper,)) == ("multipart/mixed", "text/plain", "application/pdf")
    assert shape(inline=(picture,)) == ("multipart/mixed", "text/plain", "image/png")
    assert shape(html="<p>", inline=(picture,), attachments=(paper,)) == (
        "multipart/mixed",
        ("multipart/alternative", "text/plain", related),
        "application/pdf",
    )


def test_further_versions_and_reports() -> None:
    calendar = file("", b"BEGIN:VCALENDAR", "text/calendar; method=REPLY; charset=utf-8")
    root = parse_message(octets(message(text="a", versions=(calendar,)))).root
    assert root.type == "multipart/alternative"
    assert [part.type for part in root.children] == ["text/plain", "text/calendar"]
    assert (root.children[1].param("method"), root.children[1].disposition) == ("REPLY", "")
    notification = file("", b"Disposition: manual-action/MDN-sent-manually; displayed\r\n", MDN)
    raw = octets(message(text="a", attachments=(notification,), report="disposition-notification"))
    root = parse_message(raw).root
    assert (root.type, root.param("report-type")) == ("multipart/report", "disposition-notification")
    assert [(part.type, part.encoding, part.disposition) for part in root.children] == [
        ("text/plain", "7bit", ""),
        (MDN, "7bit", ""),
    ]
    modern = message_from_bytes(raw, policy=policy.default)
    assert [part.get_content_type() for part in modern.iter_parts()] == ["text/plain", MDN]
    with pytest.raises(ComposeError):
        octets(message(report="a; b"))


def test_fields() -> None:
    raw = octets(
        message(
            sender=BOB,
            reply_to=(ANN, BOB),
            in_reply_to="0@example.org",
            references=("<a@x>", "<b@x>"),
            priority="high",
            receipt_to=ANN,
            extra=(("User-Agent", "Ekorn"), ("X-Note", "blåbær")),
        )
    )
    headers = parse_headers(raw)
    assert first(headers, "From") == b"Ann Berg <ann@example.org>"
    assert first(headers, "Sender") == b"Bob <bob@example.net>"
    assert first(headers, "Reply-To") == b"Ann Berg <ann@example.org>, Bob <bob@example.net>"
    assert first(headers, "Message-ID") == b"<1@example.org>"
    assert first(headers, "In-Reply-To") == b"<0@example.org>"
    assert first(headers, "References") == b"<a@x> <b@x>"
    assert first(headers, "Disposition-Notification-To") == b"Ann Berg <ann@example.org>"
    assert first(headers, "X-Priority") == b"1 (Highest)"
    assert first(headers, "User-Agent") == b"Ekorn"
    assert decode_header(first(headers, "X-Note")) == "blåbær"
    date = parsedate_to_datetime((first(headers, "Date") or b"").decode())
    assert date == message().date
    assert date.utcoffset() == message().date.utcoffset()


def test_bcc_is_written_only_where_it_may_be() -> None:
    hidden = message(to=(ANN,), bcc=(BOB,))
    assert b"bob" not in octets(hidden).lower()
    assert b"\r\nBcc: Bob <bob@example.net>\r\n" in octets(message(to=(ANN,), bcc=(BOB,), write_bcc=True))
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in octets(message(bcc=(BOB,)))


def test_domains_are_ascii_and_names_before_at_are_not() -> None:
    raw = octets(message(to=(Mailbox("Kari", "kari@blåbær.example"),)))
    assert b"kari@xn--blbr-roah.example" in raw
    assert not needs_utf8(message(to=(Mailbox("Kari", "kari@blåbær.example"),)))
    person = Mailbox("Kåre", "kåre@blåbær.example")
    assert needs_utf8(message(bcc=(person,)))
    raw = octets(message(to=(person,)))
    assert "<kåre@blåbær.example>".encode() in raw
    assert flatten(parse_address_list(first(parse_headers(raw), "To"))) == (person,)


def test_many_references_keep_the_first_and_the_last() -> None:
    raw = octets(message(references=tuple(f"<{index}@x>" for index in range(1_000))))
    kept = (first(parse_headers(raw), "References") or b"").split()
    assert kept[0] == b"<0@x>"
    assert kept[-1] == b"<999@x>"
    assert len(kept) == 50
    assert_sound(raw)


def test_long_words_stay_within_the_line() -> None:
    long = "x" * 3_000
    raw = octets(
        message(
            subject=long,
            text=long,
            html=long,
            to=(Mailbox(long, "a@b.example"),),
            references=(f"<{long}@x>",),
            attachments=(file(long + ".txt", b""),),
        )
    )
    assert_sound(raw)
    assert decode_header(first(parse_headers(raw), "Subject")) == long


ATTACKS = (
    "\r\nBcc: evil@x.example",
    "\nBcc: evil@x.example",
    "\rBcc: evil@x.example",
    "\x00",
    "\r\n\r\nbody",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_makes_a_field_of_its_own(attack: str) -> None:
    hostile = f"a{attack}"
    for fields in (
        {"subject": hostile},
        {"to": (Mailbox(hostile, "a@b.example"),)},
        {"to": (Mailbox("a", f"a@b.example{attack}"),)},
        {"to": (Mailbox("a", f"a{attack}@b.example"),)},
        {"from_": Mailbox("a", f'"a{attack}"@b.example')},
        {"bcc": (Mailbox("a", f"å{attack}@b.example"),), "write_bcc": True},
        {"message_id": f"<a{attack}@b.example>"},
        {"in_reply_to": f"<a{attack}@b.example>"},
        {"references": (f"<a{attack}@b.example>",)},
        {"extra": (("X-A", hostile),)},
        {"extra": ((f"X-A{attack}", "a"),)},
        {"attachments": (file(hostile, b""),)},
        {"attachments": (file("a", b"", type_=f"image/png{attack}"),)},
        {"attachments": (file("a", b"", type_=f"image/png; x={attack}"),)},
        {"attachments": (file("a", b"", content_id=f"a{attack}"),)},
    ):
        try:
            raw = octets(message(**fields))
        except ComposeError:
            continue
        assert_sound(raw)
        names = {
            name.lower() for part in re.split(rb"\r\n--=_\S+\r\n", raw) for name, _ in parse_headers(part)
        }
        assert names <= {
            *(
                "date",
                "from",
                "to",
                "bcc",
                "subject",
                "message-id",
                "mime-version",
                "in-reply-to",
                "references",
            ),
            *("content-type", "content-transfer-encoding", "content-disposition", "content-id"),
        }
        assert b"evil" not in (first(parse_headers(raw), "Bcc") or b"")


def test_refuses_by_name() -> None:
    for fields, field in (
        ({"from_": Mailbox("", "")}, "from"),
        ({"cc": (Mailbox("Ann", ""),)}, "cc"),
        ({"bcc": (Mailbox("", "a@b\r\n.example"),)}, "bcc"),
        ({"date": message().date.replace(tzinfo=None)}, "date"),
        ({"message_id": ""}, "message-id"),
        ({"extra": (("Bcc", "a@b.example"),)}, "extra"),
        ({"extra": (("Content-Type", "text/html"),)}, "extra"),
    ):
        target = io.BytesIO()
        with pytest.raises(ComposeError) as caught:
            write(message(**fields), target)
        assert caught.value.field == field
        assert target.getvalue() == b""


@pytest.mark.parametrize(
    ("inner", "type_", "encoding", "wanted"),
    [
        (b"Subject: a\n\nb\n", "message/rfc822", "7bit", b"Subject: a\r\n\r\nb\r\n"),
        ("Subject: å\n\nå\n".encode(), "message/rfc822", "8bit", "Subject: å\r\n\r\nå\r\n".encode()),
        (
            b"Subject: a\n\n" + b"x" * 999,
            "application/octet-stream",
            "base64",
            b"Subject: a\r\n\r\n" + b"x" * 999,
        ),
        (b"Subject: a\n\nb\rc\n", "application/octet-stream", "base64", b"Subject: a\r\n\r\nb\r\nc\r\n"),
        (b"Subject: a\n\n\0", "application/octet-stream", "base64", b"Subject: a\r\n\r\n\0"),
    ],
)
def test_attached_messages(inner: bytes, type_: str, encoding: str, wanted: bytes) -> None:
    attached = message(attachments=(file("a.eml", inner, "message/rfc822"),))
    raw = octets(attached)
    assert_sound(raw)
    part = parse_message(raw).root.children[1]
    assert (part.type, part.encoding) == (type_, encoding)
    assert body(parse_message(raw), part) == wanted
    assert needs_eight_bit(attached) == write(attached, io.BytesIO()).eight_bit == (encoding == "8bit")


@pytest.mark.parametrize("text", ["a", "a" * 2_000])
def test_a_message_from_sent_does_not_tell_whom_it_hid(text: str) -> None:
    sent = octets(message(to=(ANN,), bcc=(BOB,), subject="inner", write_bcc=True)) + text.encode()
    raw = octets(message(attachments=(file("a.eml", sent, "message/rfc822"),)))
    inner = body(parse_message(raw), parse_message(raw).root.children[1])
    assert b"bob" not in inner
    assert b"Subject: inner" in inner


def test_a_message_with_the_same_boundaries_does_not_break_out() -> None:
    inner = octets(message(text="inner", attachments=(file("a", b"a"),)))
    raw = octets(message(text="outer", attachments=(file("a.eml", inner, "message/rfc822"),)))
    read = parse_message(raw)
    assert [part.type for part in read.root.children] == ["text/plain", "application/octet-stream"]
    assert body(read, read.root.children[1]) == inner


def test_what_only_a_mail_may_be_is_octets() -> None:
    for type_ in (
        "multipart/mixed; boundary=x",
        "message/partial",
        "nonsense",
        "",
        "text/",
        "text/plän",
    ):
        raw = octets(message(attachments=(file("a", b"x", type_),)))
        assert parse_message(raw).root.children[1].type == "application/octet-stream"
    raw = octets(message(attachments=(file("a.ics", b"x", "text/calendar; method=REPLY; charset=utf-8"),)))
    assert parse_message(raw).root.children[1].param("method") == "REPLY"


def test_the_same_twice() -> None:
    def one() -> Message:
        return message(subject="å", html="<p>å", attachments=(file("å", b"a" * 500),))

    assert octets(one()) == octets(one())


class Endless(io.RawIOBase):
    """25 MB that take no memory."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        taken = min(size, self.left, 10_000)
        self.left -= taken
        return b"x" * taken


class Nowhere(io.RawIOBase):
    def write(self, data: object) -> int:
        return len(bytes(data))  # type: ignore[call-overload]


def test_an_attachment_costs_little_memory() -> None:
    big = file("a.bin", b"")
    big = type(big)(big.name, big.type, 25_000_000, lambda: Endless(25_000_000))
    tracemalloc.start()
    try:
        written = write(message(attachments=(big,)), Nowhere())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written.size > 25_000_000 * 4 // 3
    assert peak < 1_500_000


@pytest.mark.parametrize("unit", ["a", "å", " ", "a ", "=?", "å ", '"', "\\", ">", "\n", "From \n"])
def test_is_linear(unit: str) -> None:
    assert is_linear(lambda n: octets(message(text=unit * n, html=unit * n)), 20_000)
    assert is_linear(lambda n: octets(message(subject=(unit * n)[:9_000], extra=(("X", "a"),) * n)), 300)
    assert is_linear(lambda n: octets(message(to=(Mailbox(unit * 40, "a@b.example"),) * n)), 100)


@given(addresses)
def test_message_ids_are_new_and_name_only_the_domain(address: str) -> None:
    domain = address.rpartition("@")[2]
    made = {message_id(domain) for _ in range(5)}
    assert len(made) == 5
    assert all(each.endswith(f"@{domain}>") and each.startswith("<") for each in made)
    assert message_id("x\r\ny").endswith("@localhost>")
    assert message_id("blåbær.example").endswith("@xn--blbr-roah.example>")
