"""A message quoted in its answer, as text (RFC 3676, 4.5) and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from webmail.mail.header import clean
from webmail.mail.text.flowed import Line, plain_lines, read_lines
from webmail.mail.text.signature import split_signature

MAX_QUOTE = 200_000


def quote_text(
    text: str, *, attribution: str = "", flowed: bool = False, delsp: bool = False, cut: str = "[…]"
) -> str:
    """The attribution and each line behind ">", without the signature; LF between lines, none at the end.

    `flowed` and `delsp` are the part's own (RFC 3676). Past 200,000 characters `cut` stands in a line of its own.
    """
    lines = quoted_lines(text, flowed=flowed, delsp=delsp)
    quoted = [mark(line, 1) for line in lines]
    if len(text) > MAX_QUOTE:
        quoted.append(f"> {clean(cut)}")
    return "\n".join((*_attributed(attribution), *quoted))


def quote_html(html: str, *, attribution: str = "") -> str:
    """Around `html`, which is a sanitised fragment: nothing in it is touched."""
    return f'{_paragraph(attribution)}<blockquote type="cite">{html}</blockquote>'


def quote_text_as_html(
    text: str, *, attribution: str = "", flowed: bool = False, delsp: bool = False, cut: str = "[…]"
) -> str:
    """A message of plain text quoted in an answer in HTML; quotes in it are quotes again."""
    inner = lines_as_html(quoted_lines(text, flowed=flowed, delsp=delsp))
    if len(text) > MAX_QUOTE:
        inner += f"<p>{escape(clean(cut))}</p>"
    return quote_html(inner, attribution=attribution)


def quoted_lines(text: str, *, flowed: bool, delsp: bool) -> list[Line]:
    """What of a text is worth quoting: not its signature, nor blank lines at its ends."""
    lines = list(read_lines(plain_lines(text[:MAX_QUOTE]), flowed=flowed, delsp=delsp))
    return trimmed(split_signature(trimmed(lines))[0])


def trimmed(lines: list[Line]) -> list[Line]:
    """Without blank lines before and after; one that is quoted counts as blank as well."""
    start, end = 0, len(lines)
    while end and not lines[end - 1].text.strip():
        end -= 1
    while start < end and not lines[start].text.strip():
        start += 1
    return lines[start:end]


def mark(line: Line, deeper: int = 0) -> str:
    """ ">> text": marks without spaces between them, so that no quote grows wider than it is deep."""
    depth = line.depth + deeper
    text = line.text.rstrip()
    return f"{'>' * depth} {text}" if depth and text else ">" * depth or text


def lines_as_html(lines: Iterable[Line]) -> str:
    """Paragraphs of escaped text, in one `blockquote` for each level of quoting."""
    return "".join(_markup(lines))


def _markup(lines: Iterable[Line]) -> Iterator[str]:
    depth = 0
    run: list[str] = []
    for line in lines:
        if line.depth != depth:
            yield from _run(run)
            step = '<blockquote type="cite">' if line.depth > depth else "</blockquote>"
            yield step * abs(line.depth - depth)
            depth, run = line.depth, []
        if line.text.strip():
            run.append(escape(line.text.rstrip().expandtabs(8)).replace("  ", "\u00a0 "))
        else:
            yield from _run(run)
            run = []
    yield from _run(run)
    yield "</blockquote>" * depth


def _run(run: list[str]) -> Iterator[str]:
    if run:
        yield f"<p>{'<br>'.join(run)}</p>"


def _attributed(attribution: str) -> Iterator[str]:
    if line := clean(attribution):
        yield line


def _paragraph(attribution: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in _attributed(attribution))
