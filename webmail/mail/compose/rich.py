"""Rich text on its way out and into the editor: what an editor or a quoted message gives, made safe and small.

The same two cleaners as for reading, with a narrower last look: no classes, ids, backgrounds or `srcset`, no
address in a style, links to http, https, mailto and tel. While somebody writes, a remote picture of a quoted
message may not be fetched: the editor gets our own `blocked` picture in its place, whose fragment keeps the
address; on sending it is put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape
from urllib.parse import quote, unquote

from bleach.html5lib_shim import Filter

from webmail.mail.html import css, links, text_from_html
from webmail.mail.html.policy import plain_value
from webmail.mail.html.rewrite import Attributes, Token
from webmail.mail.html.sanitise import clean
from webmail.mail.html.source import decode
from webmail.mail.html.types import Refused, Resolve

MAX_STYLES = 400_000

_QUOTE = "margin:0 0 0 0.8ex;border-left:2px solid #ccc;padding-left:1ex;"
# An editor may name our pictures with the site's own address before them.
_ORIGIN = re.compile(r"\Ahttps?://[^/]*(?=/)")
_TINY = re.compile(r"0*[0-3](?:px)?")
_SIGNATURE = re.compile(r"^((?:> ?)*)--$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rich:
    """`html` is safe. `inline` are the pictures that were mapped, as they were named, each once.

    `dropped` counts the pictures for which there was no address.
    """

    html: str
    inline: tuple[str, ...] = ()
    dropped: int = 0


def outgoing_html(html: str, *, cid_of: Resolve, blocked: str = "") -> Rich | Refused:
    """The editor's HTML as a document to send. Never raises.

    `cid_of` answers "cid:…" for a picture's address in the editor, or None; `blocked` is the editor's placeholder.
    Remote pictures stay, but for those of a few pixels; `data:` ones are dropped.
    """

    def source(address: str) -> str | None:
        marked, _, kept = address.partition("#")
        if blocked and _ORIGIN.sub("", marked) == _ORIGIN.sub("", blocked):
            return links.web_address(unquote(kept))
        return links.web_address(address)

    found = _clean(html, _Work(cid_of, source, quotes=True))
    if isinstance(found, Refused):
        return found
    return Rich(f"<html><body>{found.html}</body></html>", found.inline, found.dropped)


def editor_html(html: str, *, address_of: Resolve, blocked: str = "") -> Rich | Refused:
    """A message's HTML as body content for the editor. Never raises.

    `address_of` answers our address for "cid:…" (percent-decoded), or None; a remote picture becomes `blocked`, an
    address of ours, and without one is left out.
    """

    def source(address: str) -> str | None:
        url = links.web_address(address)
        return f"{blocked}#{quote(url, safe='')}" if url and blocked else None

    return _clean(html, _Work(address_of, source))


def text_of(html: str) -> str:
    """The plain version of rich text: quotes with "> ", links as "text <address>". Linear; never raises."""
    return _SIGNATURE.sub(r"\1-- ", text_from_html(html, links=True))


@dataclass(slots=True)
class _Work:
    """One text's callbacks and findings. Also bleach's `css_sanitizer`."""

    inline: Resolve
    other: Resolve
    quotes: bool = False
    used: dict[str, None] = field(default_factory=dict)
    dropped: int = 0
    styles: dict[str, str] = field(default_factory=dict)
    style_length: int = 0

    def picture(self, address: str) -> str | None:
        scheme, _, rest = address.partition(":")
        if scheme.lower() == "cid":
            address = "cid:" + unquote(rest)
        ours = self.inline(address) if 0 < len(address) <= links.MAX_URL else None
        if ours is not None:
            self.used[address] = None
            return ours
        return self.other(address)

    def sanitize_css(self, value: str) -> str:
        done = self.styles.get(value)
        if done is None:
            self.style_length += len(value)
            done = escape(css.style(decode(value), lambda _: None)) if self.style_length <= MAX_STYLES else ""
            self.styles[value] = done
        return done


def _clean(html: str, work: _Work) -> Rich | Refused:
    markup = clean(html, styles=work, rewrite=partial(_Rewrite, work=work))
    return markup if isinstance(markup, Refused) else Rich(markup.strip(), tuple(work.used), work.dropped)


class _Rewrite(Filter):  # type: ignore[misc]  # bleach has no types
    """Runs after bleach's own filter, so that every token here is an allowed element with allowed attributes."""

    def __init__(self, source: Iterable[Token], *, work: _Work) -> None:
        super().__init__(source)
        self.work = work

    def __iter__(self) -> Iterator[Token]:
        for token in super().__iter__():
            if token["type"] in ("StartTag", "EmptyTag"):
                data: Attributes = token["data"]
                token["data"] = self._attributes(token["name"], data)
                if token["name"] == "img" and (None, "src") not in token["data"]:
                    if alt := token["data"].get((None, "alt")):
                        yield {"type": "Characters", "data": decode(alt)}
                    continue
            yield token

    def _attributes(self, tag: str, data: Attributes) -> Attributes:
        kept: dict[str, str] = {}
        for (_, name), raw in data.items():
            if name == "style":
                if raw:
                    kept[name] = raw  # filtered and encoded by `sanitize_css`
            elif plain_value(tag, name, decode(raw)):
                kept[name] = escape(decode(raw))
        if tag == "a":
            goes = links.target(decode(data.get((None, "href"), "")))
            if goes is not None:
                kept["href"] = escape(goes.url)
        elif tag == "img":
            self._image(kept, decode(data.get((None, "src"), "")).strip())
        elif tag == "blockquote" and self.work.quotes:
            kept = {"type": "cite", "style": _QUOTE, **kept}
        return {(None, name): value for name, value in kept.items()}

    def _image(self, kept: dict[str, str], address: str) -> None:
        ours = self.work.picture(address)
        is_tiny = any(_TINY.fullmatch(kept.get(name, "")) for name in ("width", "height"))
        if ours is None:
            self.work.dropped += 1
        elif not (is_tiny and links.web_address(address)):
            kept["src"] = escape(ours)
