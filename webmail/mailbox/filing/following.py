"""Finding messages again that a server moved or copied without saying where each of them went (no UIDPLUS)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from webmail.imap import commands as imap
from webmail.imap.commands import criteria
from webmail.imap.errors import CommandError
from webmail.imap.session import Session
from webmail.imap.types import CopyUid, Fetched, Status

from ..reading.selecting import select
from .asking import numbers, those

# More new messages in the target than this are not looked through.
MOST: Final = 2000
_ID: Final = imap.header_fields("MESSAGE-ID")


@dataclass(slots=True)
class Trail:
    """What was known of the messages and of the target before: Message-IDs by UID, and the target's UIDNEXT. Empty
    where the server says where they go."""

    ids: dict[int, bytes] = field(default_factory=dict)
    uid_next: int = 0

    @classmethod
    def begin(cls, session: Session, batch: str, target: str | bytes) -> Trail:
        """One write, on a server without UIDPLUS; none on others."""
        if session.has("UIDPLUS"):
            return cls()
        asked: tuple[imap.Command[Any], ...] = (
            imap.fetch(batch, (imap.UID, _ID)),
            imap.status(target, ("UIDNEXT", "UIDVALIDITY")),
        )
        fetched, status = session.gather(*asked)
        known = {} if isinstance(fetched, CommandError) else _ids(fetched)
        return cls(known, (status.uid_next or 1) if isinstance(status, Status) else 1)

    def end(self, session: Session, target: str, moved: Sequence[int]) -> CopyUid | None:
        """Where those that were `moved` are, as far as their Message-IDs tell. Selects the target, then again what
        was selected."""
        if not self.ids:
            return None
        former = session.selected
        assert former is not None
        try:
            session.run(select(session, target))
            state = session.selected
            assert state is not None
            pairs = self._pairs(session, moved)
            return CopyUid(state.uid_validity, tuple(pairs), tuple(pairs.values())) if pairs else None
        except CommandError:
            return None
        finally:
            session.gather(imap.select(former.wire, condstore=session.has("CONDSTORE")))

    def _pairs(self, session: Session, moved: Iterable[int]) -> dict[int, int]:
        (found,) = session.run(those(session, criteria.uids(f"{self.uid_next}:*")))
        fresh = [uid for uid in numbers(found, "") if uid >= self.uid_next]
        if not fresh or len(fresh) > MOST:
            return {}
        (fetched,) = session.run(imap.fetch(fresh, (imap.UID, _ID)))
        by_id: dict[bytes, list[int]] = defaultdict(list)
        for uid, message_id in sorted(_ids(fetched).items(), reverse=True):
            by_id[message_id].append(uid)
        pairs = {}
        for uid in moved:
            waiting = by_id.get(self.ids.get(uid, b""))
            if waiting:
                pairs[uid] = waiting.pop()
        return pairs


def _ids(fetched: Iterable[Fetched]) -> dict[int, bytes]:
    """Message-IDs by UID, of those that have one."""
    found = {}
    for data in fetched:
        _, _, value = b"".join(part or b"" for part in data.sections.values()).partition(b":")
        if data.uid and value.strip():
            found[data.uid] = value.strip()
    return found
