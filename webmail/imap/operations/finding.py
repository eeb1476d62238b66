"""Searching, sorting and fetching with what the server really does, not with what it says it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from webmail.imap import commands
from webmail.imap.commands import Item, Key, SortKey
from webmail.imap.errors import BadError, CommandError, EncodeError
from webmail.imap.operations.session import Session
from webmail.imap.types import Fetched, SearchResult

# "" sends UTF-8 without naming it, which servers that refuse the name may still find things with.
_CHARSETS: Final = ("UTF-8", "ISO-8859-1", "")


@dataclass(frozen=True, slots=True)
class SortedPage:
    """`uids` of the window in the asked order, `total` of all that match."""

    uids: tuple[int, ...]
    total: int


def search(session: Session, key: Key) -> SearchResult:
    """The UIDs of all that match, ascending as most servers give them.

    Raises the server's CommandError (code BADCHARSET, as a rule) where it finds no way to search for non-ASCII.
    """
    charsets = ("",) if key.ascii else _CHARSETS
    refusal: CommandError | None = None
    for charset in charsets:
        try:
            result = _search(session, key, charset)
        except EncodeError:
            if refusal is None:
                raise
        except CommandError as error:
            refusal = refusal or error
        else:
            return result
    assert refusal is not None
    raise refusal


def _search(session: Session, key: Key, charset: str) -> SearchResult:
    if session.has("ESEARCH"):
        try:
            (result,) = session.run(commands.search(key, charset=charset, return_=("ALL",)))
        except BadError:
            if not charset:
                session.distrust("ESEARCH")
        else:
            return SearchResult(numbers=result.numbers, count=len(result.numbers), modseq=result.modseq)
    (result,) = session.run(commands.search(key, charset=charset))
    return SearchResult(numbers=result.numbers, count=len(result.numbers), modseq=result.modseq)


def sort_page(
    session: Session, order: Sequence[SortKey], key: Key, *, first: int, last: int
) -> SortedPage | None:
    """The window from `first` to `last`, counted from 1; None where the server does not sort."""
    if not session.has("SORT"):
        return None
    if session.has("ESORT") and any(
        session.has(name) for name in ("CONTEXT=SORT", "CONTEXT=SEARCH", "PARTIAL")
    ):
        try:
            (found,) = session.run(commands.sort(order, key, return_=("COUNT",), partial=(first, last)))
        except CommandError:
            session.distrust("ESORT")
        else:
            if found.count == 0 or (found.count and (found.numbers or first > found.count)):
                return SortedPage(found.numbers[: last - first + 1], found.count)
            session.distrust("ESORT")
    try:
        (found,) = session.run(commands.sort(order, key))
    except CommandError:
        session.distrust("SORT")
        return None
    return SortedPage(found.numbers[first - 1 : last], len(found.numbers))


def fetch(
    session: Session,
    numbers: str | int | Iterable[int],
    items: Sequence[Item],
    *,
    optional: Sequence[tuple[str, Item]] = (),
    uid: bool = True,
) -> tuple[Fetched, ...]:
    """FETCH with, as far as the server has them, the `optional` items: (capability, item) each."""
    numbers = numbers if isinstance(numbers, str | int) else tuple(numbers)
    offered = [(name, item) for name, item in optional if session.has(name)]
    if offered:
        try:
            (found,) = session.run(commands.fetch(numbers, (*items, *(item for _, item in offered)), uid=uid))
        except CommandError:
            found = None
        if found is not None:
            return tuple(found)
    (found,) = session.run(commands.fetch(numbers, items, uid=uid))
    for name, _ in offered:
        session.distrust(name)
    return tuple(found)
