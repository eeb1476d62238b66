"""Bytes to nested lists: the one place that knows how strings, atoms and literals are spelt.

A node is a list, a string or atom as bytes (servers send one for the other, so nobody is told which it was), or
None for NIL. Every expression here is possessive, or stops at a character that it can't cross twice, so the
time is linear in the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Node: TypeAlias = "bytes | list[Node] | None"
Lexeme: TypeAlias = "tuple[bytes, bytes | None]"

# An atom takes a section along: BODY[HEADER.FIELDS (List-Id "X Y")]<0>.
_ATOM = (
    rb'[()]|[^\s()"\[]++(?>(?:\[(?>(?:[^\]\["]++|"[^"\[]*+")*)\](?>(?:<[\d.]*+>)?))?)[^\s()"]*+|[^\s()"]++'
    rb'|".*+'  # A string without an end: the rest.
)
_STRICT = re.compile(rb'"([^"\\]*+(?>(?:\\.[^"\\]*+)*))"(?=[\s()\]]|\Z)|(' + _ATOM + rb")", re.DOTALL)

# Where a server forgot to escape, a quote ends a string when what follows is what follows strings.
_ITEM = rb"(?:UID|FLAGS|ENVELOPE|BODY|BODYSTRUCTURE|INTERNALDATE|RFC822(?:\.[A-Z]+)?|MODSEQ|PREVIEW|BINARY)"
_END = (
    rb'(?=\s*(?:\)(?=[\s()]|\Z)|\Z)|\s+(?:["(]|NIL(?=[\s()]|\Z)|\d+(?=[\s)]|\Z)|'
    + _ITEM
    + rb'[\s\[(])|"[^"]*+"[\s)]|\()'
)
_TOLERANT = re.compile(
    rb'"((?>(?:[^"]++|"(?!' + _END + rb'))*))"|(' + _ATOM + rb")",
    re.DOTALL,
)
_ESCAPED = re.compile(rb'\\(["\\])')
_NIL = frozenset({b"NIL", b"nil", b"Nil", b"NIl", b"niL", b"nIL", b"nIl", b"NiL"})

TOO_DEEP: list[Node] = [None]
"""Stands, by identity, for a list that was nested deeper than the limit."""


def literal_mark(text: bytes) -> int:
    """Where the `{123}`, `{123+}` or `~{123}` at the end of `text` begins."""
    mark = text.rfind(b"{")
    if mark < 0:
        return len(text)
    return mark - 1 if mark and text[mark - 1] == 0x7E else mark


def tokenise(raw: Sequence[bytes], start: int = 0) -> tuple[list[Lexeme], bool]:
    """All tokens from `start` in the first text, and whether every string was well formed.

    A token is (string, b"") for a quoted string, (octets, None) for a literal, else (b"", atom or parenthesis).
    """
    tokens = _scan(_STRICT, raw, start)
    if tokens is not None:
        return tokens, True
    return tokenise_tolerantly(raw, start), False


def tokenise_tolerantly(raw: Sequence[bytes], start: int = 0) -> list[Lexeme]:
    """The same, where quotes inside strings may be unescaped."""
    return _scan(_TOLERANT, raw, start, strict=False) or []


def _scan(
    pattern: re.Pattern[bytes], raw: Sequence[bytes], start: int, *, strict: bool = True
) -> list[Lexeme] | None:
    if len(raw) > 1:
        raw = _close_sections(raw)
    tokens: list[Lexeme] = []
    last = len(raw) - 1
    for index in range(0, last + 1, 2):
        text = raw[index]
        found: list[Lexeme] = pattern.findall(text, start, len(text) if index >= last else literal_mark(text))
        start = 0
        if found and (rest := found[-1][1]) and rest[0] == 0x22:
            if strict:
                return None
            found[-1] = (rest[1:].rstrip(b" )"), b"")
        if tokens:
            tokens += found
        else:
            tokens = found
        if index < last:
            tokens.append((raw[index + 1], None))
    return tokens


_FIELDS = rb'(?>(?:[^\]\["(){]++|"[^"\[]*+")*)\{\d+\+?\}\Z'
_OPEN_SECTION = re.compile(rb"\[[\d.]*HEADER\.FIELDS(?:\.NOT)?\s*\(" + _FIELDS, re.IGNORECASE)
_STILL_OPEN = re.compile(_FIELDS)


def _close_sections(raw: Sequence[bytes]) -> Sequence[bytes]:
    """A header field's name may be a literal: BODY[HEADER.FIELDS ({7} List-Id)]. It is made a quoted string."""
    if not any(_OPEN_SECTION.search(text, max(text.rfind(b"["), 0)) for text in raw[:-1:2]):
        return raw
    out: list[bytes] = []
    pieces = [raw[0]]
    is_open = False
    for index in range(1, len(raw) - 1, 2):
        text, literal, following = raw[index - 1], raw[index], raw[index + 1]
        is_open = bool(
            _OPEN_SECTION.search(text, max(text.rfind(b"["), 0)) or (is_open and _STILL_OPEN.match(text))
        )
        if is_open:
            pieces[-1] = text[: literal_mark(text)]
            pieces += [b'"', re.sub(rb'[\[\]"\s]', b"", literal), b'"', following]
        else:
            out += [b"".join(pieces), literal]
            pieces = [following]
    out.append(b"".join(pieces))
    return out


def fold(tokens: Iterable[Lexeme], depth: int) -> tuple[list[Node], bool]:
    """Tokens to nested lists, and whether the parentheses were balanced.

    Closing ones too many are ignored, missing ones are assumed at the end; a list deeper than `depth` becomes
    TOO_DEEP.
    """
    root: list[Node] = []
    sink: list[Node] = []
    stack: list[list[Node]] = []
    current = root
    append = root.append
    balanced = True
    for string, atom in tokens:
        if not atom:
            append(string if atom is None or b"\\" not in string else _ESCAPED.sub(rb"\1", string))
        elif atom == b"(":
            stack.append(current)
            if len(stack) <= depth:
                inner: list[Node] = []
                append(inner)
                current = inner
            elif current is not sink:
                append(TOO_DEEP)
                current = sink
            append = current.append
        elif atom == b")":
            if stack:
                current = stack.pop()
                append = current.append
            else:
                balanced = False
        elif atom in _NIL:
            append(None)
        else:
            append(atom)
    return root, balanced and not stack


def lex(raw: Sequence[bytes], start: int, depth: int) -> list[Node]:
    """One response's text and literals, from `start` in the first text, as nodes."""
    return fold(tokenise(raw, start)[0], depth)[0]
