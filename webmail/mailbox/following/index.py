"""The threads of a folder, kept with the person's connections: THREAD is asked once, and then of what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final, cast

from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.commands.search import Algorithm
from webmail.imap.errors import CommandError
from webmail.imap.operations import search
from webmail.imap.session import Session
from webmail.imap.types import Fetched
from webmail.mail.header import decode_header
from webmail.mail.header_block import first, parse_headers
from webmail.mail.reply.references import message_ids
from webmail.mail.threads import Letter, Threads, flat, group, shortened

from ..finding.matching import highest_uid

KIND: Final = "threads"
# As many messages, the newest, as a person's memory here has room for; of these so many are threaded where we do it
# ourselves, and the others stand alone.
MOST: Final = 150_000
NEWEST: Final = 2000
# What is new is threaded together with so many before it, by UID.
WINDOW: Final = 2000
# Answers to what is older than that are looked up one by one: so many, by so many of what they refer to.
_MOST_STRAYS: Final = 20
_MOST_NAMED: Final = 5
# Of what a letter refers to, so much is kept.
_MOST_REFERENCES: Final = 20
ALGORITHMS: Final[tuple[Algorithm, ...]] = ("REFS", "REFERENCES")
_FIELDS: Final = imap.header_fields("MESSAGE-ID", "IN-REPLY-TO", "REFERENCES", "SUBJECT")


@dataclass(frozen=True, slots=True)
class Index:
    """`high`: the highest UID when it was made, of `exists` messages; `older` of these, the oldest, are left out.
    `letters` where the threads are our own."""

    uid_validity: int
    exists: int
    high: int
    threads: Threads
    letters: tuple[Letter, ...] = ()
    older: int = 0

    @property
    def count(self) -> int:
        return len(self.threads.numbers)

    @property
    def newest(self) -> int | None:
        """How many messages are threaded, where that isn't all."""
        threaded = len(self.letters) or self.count
        return threaded if threaded < self.exists else None

    @property
    def cost(self) -> int:
        letters = sum(300 + 80 * len(letter.references) for letter in self.letters)
        return 500 + 4 * (self.count + len(self.threads)) + letters


def recall(session: Session, folder: str) -> Index | None:
    found = session.notes.get(KIND, folder)
    return found if isinstance(found, Index) else None


def keep(session: Session, folder: str, index: Index) -> Index:
    session.notes.put(KIND, folder, index, index.cost)
    return index


def algorithm_of(session: Session) -> Algorithm | None:
    return next((name for name in ALGORITHMS if session.has(f"THREAD={name}")), None)


def first_command(session: Session, total: int | None) -> imap.Command[Any] | None:
    """What a server that threads is asked of a folder of which nothing is known but that it has `total` messages."""
    algorithm = algorithm_of(session)
    if algorithm is None or (total or 0) > MOST:
        return None
    return imap.thread(algorithm, criteria.ALL)


def begun(session: Session, folder: str, answer: object = None) -> Index:
    """Of the selected folder, from the answer to `first_command`, where it was asked."""
    state, high = session.selected, highest_uid(session)
    assert state is not None
    index = Index(state.uid_validity, state.exists, high, Threads.of(()))
    if not state.exists:
        return keep(session, folder, index)
    algorithm = algorithm_of(session)
    if algorithm is None:
        letters = _letters(session, _newest(state.exists, NEWEST), uid=False)
        others = search(session, criteria.ALL).numbers if state.exists > NEWEST else ()
        index = _ours(index, letters, sorted(others)[-MOST:])
        return keep(session, folder, replace(index, older=max(0, state.exists - index.count)))
    if answer is None:
        within = criteria.numbers(_newest(state.exists, MOST)) if state.exists > MOST else criteria.ALL
        (answer,) = session.gather(imap.thread(algorithm, within))
    if isinstance(answer, CommandError):
        session.distrust(f"THREAD={algorithm}")
        return begun(session, folder)
    threads = Threads.of(flat(cast(Any, answer)))
    if len(threads.numbers) > MOST:
        threads = threads.only(sorted(threads.numbers)[-MOST:])
    index = replace(index, threads=threads)
    return keep(session, folder, replace(index, older=max(0, state.exists - index.count)))


def _newest(exists: int, most: int) -> str:
    return f"{max(1, exists - most + 1)}:*"


def is_current(session: Session, index: Index) -> bool:
    state = session.selected
    return (
        state is not None
        and (index.uid_validity, index.exists) == (state.uid_validity, state.exists)
        and index.high == highest_uid(session)
    )


def renewed(session: Session, folder: str, index: Index) -> Index:
    """With what came, and without what went since."""
    state, high = session.selected, highest_uid(session)
    assert state is not None
    if index.uid_validity != state.uid_validity or high > index.high + WINDOW or not state.exists:
        return begun(session, folder)
    if high > index.high:
        grown = _grown(session, index)
        if grown is None:
            return begun(session, folder)
        index = grown
    if index.count + index.older != state.exists:
        index = _thinned(session, index)
    index = replace(index, exists=state.exists, high=max(high, index.high))
    return keep(session, folder, replace(index, older=max(0, state.exists - index.count)))


