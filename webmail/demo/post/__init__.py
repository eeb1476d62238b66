"""The demo's mail: a few hundred letters for each of two people, all written for it, the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ..letter import Letter
from ..people import KARI, OLA
from . import customers, inbox_kari, inbox_ola, junk, languages, leisure, newsletters, oddities, threads
from .office import PostOffice


def believable_mail(now: datetime | None = None, *, seed: int = 1) -> Mapping[str, list[Letter]]:
    """Address -> letters, oldest first, dated relative to `now`."""
    office = PostOffice(now=now or datetime.now(UTC), seed=seed)
    for part in (customers, leisure, threads, languages, oddities, junk, inbox_kari, inbox_ola):
        part.deliver(office)
    newsletters.deliver(office, KARI, folder="Nyhendebrev")
    newsletters.deliver(office, OLA, folder="Archive/Nyhende")
    return office.sorted()
