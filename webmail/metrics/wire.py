"""What a mail server's answers took, by kind of command. It runs for every command: a microsecond or two."""

from __future__ import annotations

import logging
from typing import Final

from prometheus_client import Histogram

from .registry import IMAP_REFUSED, IMAP_SECONDS
from .slow import SLOW

log = logging.getLogger(__name__)

KINDS: Final = frozenset(
    "APPEND AUTHENTICATE CAPABILITY CLOSE COPY CREATE DELETE ENABLE EXAMINE EXPUNGE FETCH GETACL GETQUOTAROOT ID LIST"
    " LOGIN LOGOUT LSUB MOVE MYRIGHTS NAMESPACE NOOP NOTIFY RENAME SEARCH SELECT SORT STARTTLS STATUS STORE SUBSCRIBE"
    " THREAD UNSELECT UNSUBSCRIBE".split()
)
_histograms: Final[dict[tuple[str, ...], tuple[str, Histogram]]] = {}


def imap_answered(words: tuple[str, ...], seconds: float, status: str) -> None:
    """A command's words ("UID", "FETCH") and the status of its tagged answer, "OK", "NO" or "BAD"."""
    if words == ("IDLE",):
        return  # It waits for news.
    found = _histograms.get(words)
    if found is None:
        kind = words[-1] if words[-1] in KINDS else "other"
        found = _histograms[words] = (kind, IMAP_SECONDS.labels(kind))
    kind, histogram = found
    histogram.observe(seconds)
    if status != "OK":
        IMAP_REFUSED.labels(kind, "NO" if status == "NO" else "BAD").inc()
    if seconds > SLOW.imap:
        log.warning("slow IMAP command: %s took %.1f s", kind, seconds)
