"""The part of a watcher that talks to the mail server, one blocking step at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from webmail.imap import commands as imap
from webmail.imap.connection import Connection
from webmail.imap.errors import CommandError
from webmail.imap.idle import Idling
from webmail.imap.operations import list_with_status
from webmail.imap.parse import StatusResponse
from webmail.imap.types import Status

from .changes import ANYTHING, Change

INBOX: Final = "INBOX"


class Ear:
    """Listens to INBOX by IDLE, and to the other mailboxes by NOTIFY (RFC 5465) or, where there is none (`polls`),
    by asking for their counts at each `pause`. Without IDLE, `fileno` is None and INBOX too is asked for there."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.polls = True
        self._idling: Idling | None = None
        self._exists = 0
        self._known: dict[str, Status] = {}

    def open(self) -> None:
        self.connection.run(imap.examine(INBOX))
        self._exists = self.connection.selected.exists if self.connection.selected else 0
        if self.connection.has("NOTIFY"):
            (answer,) = self.connection.gather(imap.notify())
            self.polls = isinstance(answer, CommandError)
        if self.polls:
            self._ask()

    def listen(self) -> list[Change]:
        """Idle, where the server can; what came together with its consent."""
        if not self.connection.has("IDLE"):
            return []
        idling = Idling(self.connection)
        try:
            idling.begin()
        except CommandError:
            self.connection.distrust("IDLE")
        else:
            self._idling = idling
        return self.hear()

    @property
    def fileno(self) -> int | None:
        return self._idling.fileno if self._idling else None

    def hear(self) -> list[Change]:
        """What the server has said by itself."""
        if self._idling is None:
            return []
        heard = self._idling.hear()
        self.polls = self.polls or heard.overflow
        told = [self._told(response) for response in heard.others if response.name.upper() != INBOX]
        return [*self._inbox(), *told, *([ANYTHING] if heard.tree else [])]

    def pause(self) -> list[Change]:
        """Stop idling for a moment: the server sees that we live, and we ask what it does not tell."""
        if self._idling is not None:
            self._idling.end()
            self._idling = None
        else:
            self.connection.run(imap.noop())
        return [*self._inbox(), *(self._ask() if self.polls else ())]

    def _inbox(self) -> list[Change]:
        changes, selected = self.connection.take_changes(), self.connection.selected
        if not changes or selected is None:
            return []
        gone = len(changes.expunged) + len(changes.vanished)
        new = max(0, selected.exists - self._exists + gone)
        self._exists = selected.exists
        return [Change(INBOX, new)]

    def _told(self, response: StatusResponse) -> Change:
        before, status = self._known.get(response.name, Status()), response.status
        self._known[response.name] = replace(
            before,
            messages=before.messages if status.messages is None else status.messages,
            uid_next=before.uid_next if status.uid_next is None else status.uid_next,
        )
        return Change(response.name, _arrived(before, status), status.unseen)

    def _ask(self) -> list[Change]:
        items = (*imap.COUNTS, "HIGHESTMODSEQ") if self.connection.has("CONDSTORE") else imap.COUNTS
        listed = list_with_status(self.connection, items=items)
        now = {box.name: box.status or Status() for box in listed if box.name.upper() != INBOX}
        before, self._known = self._known, now
        if before and before.keys() != now.keys():
            return [ANYTHING]
        return [
            Change(name, _arrived(before[name], status), status.unseen)
            for name, status in now.items()
            if name in before and before[name] != status
        ]


def _arrived(before: Status, now: Status) -> int:
    if now.uid_next is None:
        return 0
    if before.uid_next is None:
        return int(bool(now.messages))
    return max(0, now.uid_next - before.uid_next)
