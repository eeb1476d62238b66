"""The tree of mailboxes: NAMESPACE, LIST, LSUB, STATUS (RFC 9051, 6.3; 5258, 5819, 6154)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from webmail.imap.commands.command import Command
from webmail.imap.encode import Argument, Mailbox, atom, mailbox_wire
from webmail.imap.parse import ListResponse, NamespaceResponse, Response, StatusResponse
from webmail.imap.types import ListedMailbox, Namespace, Status

COUNTS = ("MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY")


class ListMailboxes(Command[tuple[ListedMailbox, ...]]):
    """LIST. With `status_items` (LIST-STATUS) each mailbox that has it comes with its `status`.

    `special_use` and `subscribed` ask the server for those attributes too (RETURN), `only_subscribed` for nothing
    but the subscribed mailboxes. With none of them it is the plain LIST that every server knows.
    """

    words: tuple[str, ...] = ("LIST",)
    anywhere = True

    def __init__(
        self,
        reference: str | bytes = "",
        pattern: str | bytes | Sequence[str] = "*",
        *,
        special_use: bool = False,
        subscribed: bool = False,
        only_subscribed: bool = False,
        status_items: Iterable[str] | None = None,
    ) -> None:
        words: list[Argument] = [(atom("SUBSCRIBED"),)] if only_subscribed else []
        words.append(Mailbox(reference))
        if isinstance(pattern, str | bytes):
            words.append(Mailbox(pattern))
        else:
            words.append(tuple(Mailbox(one) for one in pattern))
        returned: list[Argument] = []
        if special_use:
            returned.append(atom("SPECIAL-USE"))
        if subscribed:
            returned.append(atom("SUBSCRIBED"))
        if status_items is not None:
            returned += (atom("STATUS"), tuple(atom(item) for item in status_items))
        if returned:
            words += (atom("RETURN"), tuple(returned))
        self._with_status = status_items is not None
        super().__init__(*words)

    def reset(self) -> None:
        self._listed: dict[bytes, ListedMailbox] = {}
        self._statuses: dict[bytes, Status] = {}

    def collect(self, response: Response) -> bool:
        match response:
            case ListResponse(mailbox, lsub) if lsub == (self.words == ("LSUB",)):
                self._listed.setdefault(mailbox.wire, mailbox)
            case StatusResponse() if self._with_status:
                self._statuses[response.wire] = response.status
            case _:
                return False
        return True

    def result(self) -> tuple[ListedMailbox, ...]:
        return tuple(
            replace(mailbox, status=status) if (status := self._statuses.get(wire)) else mailbox
            for wire, mailbox in self._listed.items()
        )


class Lsub(ListMailboxes):
    """Subscribed mailboxes, from servers without LIST-EXTENDED."""

    words = ("LSUB",)

    def __init__(self, reference: str | bytes = "", pattern: str | bytes = "*") -> None:
        super().__init__(reference, pattern)


class AskStatus(Command[Status]):
    """STATUS of one mailbox. An answer that names no mailbox of this name is taken if it is the only one."""

    words = ("STATUS",)
    anywhere = True

    def __init__(self, name: str | bytes, items: Iterable[str] = COUNTS) -> None:
        self.mailbox = name
        super().__init__(Mailbox(name), tuple(atom(item) for item in items))

    def reset(self) -> None:
        self._status: Status | None = None
        self._names = {mailbox_wire(self.mailbox), mailbox_wire(self.mailbox, utf8=True)}

    def collect(self, response: Response) -> bool:
        if not isinstance(response, StatusResponse) or self._status is not None:
            return False
        inbox = response.wire.upper() == b"INBOX" and any(name.upper() == b"INBOX" for name in self._names)
        if not inbox and response.wire not in self._names and response.name != self.mailbox:
            return False
        self._status = response.status
        return True

    def result(self) -> Status:
        return self._status or Status()


class AskNamespace(Command[Namespace]):
    """NAMESPACE (RFC 2342)."""

    words = ("NAMESPACE",)
    anywhere = True

    def reset(self) -> None:
        self._namespace: Namespace | None = None

    def collect(self, response: Response) -> bool:
        if not isinstance(response, NamespaceResponse):
            return False
        self._namespace = response.namespace
        return True

    def result(self) -> Namespace:
        return self._namespace or Namespace()
