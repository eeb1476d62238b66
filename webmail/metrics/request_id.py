"""The number that a request goes by: in every line of the log, in its response's header, on its error page."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

# As nginx's $request_id.
_SHAPE: Final = re.compile(r"[0-9a-f]{32}")
_current: Final[ContextVar[str]] = ContextVar("ekorn_request_id", default="")


def begin(given: str = "") -> str:
    """For what this thread does from now on: the number that is given, where it looks like one, else a fresh one."""
    number = given if _SHAPE.fullmatch(given) else secrets.token_hex(16)
    _current.set(number)
    return number


def current() -> str:
    """ "" outside of a request."""
    return _current.get()
