"""Plain text to markup: paragraphs as they stand, quotes nested and folded, the signature apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from webmail.mail.text.flowed import Line, plain_lines, read_lines
from webmail.mail.text.links import linkify
from webmail.mail.text.signature import split_signature
from webmail.mail.uuencode import UuFile, extract

MAX_TEXT = 1_048_576
# A quote this long is folded where an answer follows, and the shorter one where nothing does.
LONG_QUOTE = 16
LAST_QUOTE = 4
MAX_ATTRIBUTION = 4

_ATTRIBUTION = re.compile(r".{1,400}[:：]\s*\Z")
_ORIGINAL = re.compile(
    r"\s?[-_]{2,}\s?(?:original (?:message|appointment)|ursprüngliche nachricht|message d'origine"
    r"|oorspronkelijk bericht|opprinnelig melding|opphaveleg melding|oprindelig meddelelse"
    r"|ursprungligt meddelande|mensaje original"
    r"|mensagem original|messaggio originale|исходное сообщение|原始邮件|원본 메시지)\s?[-_]{2,}\s*\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` is safe to insert. `truncated`: the text was longer than the limit. `files` were uuencoded in it."""

    html: str
    truncated: bool = False
    files: tuple[UuFile, ...] = ()


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that are quoted alike (not at all, or somehow). `folded` is decided when all blocks are known."""

    quoted: bool
    lines: list[Line]


def render(
    text: str,
    *,
    flowed: bool = False,
    delsp: bool = False,
    quoted: str = "Quoted text",
    limit: int = MAX_TEXT,
) -> Rendered:
    """Text for the page. `flowed` and `delsp` are the part's own (RFC 3676); `limit` is in characters;
    `quoted` is what a folded quote is called, in the reader's language.

    The markup is `div.text` (white space kept), `blockquote`, `details.quoted` with its `summary`, and
    `div.signature`; links are the only attributes that come from the text. Never raises; linear.
    """
    truncated = len(text) > limit
    text = plain_lines(text[:limit])
    text, files = extract(text)
    lines = list(read_lines(text.rstrip(), flowed=flowed, delsp=delsp))
    lines, signature = split_signature(lines)
    lines, original = _split_original(lines)
    out = list(_blocks(_grouped(lines), quoted, is_last=not original))
    if original:
        out.append(_folded("".join(_nested(original)), quoted))
    if signature:
        out.append(f'<div class="signature" dir="auto">{_joined(signature)}</div>')
    return Rendered("".join(out), truncated, files)


def _split_original(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    for index, line in enumerate(lines):
        if line.depth == 0 and len(line.text) < 100 and index and _ORIGINAL.match(line.text):
            return lines[:index], lines[index:]
    return lines, []


def _grouped(lines: list[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    for line in lines:
        quoted = line.depth > 0
        if blocks and blocks[-1].quoted == quoted:
            blocks[-1].lines.append(line)
        else:
            blocks.append(_Block(quoted, [line]))
    return blocks


def _blocks(blocks: list[_Block], words: str, *, is_last: bool) -> Iterator[str]:
    only_quotes = not any(line.text.strip() for block in blocks if not block.quoted for line in block.lines)
    if only_quotes:  # nothing would be left to read
        for block in blocks:
            yield from _nested(block.lines)
        return
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if not block.quoted:
            lines = block.lines
            if following and _is_folded(following, is_last=is_last and index + 2 >= len(blocks)):
                lines = lines[: len(lines) - _attribution(lines)]
            yield from _plain(lines)
            continue
        quote = "".join(_nested(block.lines))
        if not _is_folded(block, is_last=is_last and following is None):
            yield quote
            continue
        before = blocks[index - 1].lines if index else []
        count = _attribution(before)
        yield _folded("".join(_plain(before[len(before) - count :])) + quote, words)


def _is_folded(block: _Block, *, is_last: bool) -> bool:
    return block.quoted and len(block.lines) >= (LAST_QUOTE if is_last else LONG_QUOTE)


def _attribution(lines: list[Line]) -> int:
    """How many lines at the end say who wrote what follows ("On … wrote:"), blank ones after it included."""
    end = len(lines)
    while end and not lines[end - 1].text.strip():
        end -= 1
    if not end or len(lines) - end > 2 or not _ATTRIBUTION.match(lines[end - 1].text):
        return 0
    start = end - 1
    while start and end - start < MAX_ATTRIBUTION and lines[start - 1].text.strip():
        start -= 1
    if start and lines[start - 1].text.strip():
        start = end - 1
    return len(lines) - start


def _folded(inner: str, words: str) -> str:
    return f'<details class="quoted"><summary>{escape(words)}</summary>{inner}</details>'


def _plain(lines: list[Line]) -> Iterator[str]:
    if any(line.text.strip() for line in lines):
        yield f'<div class="text" dir="auto">{_joined(lines)}</div>'


def _nested(lines: list[Line]) -> Iterator[str]:
    depth = 0
    run: list[Line] = []
    for line in lines:
        if line.depth != depth:
            yield from _plain(run)
            run = []
            step = "<blockquote>" if line.depth > depth else "</blockquote>"
            yield step * abs(line.depth - depth)
            depth = line.depth
        run.append(line)
    yield from _plain(run)
    yield "</blockquote>" * depth


def _joined(lines: list[Line]) -> str:
    return linkify("\n".join(line.text for line in lines))
