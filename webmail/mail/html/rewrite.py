"""Addresses, links and pictures, settled in bleach's own pass: the last look at every element."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import unquote

from bleach.html5lib_shim import Filter

from webmail.mail.html import css, links
from webmail.mail.html.policy import plain_value
from webmail.mail.html.source import decode
from webmail.mail.html.types import Choices, Resolve, Words

Token = dict[str, Any]
Attributes = dict[tuple[str | None, str], str]

MAX_STYLES = 400_000
MAX_ACROSS = 300
MAX_DOWN = 2000
SPANNING = {
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "col": ("span", ""),
    "colgroup": ("span", ""),
}
RESERVED = "ekorn-"
PREFIX = "m-"

_CLASS = re.compile(r"[A-Za-z_][\w-]{0,63}", re.ASCII)
_FRAGMENT = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_PIXELS = re.compile(r"([0-9]{1,4})(?:px)?")
# An important inline declaration is the last word: nothing that the mail says of spans can hide it.
_MARK = (
    "all:initial!important;unicode-bidi:isolate!important;direction:ltr!important;background:#fff!important;"
    "color:#6b5d00!important;font:12px/1.4 sans-serif!important;"
)
_LINK = {"target": "_blank", "rel": "noopener noreferrer nofollow", "referrerpolicy": "no-referrer"}


@dataclass(slots=True)
class Work:
    """One message's callbacks, choices and findings. Also bleach's `css_sanitizer`."""

    inline: Resolve
    proxy: Resolve
    mailto: Resolve | None
    choices: Choices
    words: Words
    answers: dict[str, str | None] = field(default_factory=dict)
    remote: dict[str, bool] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)
    style_length: int = 0
    across: int = 0
    down: int = 0

    def picture(self, reference: str) -> str | None:
        """Our address for a picture that the mail names by `reference`, noting what was found and blocked."""
        reference = reference.strip()
        if not reference or len(reference) > links.MAX_URL:
            return None
        if reference not in self.answers:
            self.answers[reference] = self._find(reference)
        return self.answers[reference]

    def _find(self, reference: str) -> str | None:
        scheme, colon, rest = reference.partition(":")
        if colon and scheme.lower() == "cid":
            reference = "cid:" + unquote(rest)
        ours = self.inline(reference)
        if ours is not None:
            self.used[reference] = None
            return ours
        url = links.web_address(reference)
        if url is None:
            return None
        ours = self.proxy(url) if self.choices.remote else None
        self.remote[url] = ours is not None
        return ours

    def spans(self, across: int, down: int) -> bool:
        """Whether a cell may reach so far: a browser lays out every column of every row, filled or not."""
        self.across += across - 1
        self.down += (down - 1) * across
        return self.across <= MAX_ACROSS and self.down <= MAX_DOWN

    def sanitize_css(self, value: str) -> str:
        """A `style` attribute as bleach reads and writes it: with its entities still encoded."""
        done = self.styles.get(value)
        if done is None:
            self.style_length += len(value)
            done = "" if self.style_length > MAX_STYLES else escape(css.style(decode(value), self.picture))
            self.styles[value] = done
        return done


def class_names(value: str) -> str:
    names = [
        name
        for name in value.split()[:20]
        if _CLASS.fullmatch(name) and not name.lower().startswith(RESERVED)
    ]
    return " ".join(names)


class Rewrite(Filter):  # type: ignore[misc]  # bleach has no types
    """Runs after bleach's own filter, so that every token here is an allowed element with allowed attributes."""

    def __init__(self, source: Iterable[Token], *, work: Work) -> None:
        super().__init__(source)
        self.work = work

    def __iter__(self) -> Iterator[Token]:
        goes: links.Target | None = None
        text: list[str] = []
        for token in super().__iter__():
            kind = token["type"]
            if kind in ("StartTag", "EmptyTag"):
                data: Attributes = token["data"]
                if token["name"] == "a":
                    goes, text = _target(data), []
                token["data"] = self._attributes(token["name"], data, goes)
            elif goes is not None and kind in ("Characters", "SpaceCharacters"):
                text.append(token["data"])
            elif goes is not None and kind == "Entity":
                text.append(decode(f"&{token['name']};"))
            yield token
            if kind == "EndTag" and token["name"] == "a":
                if goes is not None:
                    yield from self._mark(goes, "".join(text))
                goes = None

    def _mark(self, goes: links.Target, text: str) -> Iterator[Token]:
        shown = links.disagrees(text, goes)
        if shown is None:
            return
        label = " [" + self.work.words.goes_to.replace("{target}", shown) + "]"
        data: Attributes = {(None, "class"): RESERVED + "goes", (None, "style"): _MARK}
        yield {"type": "StartTag", "name": "span", "namespace": None, "data": data}
        yield {"type": "Characters", "data": label}
        yield {"type": "EndTag", "name": "span", "namespace": None, "data": {}}

    def _attributes(self, tag: str, data: Attributes, goes: links.Target | None) -> Attributes:
        kept: dict[str, str] = {}
        for (_, name), raw in data.items():
            if name == "style":
                if raw:
                    kept[name] = raw  # filtered and encoded by `Work.sanitize_css`
                continue
            value = self._value(tag, name, decode(raw))
            if value is not None:
                kept[name] = escape(value)
        if tag == "a":
            self._link(kept, goes, decode(data.get((None, "href"), "")))
        elif tag == "img":
            self._image(kept, data)
        elif tag == "tr":
            self.work.across = 0
        elif tag in SPANNING and not self.work.spans(
            *(int(kept.get(name, "1")) or 1 for name in SPANNING[tag])
        ):
            for name in SPANNING[tag]:
                kept.pop(name, None)
        return {(None, name): value for name, value in kept.items()}

    def _value(self, tag: str, name: str, value: str) -> str | None:
        match name:
            case "href" | "src" | "srcset":
                return None
            case "class":
                return class_names(value) or None
            case "id" | "name":
                return PREFIX + value if _FRAGMENT.fullmatch(value) else None
            case "background":
                return self.work.picture(value)
            case "title" if tag == "a":
                return None
        return value if plain_value(tag, name, value) else None

    def _link(self, kept: dict[str, str], goes: links.Target | None, href: str) -> None:
        if goes is None:
            fragment = href.strip()[1:]
            if href.strip().startswith("#") and _FRAGMENT.fullmatch(fragment):
                kept["href"] = "#" + PREFIX + fragment
            return
        url: str | None = goes.url
        if goes.address and self.work.mailto is not None:
            url = self.work.mailto(goes.url)
        if url is None:
            return
        kept["href"] = escape(url)
        kept.update(_LINK)
        if goes.international:
            kept["title"] = escape(goes.host)

    def _image(self, kept: dict[str, str], data: Attributes) -> None:
        source = decode(data.get((None, "src"), "")).strip()
        if not source:
            source = decode(data.get((None, "srcset"), "")).strip(" \t\n\f\r,").split(" ", 1)[0].rstrip(",")
        width, height = _PIXELS.fullmatch(kept.get("width", "")), _PIXELS.fullmatch(kept.get("height", ""))
        wide = width is not None and height is not None and int(width[1]) > 300 and int(height[1]) > 0
        ours = self.work.picture(source)
        if ours is not None:
            kept["src"] = escape(ours)
            if width and height and wide and "height" not in kept.get("style", ""):
                # a picture wider than a narrow screen shrinks in proportion, a stretched one included
                ratio = f"aspect-ratio:{width[1]}/{height[1]};height:auto;"
                kept["style"] = ratio + kept.get("style", "")
        elif not ((width and int(width[1]) < 4) or (height and int(height[1]) < 4)):
            kept["class"] = f"{kept.get('class', '')} {RESERVED}blocked".strip()


def _target(data: Attributes) -> links.Target | None:
    href = data.get((None, "href"))
    return None if href is None else links.target(decode(href))
