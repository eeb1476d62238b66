"""What is told of a mailbox: that it changed, and numbers. Never what is in a message."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """In `folder` something changed; None: anything may have, the tree of folders too. `new`: how many arrived."""

    folder: str | None
    new: int = 0
    unread: int | None = None

    def __add__(self, later: Change) -> Change:
        unread = self.unread if later.unread is None else later.unread
        return Change(self.folder, self.new + later.new, unread)


ANYTHING = Change(None)


def event(name: str, data: object, *, mark: str = "") -> bytes:
    """One server-sent event."""
    identity = f"id: {mark}\n" if mark else ""
    return f"{identity}event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def changed(changes: Iterable[Change], mark: str) -> bytes:
    told = [{"folder": change.folder, "new": change.new, "unread": change.unread} for change in changes]
    return event("changed", told, mark=mark)
