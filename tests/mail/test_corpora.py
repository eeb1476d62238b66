"""Other people's odd mail, read where it lies: nothing may fail, and what must be shown is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.corpora import corpora_dir
from webmail.mail.address import flatten, parse_address_list
from webmail.mail.calendar import read_events
from webmail.mail.charset import decode
from webmail.mail.date import date
from webmail.mail.filename import content_disposition, safe_filename
from webmail.mail.header import decode_header
from webmail.mail.header_block import first
from webmail.mail.parse import ParsedMessage, parse_message, slice_text
from webmail.mail.part import Part
from webmail.mail.parts import CALENDAR_TYPES, TNEF_TYPES, attachments, choose_body, has_attachment
from webmail.mail.sniff import inline_type
from webmail.mail.text import render
from webmail.mail.tnef import unpack
from webmail.mail.transfer import decode as decode_transfer

CORPORA = corpora_dir() or Path("absent")
pytestmark = pytest.mark.skipif(corpora_dir() is None, reason="the corpora are not here")


def lines_of(path: Path) -> list[dict[str, object]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def octets(message: ParsedMessage, part: Part) -> bytes:
    return decode_transfer(message.body(part.section), part.encoding)


def text_of(message: ParsedMessage, parts: tuple[Part, ...]) -> str:
    return " ".join(decode(octets(message, part), part.charset) for part in parts)


def squeezed(text: object) -> str:
    return " ".join(str(text).split())


EXPECTED = lines_of(CORPORA / "mime-synth" / "EXPECT.jsonl")


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: str(expected["file"]))
def test_shows_what_it_must(expected: dict[str, object]) -> None:
    message = parse_message((CORPORA / "mime-synth" / str(expected["file"])).read_bytes())
    body = choose_body(message.root)
    senders = flatten(parse_address_list(first(message.headers, "from")))
    rendered = " ".join(
        render(decode(octets(message, part), part.charset), flowed=part.format_flowed, delsp=part.delsp).html
        for part in body.text_view
    )
    if "subject" in expected:
        assert squeezed(decode_header(first(message.headers, "subject"))) == squeezed(expected["subject"])
    if "from_name" in expected:
        assert senders[0].name == expected["from_name"]
    if "from_addr" in expected:
        assert senders[0].address == expected["from_addr"]
    if "text_contains" in expected:
        assert squeezed(expected["text_contains"]) in squeezed(rendered)
    if "html_contains" in expected:
        assert squeezed(expected["html_contains"]) in squeezed(text_of(message, body.html_view))
    if "attachments" in expected:
        files = attachments(message.root, body)
        found = [
            {"name": safe_filename(p.filename, type=p.type), "size": len(octets(message, p))} for p in files
        ]
        assert found == expected["attachments"]


def read_all(raw: bytes) -> ParsedMessage:
    message = parse_message(raw)
    for name, value in message.headers:
        decode_header(value)
        if name.lower() in ("from", "to", "cc", "reply-to", "sender"):
            flatten(parse_address_list(value))
        if name.lower() == "date":
            date(value)
    body = choose_body(message.root)
    has_attachment(message.root)
    for part in body.shown:
        text = decode(octets(message, part), part.charset)
        render(text[:200_000], flowed=part.format_flowed, delsp=part.delsp)
    for part in attachments(message.root, body):
        data = octets(message, part)
        content_disposition("attachment", safe_filename(part.filename, type=part.type))
        inline_type(part.type, data)
        if part.type in TNEF_TYPES:
            unpack(data)
    for part in message.root.walk():
        if part.type in CALENDAR_TYPES:
            read_events(decode(octets(message, part), part.charset))
    return message


def places(row: dict[str, object]) -> Path:
    path = CORPORA / "mime" / str(row["path"])
    return path if path.is_file() else CORPORA / "mime" / str(row["path"]).replace("/files/", "/", 1)


MANIFEST = lines_of(CORPORA / "mime" / "MANIFEST.jsonl")


@pytest.mark.parametrize("source", sorted({str(row["source"]) for row in MANIFEST}))
def test_reads_every_message(source: str) -> None:
    for row in MANIFEST:
        if row["source"] != source or not places(row).is_file():
            continue
        raw = places(row).read_bytes()
        message = read_all(raw)
        span = message.spans[message.root.section]
        for section, (data, complete) in slice_text(
            message.raw[span.start : span.start + 65_536], message.root
        ).items():
            assert message.body(section).startswith(data), row["path"]
            assert not complete or message.body(section) == data, row["path"]
        if row["kind"] == "mime" and not row["py_defects"] and "dsn" not in str(row["tags"]):
            assert sum(1 for _ in message.root.walk()) <= int(str(row["parts"])) * 3 + 3, row["path"]


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9])
def test_reads_messages_that_are_cut(fraction: float) -> None:
    for row in MANIFEST[::5]:
        if places(row).is_file():
            raw = places(row).read_bytes()[:200_000]
            read_all(raw[: int(len(raw) * fraction)])


def test_unpacks_every_tnef() -> None:
    for row in MANIFEST:
        if row["kind"] == "tnef" and places(row).is_file():
            found = unpack(places(row).read_bytes())
            assert all(safe_filename(file.name) for file in found.attachments)
