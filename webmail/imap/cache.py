"""What is remembered of a person's mail in this process: bounded, apart per sign-in, and gone with it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Key = TypeVar("Key", bound=Hashable)
ENTRY_OVERHEAD: Final = 200


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """Octets, but for `entries`. One value may take a quarter of `person`; an idle person's is ended after
    `idle_seconds`, since a sign-in that is never ended by hand must not leave mail in memory."""

    person: int = 6 << 20
    entries: int = 5000
    total: int = 192 << 20
    idle_seconds: float = 1800.0


class PersonCache:
    """One sign-in's memory: (kind, key) to a value, least recently used out first. Safe in any thread.

    Once ended it answers None to everything and keeps nothing, so that a request which outlives its sign-in
    ends in peace and leaves nothing behind.
    """

    __slots__ = ("__weakref__", "_entries", "_lock", "_space", "cost", "ended", "used")

    def __init__(self, space: CacheSpace) -> None:
        self._space = space
        self._lock = space.lock
        self._entries: OrderedDict[tuple[str, Hashable], tuple[Any, int]] = OrderedDict()
        self.cost = 0
        self.used = space.clock()
        self.ended = False

    def get(self, kind: str, key: Hashable) -> Any:
        """The value, or None."""
        entry = (kind, key)
        with self._lock:
            found = self._entries.get(entry)
            if found is None:
                return None
            self._entries.move_to_end(entry)
            self._space.touch(self)
            return found[0]

    def get_many(self, kind: str, keys: Iterable[Key]) -> dict[Key, Any]:
        """The values that are here, by key."""
        found: dict[Key, Any] = {}
        with self._lock:
            for key in keys:
                entry = (kind, key)
                held = self._entries.get(entry)
                if held is not None:
                    self._entries.move_to_end(entry)
                    found[key] = held[0]
            self._space.touch(self)
        return found

    def put(self, kind: str, key: Hashable, value: Any, cost: int) -> None:
        """`cost` is about what it takes in memory, in octets. Too large a value is not kept."""
        limits = self._space.limits
        cost = max(cost, 0) + ENTRY_OVERHEAD
        with self._lock:
            self._remove((kind, key))
            if self.ended or cost > limits.person // 4:
                return
            self._entries[kind, key] = (value, cost)
            self._add(cost)
            while self.cost > limits.person or len(self._entries) > limits.entries:
                self._remove(next(iter(self._entries)))
            self._space.touch(self)
            self._space.shrink(self)

    def drop(self, kind: str, predicate: Callable[[Any], bool] | None = None) -> int:
        """Forget the values of this kind whose key the predicate names (all, without one); how many."""
        with self._lock:
            entries = [entry for entry in self._entries if entry[0] == kind]
        named = [entry for entry in entries if predicate is None or predicate(entry[1])]
        with self._lock:
            return sum(self._remove(entry) for entry in named)

    def __len__(self) -> int:
        return len(self._entries)

    def _remove(self, entry: tuple[str, Hashable]) -> bool:
        found = self._entries.pop(entry, None)
        if found is None:
            return False
        self._add(-found[1])
        return True

    def _add(self, cost: int) -> None:
        self.cost += cost
        self._space.cost += cost

    def clear_locked(self) -> None:
        """For the space, which holds the lock."""
        self._add(-self.cost)
        self._entries.clear()


@dataclass(slots=True)
class CacheSpace:
    """The caches of everybody, by an identity that sign-ins share only if their credentials are equal."""

    limits: CacheLimits = field(default_factory=CacheLimits)
    clock: Callable[[], float] = time.monotonic
    lock: threading.Lock = field(default_factory=threading.Lock)
    cost: int = 0
    _caches: OrderedDict[Hashable, PersonCache] = field(default_factory=OrderedDict)
    _owners: dict[PersonCache, Hashable] = field(default_factory=dict)

    def of(self, identity: Hashable) -> PersonCache:
        with self.lock:
            cache = self._caches.get(identity)
            if cache is None:
                cache = self._caches[identity] = PersonCache(self)
                self._owners[cache] = identity
            self.touch(cache)
            return cache

    def ended(self) -> PersonCache:
        """One that keeps nothing."""
        cache = PersonCache(self)
        cache.ended = True
        return cache

    def end(self, named: Callable[[Any], bool] | None = None) -> None:
        """Forget the caches of the identities that the predicate names; all, without one."""
        with self.lock:
            for identity in [identity for identity in self._caches if named is None or named(identity)]:
                self._end(self._caches[identity])

    def sweep(self) -> None:
        """End what nobody has used for a while."""
        with self.lock:
            limit = self.clock() - self.limits.idle_seconds
            for cache in [cache for cache in self._caches.values() if cache.used < limit]:
                self._end(cache)

    def touch(self, cache: PersonCache) -> None:
        """Under the lock: used just now."""
        cache.used = self.clock()
        owner = self._owners.get(cache)
        if owner is not None:
            self._caches.move_to_end(owner)

    def shrink(self, keep: PersonCache) -> None:
        """Under the lock: forget what the least recently seen people had, until all fits."""
        while self.cost > self.limits.total:
            oldest = next(
                (cache for cache in self._caches.values() if cache.cost and cache is not keep), None
            )
            if oldest is None:
                return
            oldest.clear_locked()

    def _end(self, cache: PersonCache) -> None:
        cache.ended = True
        cache.clear_locked()
        del self._caches[self._owners.pop(cache)]

    def __len__(self) -> int:
        return len(self._caches)
