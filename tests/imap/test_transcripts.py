"""Recorded replies of real servers, and the strings of other parsers' tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.corpora import corpora_dir
from webmail.imap.errors import LimitError
from webmail.imap.parse import FetchResponse, Response, Unknown, parse_response

pytestmark = pytest.mark.skipif(corpora_dir() is None, reason="the corpora are not on this machine")
LITERAL = re.compile(rb"\{(\d+)\+?\}\Z")


def responses(data: bytes) -> Iterator[list[bytes]]:
    """As the connection's reader assembles them; one that is cut short ends with what there is."""
    position = 0
    while position < len(data):
        raw: list[bytes] = []
        while True:
            end = data.find(b"\n", position)
            end = len(data) if end < 0 else end
            raw.append(data[position:end].rstrip(b"\r"))
            position = end + 1
            match = LITERAL.search(raw[-1])
            if match is None or position >= len(data):
                break
            size = int(match[1])
            raw.append(data[position : position + size])
            position += size
        yield raw


def octets(path: Path) -> bytes:
    """The files hold bare LF where the literals' sizes count CRLF."""
    return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@cache
def transcripts() -> dict[str, list[Response]]:
    root = corpora_dir() / "imap" / "mailkit-transcripts" / "Imap"
    return {
        str(path.relative_to(root)): [parse_response(raw) for raw in responses(octets(path))]
        for path in sorted(root.rglob("*.txt"))
    }


def test_every_transcript_is_understood():
    unknown = [
        response.text
        for found in transcripts().values()
        for response in found
        if isinstance(response, Unknown) and not re.match(r"\* (METADATA|LISTRIGHTS) ", response.text)
    ]
    assert transcripts()
    assert unknown == []


def test_the_messages_of_the_transcripts_are_whole():
    root = corpora_dir() / "imap" / "mailkit-transcripts" / "Imap"
    envelopes = 0
    for name, found in transcripts().items():
        data = octets(root / name)
        messages = [response.message for response in found if isinstance(response, FetchResponse)]
        assert [message for message in messages if message.broken] == []
        assert len(messages) == len(re.findall(rb"^\* \d+ FETCH ", data, re.MULTILINE))
        assert sum(message.envelope is not None for message in messages) == data.count(b" ENVELOPE (")
        assert sum(message.structure is not None for message in messages) == len(
            re.findall(rb" BODY(?:STRUCTURE)? \(", data)
        )
        for message in messages:
            if message.envelope is not None:
                envelopes += 1
                assert message.envelope.from_
                assert message.envelope.message_id
    assert envelopes > 10


def strings() -> list[bytes]:
    found: list[bytes] = []
    for path in sorted((corpora_dir() / "imap").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                payload = json.loads(line).get("payload")
                if isinstance(payload, str):
                    found.append(payload.encode("utf-8", "surrogatepass"))
    return found


def test_strings_of_other_parsers_tests():
    payloads = strings()
    assert len(payloads) > 1000
    fetched = 0
    for payload in payloads:
        for before in (
            b"",
            b"* ",
            b"* 1 FETCH (",
            b'* LIST () "/" ',
            b"* STATUS ",
            b"* OK ",
            b"* 1 FETCH (ENVELOPE ",
        ):
            for raw in responses(before + payload[:5000]):
                try:
                    response = parse_response(raw if len(raw) % 2 else [*raw, b""])
                except LimitError:
                    continue
                fetched += isinstance(response, FetchResponse)
    assert fetched > 1000


def test_scripts_of_imaptest():
    for path in sorted((corpora_dir() / "imap" / "imaptest").rglob("*")):
        if path.is_file() and path.suffix != ".mbox":
            for line in path.read_bytes().splitlines():
                for before in (b"", b"* 1 FETCH "):
                    parse_response([before + line])
