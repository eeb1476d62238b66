"""Declarations of a mail's CSS, judged on tinycss2's syntax tree and written anew from it.

Nothing of the original text is passed through: names, numbers, strings and functions are serialised from
their decoded values, and only if they are plain. So an escape, a comment or a parser's error recovery cannot
carry anything past the filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import tinycss2
from tinycss2 import ast

from webmail.mail.html.properties import COLOUR_FUNCTIONS, PROPERTIES, Kind

MAX_STYLE = 4000
MAX_DECLARATIONS = 100
MAX_NESTING = 6

_NAME = re.compile(r"-{0,2}[a-z_][a-z0-9_-]{0,63}", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,7}(?:\.[0-9]{1,10})?|\.[0-9]{1,10})")
_HASH = re.compile(r"[0-9a-f]{3,8}", re.IGNORECASE)
_STRING = re.compile(r"[\w .,&+()'/-]{0,100}")
_BRACKETS = re.compile(r"[(\[{]")
_URL = re.compile(r"[^\x00-\x20\"'()<>\\\x7f]{1,8000}")

_PIXELS = {
    "px": 1.0,
    "pt": 1.34,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
    "vw": 13.0,
    "deg": 1.0,
    "turn": 1.0,
    "rad": 1.0,
    "fr": 1.0,
}
"""The units that may be used, and about how many pixels each is: enough to bound a length. Units of the
viewport's height are not among them, since the frame grows with its content."""


class Reference(str):
    """An address inside a value, to be resolved when the value is written."""

    __slots__ = ()


Piece = str | Reference
Resolve = Callable[[str], str | None]


class _Unwanted(Exception):  # noqa: N818 -- ends the walk of one declaration
    pass


def style(text: str, resolve: Resolve) -> str:
    """A filtered `style` attribute; "" where nothing remains. `resolve` answers for addresses of pictures.

    Nothing is remembered here from one message to the next.
    """
    if len(text) > MAX_STYLE or len(_BRACKETS.findall(text)) > 60:
        return ""
    return write(declarations(tinycss2.parse_blocks_contents(text)), resolve)


def write(pieces: Iterable[Piece], resolve: Resolve) -> str:
    return "".join(_picture(piece, resolve) if isinstance(piece, Reference) else piece for piece in pieces)


def _picture(url: Reference, resolve: Resolve) -> str:
    ours = resolve(str(url))
    if ours is None or not _URL.fullmatch(ours):
        return "none"
    return f'url("{ours}")'


def declarations(nodes: Iterable[ast.Node], *, pictures: bool = True) -> Iterable[Piece]:
    """The pieces of the declarations among `nodes` that may stay, `;` after each."""
    count = 0
    for node in nodes:
        if node.type != "declaration":
            continue
        count += 1
        if count > MAX_DECLARATIONS:
            return
        kind = PROPERTIES.get(node.lower_name)
        if kind is None:
            continue
        try:
            value = list(_values(node.value, kind if pictures else kind.without_pictures(), 0))
        except _Unwanted:
            continue
        if not any(piece.strip() for piece in value):
            continue
        yield node.lower_name + ":"
        yield from _tidy(value)
        yield "!important;" if node.important else ";"


def _tidy(value: list[Piece]) -> list[Piece]:
    while value and value[0] == " ":
        del value[0]
    while value and value[-1] == " ":
        del value[-1]
    return value


def _values(nodes: Iterable[ast.Node], kind: Kind, depth: int) -> Iterable[Piece]:
    if depth > MAX_NESTING:
        raise _Unwanted
    for node in nodes:
        match node.type:
            case "whitespace" | "comment":
                yield " "  # a comment ends a token: 9/**/9px must not become 99px
            case "ident":
                yield _keyword(node.value, kind, depth)
            case "number" | "percentage" | "dimension":
                yield _number(node, kind, depth)
            case "hash" if _HASH.fullmatch(node.value):
                yield "#" + node.value
            case "literal" if node.value in (",", "/") or (depth and node.value in ("+", "-", "*")):
                yield node.value
            case "string" if kind.strings and _STRING.fullmatch(node.value):
                yield '"' + node.value + '"'
            case "url" if kind.pictures:
                yield Reference(node.value)
            case "function":
                yield from _function(node, kind, depth)
            case "() block" if depth:
                yield from ("(", *_values(node.content, kind, depth + 1), ")")
            case _:
                raise _Unwanted


def _keyword(value: str, kind: Kind, depth: int) -> str:
    if not _NAME.fullmatch(value):
        if kind.strings and depth == 0 and _STRING.fullmatch(value) and value.isprintable():
            return '"' + value + '"'
        raise _Unwanted
    if kind.keywords is not None and value.lower() not in kind.keywords:
        raise _Unwanted
    return value


def _number(node: ast.Node, kind: Kind, depth: int) -> str:
    unit = "%" if node.type == "percentage" else getattr(node, "lower_unit", "")
    text = node.representation
    if not _NUMBER.fullmatch(text) or (node.type == "dimension" and unit not in _PIXELS):
        raise _Unwanted
    if node.value < 0 and not kind.negative and not depth:
        raise _Unwanted
    pixels = {"%": kind.percent, "": kind.number}.get(unit) or _PIXELS[unit]
    if abs(node.value) * pixels > kind.largest:
        raise _Unwanted
    return f"{text}{unit}"


def _function(node: ast.FunctionBlock, kind: Kind, depth: int) -> Iterable[Piece]:
    name = node.lower_name
    if name == "url":
        inside = [inner for inner in node.arguments if inner.type != "whitespace"]
        if not kind.pictures or len(inside) != 1 or inside[0].type != "string":
            raise _Unwanted
        yield Reference(inside[0].value)
    elif name in COLOUR_FUNCTIONS or name in kind.functions:
        yield from (name, "(", *_values(node.arguments, kind.inside(), depth + 1), ")")
    else:
        raise _Unwanted
