"""Questions that go along with a change, in the same write."""

from __future__ import annotations

from typing import Any, Final

from webmail.imap import commands as imap
from webmail.imap.commands import Key, criteria
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.sets import parse_set
from webmail.imap.types import SearchResult

_HAVING: Final = {"\\seen": criteria.SEEN, "\\flagged": criteria.FLAGGED}


def those(session: Session, key: Key) -> imap.Command[Any]:
    """SEARCH whose answer is short where the server can make it so."""
    return imap.search(key, return_=("ALL",) if session.has("ESEARCH") else None)


def having(flag: str, *, on: bool = True) -> Key:
    key = _HAVING.get(flag.lower()) or criteria.keyword(flag)
    return key if on else ~key


def numbers(answer: object, otherwise: str) -> tuple[int, ...]:
    """What a search found; where it was refused, all it was about."""
    if isinstance(answer, SearchResult):
        return answer.numbers
    assert isinstance(answer, CommandError)
    return parse_set(otherwise)
