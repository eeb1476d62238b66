"""The text of an HTML part, for the text view, for quoting and for snippets."""

from __future__ import annotations

import re

from webmail.mail.html import source
from webmail.mail.html.links import target
from webmail.mail.html.policy import words

MAX_TEXT = 2_000_000

_SILENT = words(
    "script style title iframe noembed noframes video audio canvas embed datalist xml"
    " x-svg x-math x-object x-applet x-template x-noscript"
)
_PARAGRAPHS = words("p blockquote ul ol dl table pre h1 h2 h3 h4 h5 h6 hr figure details")
_LINES = words(
    "div section article aside header footer main nav address center br tr li dt dd summary figcaption form"
    " fieldset caption dir menu option"
)
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[ \t\n\f\r]+")
_NUMBER = re.compile(r"[0-9]{1,6}")
_BLANKS = re.compile(r"\n{3,}")
_UNFINISHED = re.compile(r"<[a-zA-Z/!][^<>]*\Z")
_FILLER = re.compile("[\xa0\xad\u034f\u2007\u200b-\u200f\u2060-\u2064\ufeff]+")
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?/][^>]*(?:>|\Z)", re.DOTALL)


MAX_QUOTES = 20
MAX_LISTS = 20


class _Writer:
    """Collects lines; `wait` is how many line breaks are owed before the next word."""

    def __init__(self, *, links: bool, quote: str) -> None:
        self.links = links
        self.quote = quote
        self.out: list[str] = []
        self.wait = 0
        self.space = False
        self.quotes = 0
        self.quoted = 0
        self.lists: list[int] = []
        self.ruled: list[bool] = []
        self.in_row = False
        self.silent = ""
        self.silent_depth = 0
        self.pre = 0
        self.href = ""
        self.shown: list[str] = []

    def text(self, raw: str) -> None:
        if not raw or self.silent:
            return
        plain = source.decode(_COMMENT.sub("", raw) if "<" in raw else raw)
        if self.pre:
            for at, line in enumerate(plain.split("\n")):
                self.wait += at > 0
                self._put(line)
            return
        words = _SPACES.split(plain)
        self.space = self.space or words[0] == ""
        for at, word in enumerate(words):
            self.space = self.space or at > 0
            self._put(word)

    def _put(self, word: str) -> None:
        if not word:
            return
        if self.wait and self.out:
            if self.wait > 1:
                self.out.append(f"\n{self.quote * min(self.quotes, self.quoted)}")
            self.out.append(f"\n{self.quote * self.quotes}")
        elif not self.out:
            self.out.append(self.quote * self.quotes)
        elif self.space:
            self.out.append(" ")
        self.wait, self.space, self.quoted = 0, False, self.quotes
        self.out.append(word)
        if self.href:
            self.shown.append(word)

    def tag(self, closing: bool, name: str, attributes: str) -> None:
        if self.silent:
            self.silent_depth += (not closing) - closing if name == self.silent else 0
            if self.silent_depth <= 0:
                self.silent = ""
            return
        if name in _SILENT:
            if not closing:
                self.silent, self.silent_depth = name, 1
            return
        if name in _PARAGRAPHS:
            self._break(1 if name in ("ul", "ol") and self.lists else 2)
        elif name == "br" or name in _LINES:
            self.wait = self.wait + 1 if name == "br" else max(self.wait, 1)
        elif name in _CELLS:
            self._cell(closing, name)
        self._effect(closing, name, attributes)

    def _break(self, lines: int) -> None:
        self.wait = max(self.wait, lines)

    def _effect(self, closing: bool, name: str, attributes: str) -> None:
        match name:
            case "blockquote":
                self.quotes = max(0, min(MAX_QUOTES, self.quotes + (-1 if closing else 1)))
            case "pre":
                self.pre = max(0, self.pre + (-1 if closing else 1))
            case "ul" | "ol" if closing:
                del self.lists[-1:]
            case "ul" if len(self.lists) < MAX_LISTS:
                self.lists.append(-1)
            case "ol" if len(self.lists) < MAX_LISTS:
                start = source.attributes(attributes[:5000]).get("start", "1")
                self.lists.append(max(0, int(start) - 1) if _NUMBER.fullmatch(start) else 0)
            case "li" if not closing:
                self._item()
            case "table" if closing:
                del self.ruled[-1:]
            case "table" if len(self.ruled) < MAX_LISTS:
                self.ruled.append(source.attributes(attributes[:5000]).get("border", "0") not in ("0", ""))
            case "tr":
                self.in_row = False
            case "hr":
                self._put("---")
                self._break(2)
            case "img":
                self._put(_SPACES.sub(" ", source.attributes(attributes[:5000]).get("alt", "")).strip())
            case "a" if self.links:
                self._link(closing, attributes)

    def _cell(self, closing: bool, name: str) -> None:
        """In a table that shows its lines or has headings, cells are apart by "|"; others only give a layout."""
        self.space = True
        if closing or not self.ruled:
            return
        self.ruled[-1] = self.ruled[-1] or name == "th"
        if self.in_row and self.ruled[-1] and not self.wait:
            self._put("|")
            self.space = True
        self.in_row = True

    def _item(self) -> None:
        mark = "-"
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            mark = f"{self.lists[-1]}."
        self._put("  " * max(0, len(self.lists) - 1) + mark)
        self.space = True

    def _link(self, closing: bool, attributes: str) -> None:
        if closing and self.href:
            href, shown = self.href, "".join(self.shown)
            self.href = ""
            if shown and shown not in href:
                self.space = True
                self._put(f"<{href}>")
        elif not closing:
            goes = target(source.attributes(attributes[:10_000]).get("href", ""))
            self.href, self.shown = goes.url if goes else "", []

    def result(self) -> str:
        lines = (line.rstrip() for line in "".join(self.out).split("\n"))
        return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")


def snippet_from_html(html: str, *, length: int = 200) -> str:
    """The first words of `html` on one line, at most `length` characters, without the filler of newsletters."""
    writer = _Writer(links=False, quote="")
    html = source.rename(html[:MAX_TEXT])
    position = 0
    for closing, name, attributes, start, end in source.tags(html):
        writer.text(html[position : min(start, position + 4 * length)])
        writer.tag(closing, name, attributes)
        position = end
        if len(writer.out) > length:
            break
    else:
        writer.text(_UNFINISHED.sub("", html[position:])[: 4 * length])
    return " ".join(_FILLER.sub(" ", writer.result()).split())[:length].rstrip()


def text_from_html(html: str, *, links: bool = False, quote: str = "> ") -> str:
    """Readable lines of `html`: blocks apart, list items marked, quotes with `quote` before each line.

    With `links`, the address of each link follows its text. Linear in the length of `html`; never raises.
    """
    writer = _Writer(links=links, quote=quote)
    html = source.rename(html[:MAX_TEXT])
    position = 0
    for closing, name, attributes, start, end in source.tags(html):
        writer.text(html[position:start])
        writer.tag(closing, name, attributes)
        position = end
    writer.text(_UNFINISHED.sub("", html[position:]))
    return writer.result()
