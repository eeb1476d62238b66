"""A mail's `<style>` blocks, for the frame's own document: plain rules and plain `@media`, nothing that loads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2 import ast

from webmail.mail.html.css import declarations
from webmail.mail.html.policy import TAGS, words
from webmail.mail.html.rewrite import PREFIX, RESERVED

MAX_BLOCKS = 30
MAX_LENGTH = 150_000
MAX_RULES = 3000
MAX_SELECTORS = 60

_NAME = re.compile(r"[A-Za-z_][\w-]{0,63}", re.ASCII)
_ELEMENTS = TAGS | {"body", "html"}
_STATES = words(
    "hover link first-child last-child only-child first-of-type last-of-type root empty focus active"
)
_FEATURES = words("width min-width max-width device-width min-device-width max-device-width orientation")
_MEDIA_WORDS = frozenset({"screen", "print", "all", "only", "and", "not"})
_ORIENTATIONS = frozenset({"portrait", "landscape"})
_BRACKETS = re.compile(r"[(\[]")
_SHELL = re.compile(r"<!--|-->")


class _Unwanted(Exception):  # noqa: N818 -- ends the walk of one selector or query
    pass


def stylesheet(blocks: Iterable[str]) -> str:
    """The rules of `blocks` that may stay, in order; "" where they are too long or too many to be looked at."""
    blocks = list(blocks)
    text = "\n".join(_SHELL.sub(" ", block) for block in blocks)
    if len(blocks) > MAX_BLOCKS or len(text) > MAX_LENGTH or len(_BRACKETS.findall(text)) > MAX_RULES * 2:
        return ""
    left = [MAX_RULES]
    nodes = tinycss2.parse_stylesheet(text)
    return "\n".join(_rules(nodes, left))


def _rules(nodes: Iterable[ast.Node], left: list[int], *, nested: bool = False) -> Iterator[str]:
    for node in nodes:
        if node.type in ("whitespace", "comment"):
            continue
        left[0] -= 1
        if left[0] < 0:
            return
        if node.type == "qualified-rule":
            selectors = _selectors(node.prelude)
            if selectors:
                content = tinycss2.parse_blocks_contents(node.content)
                body = "".join(declarations(content, pictures=False))
                if body:
                    yield f"{selectors}{{{body}}}"
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content and not nested:
            query = _query(node.prelude)
            if query:
                inner = tinycss2.parse_rule_list(node.content)
                yield f"@media {query}{{{''.join(_rules(inner, left, nested=True))}}}"


def _split(nodes: Iterable[ast.Node]) -> Iterator[list[ast.Node]]:
    part: list[ast.Node] = []
    for node in nodes:
        if node.type == "literal" and node.value == ",":
            yield part
            part = []
        else:
            part.append(node)
    yield part


def _selectors(prelude: Iterable[ast.Node]) -> str:
    """The list's selectors that may stay; one that may not is left out without its fellows."""
    kept = []
    for part in list(_split(prelude))[:MAX_SELECTORS]:
        try:
            kept.append(_selector(part))
        except _Unwanted:
            continue
    return ",".join(kept)


def _selector(nodes: list[ast.Node]) -> str:
    text = ""
    before = ""
    for node in nodes[:40]:
        value = getattr(node, "value", "")
        match node.type:
            case "whitespace":
                text += " "
            case "ident" if before == ".":
                if not _NAME.fullmatch(value) or value.lower().startswith(RESERVED):
                    raise _Unwanted
                text += value
            case "ident" if before == ":":
                if value.lower() not in _STATES:
                    raise _Unwanted
                text += value.lower()
            case "ident" if value.lower() in _ELEMENTS:
                text += value.lower()
            case "hash" if _NAME.fullmatch(value):
                text += "#" + PREFIX + value
            case "literal" if value in (".", ":", ">", "+", "~", "*") and before not in (".", ":"):
                text += value
            case _:
                raise _Unwanted
        before = value if node.type == "literal" else ""
    text = text.strip()
    if not text or text[-1] in ".:>+~" or text[0] in ">+~" or len(nodes) > 40:
        raise _Unwanted
    return text


def _query(prelude: Iterable[ast.Node]) -> str:
    kept = []
    for part in list(_split(prelude))[:20]:
        try:
            kept.append(" ".join(_media(node) for node in part if node.type != "whitespace"))
        except _Unwanted:
            continue
    return ",".join(query for query in kept if query)


def _media(node: ast.Node) -> str:
    if node.type == "ident" and node.lower_value in _MEDIA_WORDS:
        return str(node.lower_value)
    if node.type != "() block":
        raise _Unwanted
    inside = [inner for inner in node.content if inner.type not in ("whitespace", "comment")]
    if len(inside) != 3 or inside[0].type != "ident" or inside[1] != ":":
        raise _Unwanted
    feature, value = inside[0].lower_value, inside[2]
    if feature not in _FEATURES:
        raise _Unwanted
    if value.type == "dimension" and value.lower_unit in ("px", "em", "rem") and 0 <= value.value < 10_000:
        return f"({feature}:{value.value:g}{value.lower_unit})"
    if value.type == "ident" and feature == "orientation" and value.lower_value in _ORIENTATIONS:
        return f"({feature}:{value.lower_value})"
    raise _Unwanted
