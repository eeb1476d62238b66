"""One click (RFC 8058): a POST that says nothing but that the person wants to leave."""

from __future__ import annotations

import time
from typing import Final

from webmail.remote.errors import UrlError
from webmail.remote.guard import PUBLIC, Guard, guarded
from webmail.remote.target import parse
from webmail.remote.wire import post

SECONDS: Final = 10.0
AGENT: Final = "Mozilla/5.0 (compatible; OneClick)"
FORM: Final = "List-Unsubscribe=One-Click"


def post_one_click(url: str, *, seconds: float = SECONDS, guard: Guard = PUBLIC) -> int:
    """The status that the server answers with. Raises a RemoteError where it doesn't.

    https alone, and a redirect is not followed: RFC 8058, 3.1 and 3.2.
    """
    target = parse(url)
    if target.scheme != "https":
        raise UrlError("Only https is taken for one click.")
    deadline = time.monotonic() + seconds
    with guarded(target, guard=guard, deadline=deadline) as sock:
        return post(sock, target, form=FORM, agent=AGENT, deadline=deadline).status
