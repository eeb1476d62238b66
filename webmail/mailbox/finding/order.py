"""Other orders than that of arrival: by the server's SORT, else by the envelopes of the newest messages."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.commands import Key, SortKey, criteria
from webmail.imap.errors import CommandError
from webmail.imap.operations import batches, sort_page
from webmail.imap.session import Session
from webmail.imap.types import Fetched, SearchResult

from ..reading.summary import Head, head_of
from ..structure import People
from ..view import View

KIND: Final = "order"
# Without SORT, so many messages are sorted here, the newest.
MOST_SORTED: Final = 5000
# Positions that are asked for at once: several pages in one answer of some kilobytes.
BLOCK: Final = 200
_AT_ONCE: Final = 1000
_KEYS: Final[dict[str, SortKey]] = {
    "date": "DATE", "arrival": "ARRIVAL", "from": "FROM", "to": "TO", "subject": "SUBJECT", "size": "SIZE"
}  # fmt: skip
_DISPLAY: Final[dict[str, SortKey]] = {"from": "DISPLAYFROM", "to": "DISPLAYTO"}
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ordered:
    """A window of the sorted messages: `uids` stand at the positions from `first`, counted from 1, of `total`.
    `sorted_newest` as in pages.Found. `exists` and `uid_validity` as they were."""

    uid_validity: int
    exists: int
    first: int
    uids: array[int]
    total: int
    sorted_newest: int | None = None

    def window(self, first: int, last: int) -> Sequence[int] | None:
        """The UIDs at these positions; None where they are not here."""
        last = min(last, self.total)
        if first > last:
            return ()
        if first < self.first or last >= self.first + len(self.uids):
            return None
        return self.uids[first - self.first : last - self.first + 1]


def recall(cache: PersonCache, name: Hashable) -> Ordered | None:
    found = cache.get(KIND, name)
    return found if isinstance(found, Ordered) else None


def keep(cache: PersonCache, name: Hashable, ordered: Ordered) -> Ordered:
    cache.put(KIND, name, ordered, 300 + 4 * len(ordered.uids))
    return ordered


def sort_keys(session: Session, view: View) -> tuple[SortKey, ...]:
    """What SORT is asked for. Among equals the order is that of arrival, newest first where the view falls."""
    name = view.sort.removeprefix("-")
    key = _DISPLAY.get(name) if session.has("SORT=DISPLAY") else None
    key = key or _KEYS[name]
    return (f"REVERSE {key}",) if view.sort.startswith("-") else (key,)  # type: ignore[return-value]


def block_of(first: int) -> tuple[int, int]:
    start = (first - 1) // BLOCK * BLOCK + 1
    return start, start + BLOCK + BLOCK // 2


def sort_command(session: Session, view: View, key: Key, first: int) -> imap.Command[Any] | None:
    """The block around a position, for one write with others; None where it takes more than one command."""
    windows = any(map(session.has, ("CONTEXT=SORT", "CONTEXT=SEARCH", "PARTIAL")))
    if not (session.has("SORT") and session.has("ESORT") and windows):
        return None
    return imap.sort(sort_keys(session, view), key, return_=("COUNT",), partial=block_of(first))


def of_answer(session: Session, answer: object, first: int) -> Ordered | None:
    """From the answer to the command; None where it was refused, or is not to be trusted."""
    state = session.selected
    if state is None or not isinstance(answer, SearchResult) or answer.count is None:
        return None
    start, end = block_of(first)
    if len(answer.numbers) != min(answer.count, end) - min(answer.count, start - 1):
        return None
    return Ordered(state.uid_validity, state.exists, start, array("I", answer.numbers), answer.count)


def sorted_by_server(session: Session, view: View, key: Key, first: int) -> Ordered | None:
    """The block around a position; None where the server doesn't sort, or not by what the key says."""
    start, end = block_of(first)
    found = sort_page(session, sort_keys(session, view), key, first=start, last=end)
    state = session.selected
    if found is None or state is None:
        return None
    return Ordered(state.uid_validity, state.exists, start, array("I", found.uids), found.total)


def sorted_here(session: Session, view: View, uids: Sequence[int]) -> Ordered:
    """`uids` falling. Of more than MOST_SORTED the rest follows, newest first."""
    state = session.selected
    assert state is not None
    newest, rest = uids[:MOST_SORTED], uids[MOST_SORTED:]
    ordered = _by_server(session, view, newest) if session.has("SORT") else None
    if ordered is None:
        values = sort_values(session, view.sort, newest)
        present = [uid for uid in newest if uid in values]
        ordered = sorted(present, key=lambda uid: (values[uid], uid), reverse=view.sort.startswith("-"))
    every = array("I", ordered) + array("I", rest)
    limit = MOST_SORTED if rest else None
    return Ordered(state.uid_validity, state.exists, 1, every, len(every), limit)


def _by_server(session: Session, view: View, uids: Sequence[int]) -> Sequence[int] | None:
    """These UIDs sorted by the server; None where they are too many for a command line, or it refuses."""
    if not uids:
        return ()
    if len(sets := batches(uids)) > 1:
        return None
    try:
        (found,) = session.run(imap.sort(sort_keys(session, view), criteria.uids(sets[0])))
    except CommandError:
        return None
    return found.numbers


def sort_values(session: Session, sort: str, uids: Sequence[int]) -> dict[int, Any]:
    """What to sort by, of each message that is there; all of one kind, so that they compare."""
    name = sort.removeprefix("-")
    items = {
        "arrival": (imap.UID, imap.INTERNAL_DATE),
        "size": (imap.UID, imap.SIZE),
    }.get(name, (imap.UID, imap.ENVELOPE, imap.INTERNAL_DATE))
    people = People()
    values: dict[int, Any] = {}
    for start in range(0, len(uids), _AT_ONCE):
        (fetched,) = session.run(imap.fetch(list(uids[start : start + _AT_ONCE]), items))
        for data in fetched:
            if data.uid:
                values[data.uid] = _value(name, data, people)
    return values


def _value(name: str, data: Fetched, people: People) -> Any:
    if name == "size":
        return data.size or 0
    if name == "arrival":
        return _moment(data.internal_date)
    head = head_of(data.envelope, people, data.internal_date)
    return value_of(name, head)


def value_of(name: str, head: Head) -> Any:
    match name:
        case "date":
            return _moment(head.date)
        case "from":
            return head.from_[0].display.casefold() if head.from_ else ""
        case "to":
            recipients = head.to or head.cc or head.bcc
            return recipients[0].display.casefold() if recipients else ""
    return base_subject(head.subject)


def base_subject(subject: str) -> str:
    """Without `Re:` and the like before it (about as RFC 5256, 2.1)."""
    subject = subject.strip().casefold()
    while (head := subject.partition(":"))[1] and head[0].strip() in _ANSWERS:
        subject = head[2].strip()
    return subject


_ANSWERS: Final = frozenset({"re", "fw", "fwd", "sv", "vs", "vb", "aw", "wg", "svar", "antw"})


def _moment(value: datetime | None) -> datetime:
    if value is None:
        return _LONG_AGO
    return value if value.tzinfo else value.replace(tzinfo=UTC)
