"""Other people's odd mail, answered: nothing may fail, and nothing of it gets where it must not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.mail.test_corpora import CORPORA, MANIFEST, lines_of, octets, places
from webmail.mail.authentication import verdict
from webmail.mail.calendar import read_events
from webmail.mail.charset import decode
from webmail.mail.hints import speaks_of_attachment
from webmail.mail.invitation import invitation_of
from webmail.mail.invitation_answer import answer
from webmail.mail.parse import ParsedMessage, parse_message
from webmail.mail.parts import CALENDAR_TYPES, choose_body
from webmail.mail.receipt import receipt, receipt_request
from webmail.mail.reply import (
    forward_subject,
    forward_text,
    original_of,
    own_address_used,
    quote_text,
    quote_text_as_html,
    reply_subject,
    reply_to_all,
    reply_to_sender,
    thread_of,
)
from webmail.mail.report import read_report, report_parts
from webmail.mail.unsubscribe import unsubscribe_of

pytestmark = pytest.mark.skipif(not MANIFEST, reason="the corpora are not here")
OWN = ("me@example.org",)
STAMP = datetime(2026, 7, 1, tzinfo=UTC)


def answer_all(raw: bytes) -> ParsedMessage:
    message = parse_message(raw)
    original = original_of(raw)
    thread = thread_of(original)
    subjects = (reply_subject(original.subject), forward_subject(original.subject))
    people = [
        *reply_to_sender(original, OWN).to,
        *reply_to_all(original, OWN).to,
        *reply_to_all(original, OWN).cc,
    ]
    lines = [*subjects, thread.in_reply_to, *thread.references, own_address_used(original, OWN)]
    assert not set("".join(lines) + "".join(one.name + one.address for one in people)) & set("\r\n\x00")
    for part in choose_body(message.root).text_view:
        text = decode(octets(message, part), part.charset)
        quoted = quote_text(text, flowed=part.format_flowed, delsp=part.delsp)
        assert all(line.startswith(">") for line in quoted.split("\n") if quoted)
        assert "<script" not in quote_text_as_html(text, flowed=part.format_flowed).lower()
        forward_text(text, title="", fields=(), flowed=part.format_flowed)
        speaks_of_attachment(text)
    unsubscribe_of(raw, ("mx.example.org",))
    verdict(raw, ("mx.example.org",))
    receipt_request(raw, OWN)
    assert receipt(raw, reader=OWN[0], text="").headers.isascii()
    return message


@pytest.mark.parametrize("source", sorted({str(row["source"]) for row in MANIFEST}))
def test_answers_every_message(source: str) -> None:
    for row in MANIFEST:
        if row["source"] == source and places(row).is_file():
            answer_all(places(row).read_bytes())


def test_answers_made_up_messages() -> None:
    for path in (CORPORA / "mime-synth").glob("*.eml"):
        answer_all(path.read_bytes())


def test_reads_every_report() -> None:
    found = 0
    for row in MANIFEST:
        if not places(row).is_file():
            continue
        message = parse_message(places(row).read_bytes())
        parts = report_parts(message.root)
        if parts is None:
            continue
        original = octets(message, parts.original) if parts.original else b""
        report = read_report(parts.kind, octets(message, parts.status), original)
        assert report is None or all("\n" not in one.diagnostic for one in report.recipients)
        found += report is not None and bool(report.recipients[0].action)
    assert found > 5


def test_answers_every_calendar() -> None:
    for row in MANIFEST:
        if not places(row).is_file():
            continue
        message = parse_message(places(row).read_bytes())
        for part in message.root.walk():
            if part.type in CALENDAR_TYPES:
                calendar = octets(message, part)
                invitations = [
                    invitation_of(event, OWN) for event in read_events(decode(calendar, part.charset))
                ]
                made = answer(calendar, OWN[0], "ACCEPTED", stamp=STAMP)
                assert made or not any(one.answerable for one in invitations), row["path"]


def test_markup_in_a_quote_stays_text() -> None:
    for row in lines_of(CORPORA / "xss" / "own-email-vectors.jsonl"):
        html = quote_text_as_html(str(row["payload"]), attribution=str(row["payload"]))
        tags = {piece.split(">")[0].split(" ")[0].strip("/") for piece in html.split("<")[1:]}
        assert tags <= {"p", "blockquote", "br"}, row["id"]
