"""Why was a sign-in refused: for its credentials, or for now? Codes first (RFC 5530), else the wording."""

from __future__ import annotations

import re
from typing import Final

_CREDENTIALS: Final = frozenset({"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "CONTACTADMIN"})
_NOT_NOW: Final = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED", "OVERQUOTA"})

# Courier, Cyrus, Dovecot, Exchange, Gmail, iCloud, Yahoo, Zimbra, hMailServer, MDaemon, Domino.
_SURELY_NOT_NOW: Final = re.compile(
    r"too many|too frequent|maximum number|maximum .{0,30}(?:connections|sessions)|connection limit|simultaneous"
    r"|(?:connections?|sessions?|logins?) (?:limit|exceeded)|max(?:imum)?[ -]?connections"
    r"|limit (?:reached|exceeded|hit)|exceeded .{0,60}(?:limit|bandwidth)|rate.?limit|bandwidth|quota exceeded"
    r"|temporar|throttl|slow down|back.?off|unavailable|not available|overload|\bbusy\b|in use"
    r"|maintenance|shutting down|shut down|restarting|timed? ?out|generic failure"
    r"|internal (?:server )?error|server error|system error|internal failure|server bug"
    r"|can(?:no|')t connect|authenticated but not connected|no such backend|backend (?:down|fail|error)",
    re.IGNORECASE,
)
_PERHAPS_NOT_NOW: Final = re.compile(r"try (?:again|later)|\blater\b|\bretry\b", re.IGNORECASE)
_ABOUT_CREDENTIALS: Final = re.compile(
    r"(?:invalid|incorrect|wrong|bad|unknown|no such) .{0,40}(?:credential|password|user|login|account|name)"
    r"|(?:credential|password|user|login|account|name)s? .{0,40}(?:invalid|incorrect|wrong|bad|unknown|match)"
    r"|authentication failure",
    re.IGNORECASE,
)


def is_temporary(code: str, text: str) -> bool:
    """True where a later attempt with the same credentials may succeed."""
    if code in _NOT_NOW or code in _CREDENTIALS:
        return code in _NOT_NOW
    text = text[:1000]
    if _SURELY_NOT_NOW.search(text):
        return True
    return bool(_PERHAPS_NOT_NOW.search(text)) and not _ABOUT_CREDENTIALS.search(text)