def _grown(session: Session, index: Index) -> Index | None:
    """None where the server, for once, doesn't say."""
    new = f"{index.high + 1}:*"
    algorithm = algorithm_of(session)
    if index.letters or algorithm is None:
        letters = [*index.letters, *_letters(session, new, uid=True, above=index.high)]
        return _ours(index, letters, index.threads.numbers)
    window = criteria.uids(f"{max(1, index.high - WINDOW)}:*")
    asked: tuple[imap.Command[Any], ...] = (
        imap.thread(algorithm, window),
        imap.fetch(new, (imap.UID, _FIELDS)),
    )
    trees, fetched = session.gather(*asked)
    if isinstance(trees, CommandError) or isinstance(fetched, CommandError):
        return None
    groups = flat(trees)
    named = {letter.number: letter for letter in _read(fetched, above=index.high, hashed=False)}
    strays = [one for one in groups if min(one, default=0) > index.high and _named(one, named)][:_MOST_STRAYS]
    if strays:
        answers = session.gather(*(imap.search(_key(_named(one, named))) for one in strays))
        known = frozenset(index.threads.numbers) if index.older else None
        for stray, answer in zip(strays, answers, strict=True):
            if not isinstance(answer, CommandError):
                stray.extend(
                    number
                    for number in answer.numbers
                    if number <= index.high and (known is None or number in known)
                )
    high = max((number for one in groups for number in one), default=index.high)
    return replace(index, threads=index.threads.joined(groups), high=max(high, index.high))


def _named(numbers: Sequence[int], letters: dict[int, Letter]) -> list[str]:
    """What these refer to: the beginning of the thread, and the nearest before them."""
    names: dict[str, None] = {}
    for number in numbers:
        references = letters[number].references if number in letters else ()
        names |= dict.fromkeys((*references[:1], *references[:-_MOST_NAMED:-1]))
    return list(names)[: 2 * _MOST_NAMED]


def _key(names: Sequence[str]) -> imap.Key:
    key, *others = (criteria.header("MESSAGE-ID", name) for name in names)
    for other in others:
        key = key | other
    return key


def _thinned(session: Session, index: Index) -> Index:
    there = search(session, criteria.ALL).numbers
    letters = index.letters
    if letters:
        kept = frozenset(there)
        letters = tuple(letter for letter in letters if letter.number in kept)
    return replace(index, threads=index.threads.only(there), letters=letters)


def _ours(index: Index, letters: Sequence[Letter], others: Iterable[int]) -> Index:
    """`others` are single messages where they are older than the letters."""
    ordered = sorted(letters, key=lambda letter: letter.number)
    kept = tuple(ordered[-NEWEST:])
    lowest = kept[0].number if kept else 0
    single = {number for number in others if number < lowest}
    single.update(letter.number for letter in ordered[:-NEWEST])
    threads = Threads.of([*group(kept), *([number] for number in single)])
    return replace(index, threads=threads, letters=kept, high=max(index.high, kept[-1].number if kept else 0))


def _letters(session: Session, numbers: str, *, uid: bool, above: int = 0) -> list[Letter]:
    (fetched,) = session.gather(imap.fetch(numbers, (imap.UID, _FIELDS), uid=uid))
    return [] if isinstance(fetched, CommandError) else _read(fetched, above=above, hashed=True)


def _read(fetched: Iterable[Fetched], *, above: int, hashed: bool) -> list[Letter]:
    """`hashed`: message ids in a few octets, since thousands of them are kept."""
    names: dict[str, str] = {}

    def short(name: str) -> str:
        if not hashed or not name:
            return name
        return names.setdefault(name, blake2b(name.encode(), digest_size=9).hexdigest())

    letters: list[Letter] = []
    for data in fetched:
        if not data.uid or data.uid <= above:
            continue
        headers = parse_headers(next(iter(data.sections.values()), None) or b"")
        references = message_ids(first(headers, "references"))
        # Some name several in In-Reply-To, and the first is the likeliest (RFC 5256, step 1).
        references = references or message_ids(first(headers, "in-reply-to"))[:1]
        letters.append(
            Letter(
                data.uid,
                short(next(iter(message_ids(first(headers, "message-id"))), "")),
                tuple(map(short, shortened(references, _MOST_REFERENCES))),
                decode_header(first(headers, "subject"))[:200],
            )
        )
    return letters


def without(session: Session, folder: str, index: Index, gone: Sequence[int]) -> Index:
    """Another client has expunged these meanwhile."""
    lost = frozenset(gone)
    letters = tuple(letter for letter in index.letters if letter.number not in lost)
    return keep(session, folder, replace(index, threads=index.threads.without(lost), letters=letters))
