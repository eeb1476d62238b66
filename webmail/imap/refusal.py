"""Why was a sign-in refused: for its credentials, or for now? Codes first (RFC 5530), else the wording."""

from __future__ import annotations

import re
from typing import Final

_CREDENTIALS: Final = frozenset({"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "CONTACTADMIN"})
_NOT_NOW: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED", "OVERQUOTA"})

# Courier, Cyrus, Dovecot, Exchange, Gmail, iCloud, Yahoo, Zimbra, hMailServer, MDaemon, Lotus Domino.
_WORDING: Final = re.compile(
    r"too many|maximum number|maximum .{0,30}(?:connections|sessions)|connection limit|simultaneous"
    r"|(?:connections?|sessions?|logins?) (?:limit|exceeded)|max(?:imum)?[ -]?connections"
    r"|limit (?:reached|exceeded|hit)"
    r"|exceeded .{0,60}(?:limit|bandwidth)|rate.?limit|bandwidth|quota exceeded"
    r"|try (?:again|later)|later|retry|temporar|throttl|slow down|back.?off"
    r"|unavailable|not available|overload|\bbusy\b|in use|\blocked by\b|maintenance|shutting down|shut down|restarting"
    r"|internal (?:server )?error|server error|system error|internal failure|server bug|backend|can(?:no|')t connect"
    r"|authenticated but not connected|no such backend|proxy|timed? ?out|resource",
    re.IGNORECASE,
)


def is_temporary(code: str, text: str) -> bool:
    """True where a later attempt with the same credentials may succeed."""
    if code in _NOT_NOW:
        return True
    return code not in _CREDENTIALS and _WORDING.search(text) is not None
