"""Other people's hostile strings in every field and in rich text, read where they lie."""

from __future__ import annotations

import io
import json

import pytest

from tests.browser.payloads import payloads
from tests.corpora import corpora_dir
from tests.mail import oracle
from tests.mail.compose.messages import ANN, file, message, octets
from webmail.mail.address import Mailbox
from webmail.mail.charset import decode
from webmail.mail.compose import (
    ComposeError,
    Resent,
    Rich,
    editor_html,
    outgoing_html,
    parse_recipients,
    resend,
    text_of,
)
from webmail.mail.header_block import parse_headers
from webmail.mail.parse import parse_message
from webmail.mail.transfer import decode as decode_transfer

CORPORA = corpora_dir()
pytestmark = pytest.mark.skipif(CORPORA is None, reason="no corpora on this machine")


def strings() -> list[str]:
    assert CORPORA is not None
    lines = (CORPORA / "xss" / "own-email-vectors.jsonl").read_text("utf-8").splitlines()
    return [str(json.loads(line)["payload"]) for line in lines]


def test_no_field_is_added_by_any() -> None:
    plain = message(subject="a", to=(ANN,), text="a", html="b", attachments=(file("a", b"a", "image/png"),))
    names = [name for name, _ in parse_headers(octets(plain))]
    kinds = [part.type for part in parse_message(octets(plain)).root.walk()]
    for text in (string[:5_000] for string in strings()):
        raw = octets(
            message(
                subject=text,
                to=(Mailbox(text, "a@b.example"),),
                text=text,
                html=text,
                attachments=(file(text, text.encode(), "image/png"),),
            )
        )
        assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
        assert [name for name, _ in parse_headers(raw)] == names
        assert [part.type for part in parse_message(raw).root.walk()] == kinds
        parse_recipients(text)
        try:
            raw = octets(message(to=(Mailbox("", f"a@{text}"),), extra=(("X-A", text),)))
        except ComposeError:
            continue
        assert [name for name, _ in parse_headers(raw)].count("X-A") == 1


def test_rich_text_comes_out_clean_and_stays_so() -> None:
    wrong = []
    for payload in payloads():
        assert isinstance(text_of(payload.content), str)
        edited = editor_html(
            payload.content,
            address_of=lambda address: "/ours/1" if address.startswith("cid:") else None,
            blocked="/ours/blocked.svg",
        )
        found = outgoing_html(payload.content, cid_of=lambda _: None)
        if not isinstance(edited, Rich) or not isinstance(found, Rich):
            continue
        inside = found.html.removeprefix("<html><body>").removesuffix("</body></html>")
        problems = oracle.problems(edited.html)
        problems += [each for each in oracle.problems(inside) if not each.startswith("src=http")]
        again = outgoing_html(found.html, cid_of=lambda _: None)
        if problems or not isinstance(again, Rich) or again.html != found.html:
            wrong.append((payload.id, problems))
    assert wrong == []


def test_every_message_can_be_passed_on_and_quoted() -> None:
    assert CORPORA is not None
    refused = count = 0
    for path in sorted((CORPORA / "mime").rglob("*.eml")) + sorted((CORPORA / "mime-synth").glob("*.eml")):
        original = path.read_bytes()
        raw = octets(message(text="a", attachments=(file("a.eml", original, "message/rfc822"),)))
        assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n"), path
        assert max(map(len, raw.split(b"\r\n"))) <= 998, path
        assert parse_message(raw).root.children[1].type in ("message/rfc822", "application/octet-stream"), (
            path
        )
        target = io.BytesIO()
        resend(io.BytesIO(original), Resent(ANN, message().date, "<2@x>", (ANN,)), target)
        assert target.getvalue().endswith(b"\r\n"), path
        read = parse_message(original)
        for part in read.root.walk():
            if part.type != "text/html":
                continue
            html = decode(decode_transfer(read.body(part.section), part.encoding), part.charset)
            assert isinstance(text_of(html), str)
            quoted = outgoing_html(f"<blockquote>{html}</blockquote>", cid_of=lambda address: address)
            count += 1
            refused += not isinstance(quoted, Rich)
            if isinstance(quoted, Rich):
                octets(message(text=text_of(quoted.html), html=quoted.html))
    assert count > 100
    assert refused <= count // 50
