"""SEARCH, SORT, THREAD, with RETURN where the server knows it (RFC 9051, 6.4.4; 4731; 5256; 5267; 9394)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Final, Literal

from webmail.imap.commands.command import Command
from webmail.imap.commands.criteria import Key
from webmail.imap.encode import Argument, Charset, Raw, atom, number
from webmail.imap.errors import EncodeError
from webmail.imap.parse import EsearchResponse, Response, SearchResponse, ThreadResponse
from webmail.imap.types import SearchResult, Thread

SortKey = Literal[
    "ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO",
    "REVERSE ARRIVAL", "REVERSE CC", "REVERSE DATE", "REVERSE FROM", "REVERSE SIZE", "REVERSE SUBJECT",
    "REVERSE TO", "REVERSE DISPLAYFROM", "REVERSE DISPLAYTO",
]  # fmt: skip
Return = Literal["ALL", "COUNT", "MIN", "MAX", "SAVE"]
Algorithm = Literal["REFERENCES", "REFS", "ORDEREDSUBJECT"]

_SINGLE: Final = tuple(one.name for one in fields(SearchResult) if one.default is None)


class Search(Command[SearchResult]):
    """`return_` and `partial` need ESEARCH; without them it is the SEARCH that every server knows.

    `partial` is (first, last), counted from 1, or both negative from the end (RFC 9394). `charset` is left away
    where the key is ASCII or `charset` is "".
    """

    words: tuple[str, ...] = ("UID", "SEARCH")

    def __init__(
        self,
        key: Key,
        *,
        uid: bool = True,
        charset: str = "UTF-8",
        return_: Iterable[Return] | None = None,
        partial: tuple[int, int] | None = None,
    ) -> None:
        named = (Charset(charset),) if charset and not key.ascii else ()
        words = key.words(charset or "UTF-8")
        super().__init__(*return_options(return_, partial), *named, *words)
        if not uid:
            self.words = self.words[1:]

    def reset(self) -> None:
        self._result: SearchResult | None = None

    def collect(self, response: Response) -> bool:
        if (isinstance(response, EsearchResponse) and response.tag in (None, "", self.tag)) or isinstance(
            response, SearchResponse
        ):
            self._add(response.result)
        else:
            return False
        return True

    def _add(self, more: SearchResult) -> None:
        if self._result is not None:
            told = {name: value for name in _SINGLE if (value := getattr(more, name)) is not None}
            more = replace(self._result, numbers=self._result.numbers + more.numbers, **told)
        self._result = more

    def result(self) -> SearchResult:
        return self._result or SearchResult()


class Sort(Search):
    """Numbers in the order of the keys; `return_` and `partial` need ESORT (RFC 5267)."""

    words: tuple[str, ...] = ("UID", "SORT")

    def __init__(
        self,
        order: Sequence[SortKey],
        key: Key,
        *,
        uid: bool = True,
        charset: str = "UTF-8",
        return_: Iterable[Return] | None = None,
        partial: tuple[int, int] | None = None,
    ) -> None:
        if not order:
            raise EncodeError("A sort needs a key to sort by.")
        keys = tuple(atom(word) for one in order for word in one.split())
        words: list[Argument] = [*return_options(return_, partial), keys, atom(charset), *key.words(charset)]
        Command.__init__(self, *words)
        if not uid:
            self.words = self.words[1:]


class AskThreads(Command[tuple[Thread, ...]]):
    """THREAD (RFC 5256)."""

    words: tuple[str, ...] = ("UID", "THREAD")

    def __init__(self, algorithm: Algorithm, key: Key, *, uid: bool = True, charset: str = "UTF-8") -> None:
        super().__init__(atom(algorithm), atom(charset), *key.words(charset))
        if not uid:
            self.words = self.words[1:]

    def reset(self) -> None:
        self._threads: list[Thread] = []

    def collect(self, response: Response) -> bool:
        if not isinstance(response, ThreadResponse):
            return False
        self._threads += response.threads
        return True

    def result(self) -> tuple[Thread, ...]:
        return tuple(self._threads)


def return_options(
    returned: Iterable[Return] | None, partial: tuple[int, int] | None
) -> tuple[Argument, ...]:
    if returned is None and partial is None:
        return ()
    options: list[Argument] = [atom(name) for name in returned or ()]
    if partial is not None:
        options += (atom("PARTIAL"), _window(*partial))
    return (atom("RETURN"), tuple(options))


def _window(first: int, last: int) -> Raw:
    if first * last <= 0:
        raise EncodeError("A window counts from 1, or both ends from -1.")
    sign = "-" if first < 0 else ""
    ends = (number(abs(end), highest=2**32 - 1).wire for end in (first, last))
    return Raw(b":".join(sign.encode() + end for end in ends))
