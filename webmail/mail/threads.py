"""Which messages belong together: the trees of THREAD laid flat, or our own by Message-ID (RFC 5256, REFERENCES).

Nothing here recurses, and everything is about linear: a chain of a hundred thousand answers, or a loop of them, is one
more thread.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Generic, Protocol, Self, TypeVar

from webmail.mail.reply.subject import base_subject, is_answer

# Of a longer References field the first and the last ones count.
MOST_REFERENCES: Final = 100

Name = TypeVar("Name", int, str)


class Node(Protocol):
    """What THREAD tells of a message; `number` is None for a parent that is missing."""

    @property
    def number(self) -> int | None: ...

    @property
    def children(self) -> Sequence[Self]: ...


@dataclass(frozen=True, slots=True)
class Threads:
    """Threads by the newest message in each, newest first; a message's number is its UID, and a later message has a
    higher one. `numbers` are those of one thread after the other, ascending in each; `starts` where each begins."""

    numbers: array[int]
    starts: array[int]

    @classmethod
    def of(cls, groups: Iterable[Iterable[int]]) -> Self:
        """A number that is in several groups stays in the first."""
        seen: set[int] = set()
        kept: list[list[int]] = []
        for group in groups:
            if fresh := sorted({number for number in group if number not in seen}):
                seen.update(fresh)
                kept.append(fresh)
        kept.sort(key=lambda thread: -thread[-1])
        numbers, starts = array("I"), array("I")
        for thread in kept:
            starts.append(len(numbers))
            numbers.extend(thread)
        return cls(numbers, starts)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, index: int) -> tuple[int, ...]:
        return tuple(self.numbers[self.starts[index] : self._end(index)])

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return (self[index] for index in range(len(self)))

    def _end(self, index: int) -> int:
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.numbers)

    def holding(self, number: int) -> tuple[int, ...]:
        """The thread that this message is in; () where it is in none."""
        try:
            at = self.numbers.index(number)
        except ValueError:
            return ()
        return self[bisect_right(self.starts, at) - 1]

    def with_any(self, numbers: Collection[int]) -> list[tuple[int, ...]]:
        """The threads that hold at least one of these messages, in the same order."""
        return [self[index] for index in self._holding(numbers)]

    def without(self, gone: Collection[int]) -> Self:
        lost = frozenset(gone)
        touched = self._holding(lost)
        return self._changed(
            touched, [[number for number in self[index] if number not in lost] for index in touched]
        )

    def only(self, there: Collection[int]) -> Self:
        return self.without(frozenset(self.numbers).difference(there))

    def joined(self, groups: Iterable[Iterable[int]]) -> Self:
        """With threads of further messages. What a group has in common with threads that are here makes them one."""
        links = _Links[int]()
        named: set[int] = set()
        for group in groups:
            first, *others = sorted(group) or [0]
            named.add(first)
            for number in others:
                named.add(number)
                links.join(first, number)
        named.discard(0)
        touched = self._holding(named)
        threads = [self[index] for index in touched]
        for thread in threads:
            for number in thread[1:]:
                links.join(thread[0], number)
        merged: dict[int, list[int]] = {}
        for number in named.union(*threads):
            merged.setdefault(links.find(number), []).append(number)
        return self._changed(touched, merged.values())

    def _holding(self, numbers: Collection[int]) -> list[int]:
        """The threads with one of these messages, by their place, in order."""
        wanted = frozenset(numbers)
        places = (at for at, number in enumerate(self.numbers) if number in wanted)
        return list(dict.fromkeys(bisect_right(self.starts, at) - 1 for at in places))

    def _changed(self, lost: Sequence[int], instead: Iterable[Collection[int]]) -> Self:
        """Without the threads at these places, with others; what stays is copied as it stands."""
        fresh = sorted((sorted(thread) for thread in instead if thread), key=lambda thread: -thread[-1])
        stay = range(len(self))
        added = [(bisect_right(stay, -thread[-1], key=self._rank), thread) for thread in fresh]
        changed = type(self)(array("I"), array("I"))
        done = 0
        for at, thread in sorted([*added, *((index, ()) for index in lost)], key=lambda each: each[0]):
            changed._copy(self, done, at)
            done = max(done, at)
            if thread:
                changed.starts.append(len(changed.numbers))
                changed.numbers.extend(thread)
            else:
                done += 1
        changed._copy(self, done, len(self))
        return changed

    def _rank(self, index: int) -> int:
        return -self.numbers[self._end(index) - 1]

    def _copy(self, other: Self, first: int, end: int) -> None:
        if first >= end:
            return
        begin = other.starts[first]
        shift = len(self.numbers) - begin
        self.starts.extend([start + shift for start in other.starts[first:end]])
        self.numbers.extend(other.numbers[begin : other._end(end - 1)])


def flat(trees: Iterable[Node]) -> list[list[int]]:
    """The messages of each tree of a THREAD answer."""
    groups: list[list[int]] = []
    for tree in trees:
        group: list[int] = []
        waiting: list[Node] = [tree]
        while waiting:
            node = waiting.pop()
            if node.number is not None:
                group.append(node.number)
            waiting.extend(node.children)
        groups.append(group)
    return groups


@dataclass(frozen=True, slots=True)
class Letter:
    """`message_id` and `references` with "<>" or in any other spelling that is the same for the same message;
    `references` from the first message of the thread to the one that is answered. `subject` is decoded."""

    number: int
    message_id: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""


def group(letters: Sequence[Letter]) -> list[list[int]]:
    """Threads of these messages, given oldest first.

    Messages belong together by what they refer to, also where the message referred to is missing. An answer that
    refers to nothing belongs to the newest thread before it that began with its subject.
    """
    parents = _Parents()
    own: list[str] = []
    taken: set[str] = set()
    for letter in letters:
        # Of two with the same Message-ID, or without one, each is a message for itself (RFC 5256, step 1).
        name = letter.message_id
        if not name or name in taken:
            name = f"\0{letter.number}"
        taken.add(name)
        own.append(name)
        references = shortened(letter.references)
        if references:
            parents.adopt(references[-1], name)
    for letter in letters:
        references = shortened(letter.references)
        for parent, child in pairwise(references):
            parents.adopt(parent, child)
    threads: dict[str, list[int]] = {}
    begun: dict[str, str] = {}
    for letter, name in zip(letters, own, strict=True):
        root = parents.root(name)
        subject = base_subject(letter.subject)
        if (
            subject
            and root == name
            and not letter.references
            and is_answer(letter.subject)
            and subject in begun
        ):
            parents.adopt(begun[subject], name)
            root = parents.root(name)
        if subject and root not in threads:
            begun[subject] = root
        threads.setdefault(root, []).append(letter.number)
    # A later answer by subject may have joined what had its own answers already.
    together: dict[str, list[int]] = {}
    for root, numbers in threads.items():
        together.setdefault(parents.root(root), []).extend(numbers)
    return list(together.values())


def shortened(references: tuple[str, ...], most: int = MOST_REFERENCES) -> tuple[str, ...]:
    """The first, which began the thread, and the last, which are nearest."""
    return references if len(references) <= most else (references[0], *references[1 - most :])


class _Links(Generic[Name]):
    """Sets that are joined, each known by one of its members."""

    def __init__(self) -> None:
        self._up: dict[Name, Name] = {}

    def find(self, name: Name) -> Name:
        up = self._up
        root = name
        while (above := up.get(root, root)) != root:
            root = above
        while name != root:
            up[name], name = root, up.get(name, root)
        return root

    def join(self, onto: Name, name: Name) -> None:
        self._up[self.find(name)] = self.find(onto)


class _Parents:
    """A forest. Nobody gets a second parent, and nobody becomes an ancestor of themselves: what has no parent is the
    root of its tree, so that a link makes a loop exactly where the new parent is in the child's own tree."""

    def __init__(self) -> None:
        self._links = _Links[str]()
        self._children: set[str] = set()

    def adopt(self, parent: str, child: str) -> None:
        if child not in self._children and self._links.find(parent) != child:
            self._links.join(parent, child)
            self._children.add(child)

    def root(self, name: str) -> str:
        return self._links.find(name)
