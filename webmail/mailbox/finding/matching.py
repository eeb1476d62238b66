"""Which messages of the selected folder match, exactly: also for what no server can say in a search."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from webmail.imap import commands as imap
from webmail.imap.commands import Key, criteria
from webmail.imap.errors import CommandError
from webmail.imap.operations import search
from webmail.imap.operations.batches import batches
from webmail.imap.session import Session
from webmail.mail.part import Part
from webmail.mail.parts import has_attachment

from ..query.language import Query
from ..query.meaning import MAY_HOLD_FILES, Asker, key_of
from ..query.terms import Term
from ..structure import is_plainly_letter, part_of, readable
from ..view import View

# UIDs in one range, where structures have to be looked at: sets of them go back in a command line.
SPAN_OF_STRUCTURES: Final = 5000
_AT_ONCE: Final = 1000
FUZZY: Final = "SEARCH=FUZZY"


def matching(session: Session, view: View, asker: Asker | None = None) -> tuple[int, ...]:
    """The UIDs in the selected folder, ascending. A body search or `has:attachment` in a big folder takes seconds."""
    asker = asker or Asker()
    if view.exact:
        return found_within(session, view.query, asker)
    found: list[int] = []
    for low in range(1, highest_uid(session) + 1, SPAN_OF_STRUCTURES):
        within = criteria.uids(f"{low}:{low + SPAN_OF_STRUCTURES - 1}")
        found += found_within(session, view.query, asker, within)
    return tuple(found)


def highest_uid(session: Session) -> int:
    """Of the selected folder, or a little above it; 0 where it is empty."""
    state = session.selected
    if state is None or not state.exists:
        return 0
    if state.uid_next:
        return state.uid_next - 1
    (newest,) = session.run(imap.fetch("*", (imap.UID,), uid=False))
    return max((data.uid or 0 for data in newest), default=0)


def found_within(session: Session, query: Query, asker: Asker, within: Key = criteria.ALL) -> tuple[int, ...]:
    """Ascending."""
    asker = replace(asker, fuzzy=session.has(FUZZY))
    parts = () if within == criteria.ALL else (within,)
    decided = _decided(session, query, asker, parts) if query.looked_up else None
    key = _and(*parts, key_of(query, asker, decided))
    try:
        found = tuple(sorted(search(session, key).numbers))
    except CommandError:
        if not asker.fuzzy:
            raise
        session.distrust(FUZZY)
        return found_within(session, query, asker, within)
    if found or not asker.fuzzy:
        return found
    # What is alike comes from an index, and Cyrus offers it without having one: then nothing is ever found.
    plain = _and(*parts, key_of(query, replace(asker, fuzzy=False), decided))
    if plain != key and (found := tuple(sorted(search(session, plain).numbers))):
        session.distrust(FUZZY)
    return found


def _and(*keys: Key) -> Key:
    narrowing = [key for key in keys if key != criteria.ALL]
    return Key(tuple(term for key in narrowing for term in key.terms)) if narrowing else criteria.ALL


def _decided(session: Session, query: Query, asker: Asker, parts: tuple[Key, ...]) -> dict[Term, Key]:
    """Looks at the structure of every message that may match and may hold files."""
    candidates = search(session, _and(*parts, key_of(query, asker), MAY_HOLD_FILES)).numbers
    holding: dict[Term, list[int]] = {term: [] for term in query.looked_up}
    for uid, root in _structures(session, candidates):
        for term, uids in holding.items():
            if _holds(term, root):
                uids.append(uid)
    return {term: _key_of_uids(uids) for term, uids in holding.items() if uids}


def _key_of_uids(uids: Collection[int]) -> Key:
    """One of these. Sets that are too long for a command line are several."""
    keys = [criteria.uids(batch) for batch in batches(uids)]
    joined = keys[0]
    for key in keys[1:]:
        joined = joined | key
    return joined


def _structures(session: Session, uids: Sequence[int]) -> Iterator[tuple[int, Part]]:
    for start in range(0, len(uids), _AT_ONCE):
        (fetched,) = session.run(imap.fetch(uids[start : start + _AT_ONCE], (imap.UID, imap.BODYSTRUCTURE)))
        for data in fetched:
            if data.uid and data.structure is not None and not is_plainly_letter(data.structure):
                yield data.uid, readable(part_of(data.structure), data.size)


def _holds(term: Term, root: Part) -> bool:
    if term.field == "has":
        return has_attachment(root)
    wanted = term.value.casefold()
    return any(wanted in part.filename.casefold() for part in root.walk() if part.filename)
