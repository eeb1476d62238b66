"""The one cheap look at raw markup: tags in order, as a browser's tokeniser would find them.

Nothing here decides what is safe. It finds the `<style>` blocks and the `<body>` tag, which nh3 would drop,
and gives the guards what they count. Because `rename` has removed every element that would switch a parser to
other rules (foreign content, templates, select), these tags are the ones that the parsers will see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from webmail.mail.html.policy import RENAMED, words

_RENAMED = re.compile(rf"<(/?)({'|'.join(RENAMED)})(?=[\t\n\f\r />])", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_EMPTY = re.compile(r"<(?:svg|math)(?=[\t\n\f\r />])[^<>]*/>", re.IGNORECASE)

_SPACE = r"\t\n\f\r "
_ATTRIBUTE = (
    rf"[{_SPACE}/]*+([^{_SPACE}/>][^{_SPACE}/>=]*+)"
    rf"""(?>(?:[{_SPACE}]*+=[{_SPACE}]*+(?:"([^"]*+)"|'([^']*+)'|([^{_SPACE}"'>][^{_SPACE}>]*+)|(?=>)))?)"""
)
_WHOLE = re.compile(
    rf"<(/?)([a-zA-Z][^{_SPACE}/>]*+)((?>(?:{re.sub(r'[(](?![?])', '(?:', _ATTRIBUTE)})*))[{_SPACE}/]*+>"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# Of a long gap at the end every beginning would be tried.
_GAP = "\t\n\f\r /"
_COMMENT_END = re.compile(r"--!?>")
_RAW_TEXT = words("iframe noembed noframes script style textarea title xmp")
_RAW_END = {name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE) for name in _RAW_TEXT}

_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}")

Tag = tuple[bool, str, str, int, int]
"""Is it an end tag, the name in lower case, its attributes as written, where it starts, where it ends."""


def rename(html: str) -> str:
    """`html` without what no parser should see: control characters and elements that switch parsers.

    An empty `<svg/>` goes at once, since an unknown element could not be closed so.
    """
    html = _CONTROLS.sub("", _FORBIDDEN.sub("\ufffd", html)).replace("\f", " ")
    return _RENAMED.sub(r"<\1x-\2", _EMPTY.sub("", html))


def decode(text: str) -> str:
    """`text` with its character references decoded, those with absurdly long numbers included."""
    if "&" not in text:
        return text
    return unescape(_LONG_REFERENCE.sub("&#xfffd;", text))


def tags(html: str) -> Iterator[Tag]:
    """Every start and end tag outside comments and raw text; raw-text elements come with their end tags."""
    position = _next(html, 0)
    end = len(html)
    while 0 <= position < end:
        found = _WHOLE.match(html, position)
        if found is None:
            position = _skip(html, position)
            continue
        closing, name, attributes = found.group(1), found.group(2).lower(), found.group(3)
        position = found.end()
        yield bool(closing), name, attributes, found.start(), position
        if not closing and name in _RAW_TEXT:
            close = _RAW_END[name].search(html, position)
            if close is None:
                return
            position = close.start()
        else:
            position = _next(html, position)


def _skip(html: str, position: int) -> int:
    """The next `<` worth looking at after something at `position` that is not a whole tag; -1 for none."""
    after = html[position + 1 : position + 4]
    if after.startswith("!--"):
        if html[position + 4 : position + 5] == ">":
            return _next(html, position + 5)
        if html[position + 4 : position + 6] == "->":
            return _next(html, position + 6)
        close = _COMMENT_END.search(html, position + 4)
        return -1 if close is None else _next(html, close.end())
    if after[:1] in ("!", "?") or (after[:1] == "/" and len(after) > 1 and not _letter(after[1])):
        closed = html.find(">", position)
        return -1 if closed < 0 else _next(html, closed)
    if _letter(after[:1]) or (after[:1] == "/" and _letter(after[1:2])):
        return -1  # a tag that never ends takes the rest with it
    return _next(html, position + 1)


def _next(html: str, position: int) -> int:
    found = _MARKUP.search(html, position)
    return -1 if found is None else found.start()


def _letter(text: str) -> bool:
    return text.isascii() and text.isalpha()


def attribute_count(text: str) -> int:
    return sum(1 for _ in _ATTRIBUTES.finditer(text.rstrip(_GAP)))


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag as `tags` gives them, decoded; the first of a name counts, as in a browser."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTES.findall(text.rstrip(_GAP)):
        found.setdefault(name.lower(), decode(double or single or bare))
    return found
