"""bleach's parser, fed by a tokeniser that knows only what nh3 writes, and refuses everything else.

html5lib's own tokeniser forgives, one character at a time; it takes half of bleach's time and most of its worst
cases. What comes here is nh3's output, whose grammar is a few lines: if a single character does not fit, the
message is refused. Its tree walker counts siblings again and again, so the tree is walked here as well. Tree
building, bleach's filter and the serialiser remain theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from bleach.html5lib_shim import BleachHTMLParser, attributeMap, constants

from webmail.mail.html.guards import TooCostly
from webmail.mail.html.policy import TAGS

_REFERENCE = "&(?:amp|lt|gt|quot|nbsp);"
_ATTRIBUTE = re.compile(rf' ([a-z-]+)="((?>(?:[^"&]++|{_REFERENCE})*))"')
_PIECE = re.compile(
    rf"((?>(?:[^<&>]++|{_REFERENCE})+))"
    rf'|<([a-z][a-z0-9]*)((?>(?: [a-z-]+="(?>(?:[^"&]++|{_REFERENCE})*)")*))>'
    r"|</([a-z][a-z0-9]*)>"
)
_SPACE = re.compile(r"[\t\n\f ]++")
_TYPES = constants.tokenTypes


class _Nowhere:
    """Stands where a parser asks how far it has read, for messages that nobody sees."""

    def position(self) -> tuple[int, int]:
        return 0, 0


class Tokens:
    """The tokens of nh3's output, with character references left as they are, as bleach wants them."""

    stream = _Nowhere()

    def __init__(self, html: str) -> None:
        self.html = html

    def __iter__(self) -> Iterator[dict[str, Any]]:
        position = 0
        for found in _PIECE.finditer(self.html):
            if found.start() != position:
                break
            position = found.end()
            text, start, attributes, end = found.groups()
            if text is not None:
                yield from _characters(text)
            elif (start or end) not in TAGS:
                raise TooCostly("unstable")
            elif start is not None:
                data = attributeMap(_ATTRIBUTE.findall(attributes))
                yield {
                    "type": _TYPES["StartTag"],
                    "name": start,
                    "data": data,
                    "selfClosing": False,
                    "selfClosingAcknowledged": False,
                }
            else:
                yield {"type": _TYPES["EndTag"], "name": end, "data": {}, "selfClosing": False}
        if position != len(self.html):
            raise TooCostly("unstable")


def _characters(text: str) -> Iterator[dict[str, Any]]:
    space = _SPACE.match(text)
    if space is not None:
        yield {"type": _TYPES["SpaceCharacters"], "data": space.group()}
        text = text[space.end() :]
    if text:
        yield {"type": _TYPES["Characters"], "data": text}


def walk(fragment: Element) -> Iterator[dict[str, Any]]:
    """The tokens of a parsed fragment in order, as html5lib's walkers give them, in linear time."""
    yield from _text(fragment.text)
    stack = [(fragment, iter(fragment))]
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                yield {"type": "EndTag", "name": parent.tag, "namespace": None, "data": {}}
                yield from _text(parent.tail)
            continue
        data = {(None, name): value for name, value in child.items()}
        if child.tag in constants.voidElements:
            yield {"type": "EmptyTag", "name": child.tag, "namespace": None, "data": data}
            yield from _text(child.tail)
        else:
            yield {"type": "StartTag", "name": child.tag, "namespace": None, "data": data}
            yield from _text(child.text)
            stack.append((child, iter(child)))


def _text(text: str | None) -> Iterator[dict[str, Any]]:
    if text:
        yield {"type": "SpaceCharacters" if text.isspace() and text.isascii() else "Characters", "data": text}


class StrictParser(BleachHTMLParser):  # type: ignore[misc]  # bleach has no types
    """Bleach's parser without its tokeniser."""

    def _parse(
        self, stream: str, inner: bool = False, container: str = "div", scripting: bool = True, **_: Any
    ) -> None:
        self.innerHTMLMode = inner
        self.container = container
        self.scripting = scripting
        self.tokenizer = Tokens(stream)
        self.reset()
        self.mainLoop()
