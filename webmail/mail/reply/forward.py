"""A message forwarded inside another: a title, a few of its header fields, its text or HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from webmail.mail.header import clean
from webmail.mail.reply.quote import lines_as_html, mark, trimmed
from webmail.mail.text.flowed import Line, plain_lines, read_lines
from webmail.mail.text.render import MAX_TEXT

Fields = Iterable[tuple[str, str]]
"""Names in the writer's language and values: ("From", "Ann <ann@example.org>"). Without a value, left out."""


def forward_text(
    text: str, *, title: str, fields: Fields, flowed: bool = False, delsp: bool = False, cut: str = "[…]"
) -> str:
    """The whole text as it stands, signature and quotes as well; `cut` says where it was too long (1 MiB)."""
    lines = [mark(line) for line in _lines(text, flowed=flowed, delsp=delsp)]
    if len(text) > MAX_TEXT:
        lines.append(clean(cut))
    head = (f"-------- {clean(title)} --------", *(f"{name}: {value}" for name, value in _shown(fields)))
    return "\n".join((*head, "", *lines))


def forward_html(html: str, *, title: str, fields: Fields) -> str:
    """The same before `html`, which is a sanitised fragment: nothing in it is touched."""
    head = "".join(f"<br><b>{escape(name)}:</b> {escape(value)}" for name, value in _shown(fields))
    return f"<p>-------- {escape(clean(title))} --------{head}</p><div>{html}</div>"


def forward_text_as_html(
    text: str, *, title: str, fields: Fields, flowed: bool = False, delsp: bool = False, cut: str = "[…]"
) -> str:
    """A message of plain text forwarded in HTML."""
    inner = lines_as_html(_lines(text, flowed=flowed, delsp=delsp))
    if len(text) > MAX_TEXT:
        inner += f"<p>{escape(clean(cut))}</p>"
    return forward_html(inner, title=title, fields=fields)


def _lines(text: str, *, flowed: bool, delsp: bool) -> list[Line]:
    return trimmed(list(read_lines(plain_lines(text[:MAX_TEXT]), flowed=flowed, delsp=delsp)))


def _shown(fields: Fields) -> Iterator[tuple[str, str]]:
    for name, value in fields:
        if line := clean(value):
            yield clean(name), line
