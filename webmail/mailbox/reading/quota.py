"""How full the mailbox is: asked along with something else, and remembered for minutes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from webmail.imap import commands as imap
from webmail.imap.cache import PersonCache
from webmail.imap.parse import Tagged
from webmail.imap.session import Session
from webmail.imap.types import Quota

from ..pages import QuotaUse

KIND: Final = "quota"
# How long it may be old, in seconds.
FRESH: Final = 300.0


@dataclass(frozen=True, slots=True)
class Kept:
    asked: float
    use: QuotaUse | None = None


class QuotaAlong(imap.GetQuotaRoot):
    """Tells `heard` as soon as it is answered."""

    def __init__(self, heard: Callable[[QuotaUse | None], None]) -> None:
        super().__init__("INBOX")
        self._heard = heard

    def complete(self, tagged: Tagged) -> None:
        super().complete(tagged)
        self._heard(use_of(self.result()))


def use_of(quotas: Iterable[Quota]) -> QuotaUse | None:
    """Of the storage limits the one that is reached first; None where there is none."""
    uses = [
        QuotaUse(one.usage << 10, one.limit << 10)
        for one in quotas
        if one.resource == "STORAGE" and one.limit
    ]
    return max(uses, key=lambda use: use.used / use.limit, default=None)


def known_quota(cache: PersonCache) -> QuotaUse | None:
    kept = cache.get(KIND, "")
    return kept.use if isinstance(kept, Kept) else None


def keep_quota(cache: PersonCache, use: QuotaUse | None) -> None:
    cache.put(KIND, "", Kept(time.monotonic(), use), 100)


def quota_changed(cache: PersonCache) -> None:
    """Something was deleted: the next page asks."""
    cache.drop(KIND)


def ask_quota(session: Session, cache: PersonCache, heard: Callable[[QuotaUse | None], None]) -> None:
    """With this session's next command, where what is known is old: no round trip of its own."""
    if not session.has("QUOTA"):
        return
    kept = cache.get(KIND, "")
    if not isinstance(kept, Kept) or time.monotonic() - kept.asked > FRESH:
        # Should the answer get lost, it is not asked for with every page.
        keep_quota(cache, known_quota(cache))
        session.ride_along(QuotaAlong(heard))
