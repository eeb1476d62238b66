"""SEARCH, SORT, ESEARCH and THREAD (RFC 9051, 7.3; RFC 4731, 5256, 5267, 9394)."""

from __future__ import annotations

import re

from webmail.imap.errors import LimitError, ProtocolError
from webmail.imap.parse.lexer import Node
from webmail.imap.parse.response import EsearchResponse, SearchResponse, ThreadResponse, Vanished
from webmail.imap.parse.source import Source
from webmail.imap.parse.text import BrokenError, number_or, readable, text
from webmail.imap.sets import parse_set
from webmail.imap.types import SearchResult, Thread

_MODSEQ = re.compile(rb"\(\s*MODSEQ\s+(\d{1,19})\s*\)", re.IGNORECASE)
_NUMBER = re.compile(rb"(?<![^\s])\d{1,20}(?![^\s])")


def search(source: Source) -> SearchResponse:
    body = source.text()
    modseq = None
    if b"(" in body:
        if match := _MODSEQ.search(body):
            modseq = int(match[1])
        body = body[: body.index(b"(")]
    if body.count(b" ") > source.limits.numbers:
        raise LimitError(f"a search result of more than {source.limits.numbers} messages")
    return SearchResponse(SearchResult(tuple(map(int, _NUMBER.findall(body))), modseq=modseq))


def esearch(source: Source) -> EsearchResponse:
    nodes = source.nodes()
    tag: str | None = None
    uid = False
    values: dict[str, int] = {}
    numbers: tuple[int, ...] = ()
    partial: tuple[int, int] | None = None
    if nodes and isinstance(correlator := nodes[0], list):
        del nodes[0]
        for key, value in zip(correlator[::2], correlator[1::2], strict=False):
            if text(key).upper() == "TAG":
                tag = text(value)
    index = 0
    while index < len(nodes):
        name = text(nodes[index]).upper()
        index += 1
        if name == "UID":
            uid = True
            continue
        if index >= len(nodes):
            break
        value = nodes[index]
        index += 1
        if name in _COUNTS:
            values[_COUNTS[name]] = number_or(value, 0)
        elif name == "ALL" and partial is None:
            numbers = _set(value, source)
        elif name == "PARTIAL" and isinstance(value, list) and value:
            partial = _range(text(value[0]))
            numbers = _set(value[1], source) if len(value) > 1 else ()
    return EsearchResponse(tag, uid, SearchResult(numbers, partial=partial, **values))


_COUNTS = {"COUNT": "count", "MIN": "minimum", "MAX": "maximum", "MODSEQ": "modseq"}


def _set(node: Node, source: Source) -> tuple[int, ...]:
    """Raises LimitError for a set too large, BrokenError for what is none."""
    value = text(node)
    if not value:
        return ()
    try:
        return parse_set(value, source.limits.numbers)
    except LimitError:
        raise
    except ProtocolError:
        raise BrokenError from None


_RANGE = re.compile(r"(-?\d{1,10}):(-?\d{1,10})\Z", re.ASCII)


def _range(value: str) -> tuple[int, int] | None:
    match = _RANGE.match(value)
    return (int(match[1]), int(match[2])) if match else None


_VANISHED = re.compile(rb"\s*(\(\s*EARLIER\s*\)\s*)?([\d:,]++)\s*\Z", re.IGNORECASE)


def vanished(source: Source) -> Vanished:
    """Raises BrokenError where no set of UIDs is there."""
    match = _VANISHED.match(source.text())
    if match is None:
        raise BrokenError
    return Vanished(readable(match[2]), match[1] is not None)


_THREAD = re.compile(rb"[()]|\d++")


def thread(source: Source) -> ThreadResponse:
    """Without recursion: a thread of 100,000 replies is one chain as deep."""
    # Every open parenthesis: the chain of numbers so far, then the branches that end it.
    root: list[Thread] = []
    stack: list[tuple[list[int], list[Thread]]] = []
    for token in _THREAD.findall(source.text()):
        if token == b"(":
            stack.append(([], []))
        elif token == b")":
            if stack:
                chain, branches = stack.pop()
                (stack[-1][1] if stack else root).extend(_chain(chain, branches))
        elif stack and len(token) < 20:
            stack[-1][0].append(int(token))
        elif len(token) < 20:
            root.append(Thread(int(token)))
    while stack:
        chain, branches = stack.pop()
        (stack[-1][1] if stack else root).extend(_chain(chain, branches))
    return ThreadResponse(tuple(root))


def _chain(numbers: list[int], branches: list[Thread]) -> list[Thread]:
    """(1 2 (3)(4)): each number is the child of the one before; without a number the parent is missing."""
    if not numbers:
        return [Thread(None, tuple(branches))] if len(branches) > 1 else branches
    node = Thread(numbers[-1], tuple(branches))
    for number in reversed(numbers[:-1]):
        node = Thread(number, (node,))
    return [node]
