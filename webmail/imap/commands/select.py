"""Opening and leaving a mailbox: SELECT, EXAMINE (CONDSTORE, QRESYNC: RFC 7162), UNSELECT, CLOSE."""

from __future__ import annotations

from webmail.imap.commands.command import Command, Simple
from webmail.imap.encode import Argument, Dialect, Mailbox, atom, mailbox_wire, number, sequence_set
from webmail.imap.parse import (
    Code,
    Condition,
    Exists,
    Expunge,
    FetchResponse,
    Flags,
    Recent,
    Response,
    Tagged,
    Vanished,
)
from webmail.imap.selected import name_of
from webmail.imap.types import Fetched, Selected


class Select(Command[Selected]):
    """`qresync`: (UIDVALIDITY, highest known MODSEQ[, known UIDs as a set]); needs ENABLE QRESYNC before."""

    words: tuple[str, ...] = ("SELECT",)

    def __init__(
        self,
        name: str | bytes,
        *,
        condstore: bool = False,
        qresync: tuple[int, int] | tuple[int, int, str] | None = None,
    ) -> None:
        self.mailbox = name
        parameters: list[Argument] = []
        if qresync is not None:
            known = (sequence_set(qresync[2]),) if len(qresync) == 3 else ()
            parameters += (atom("QRESYNC"), (number(qresync[0]), number(qresync[1]), *known))
        elif condstore:
            parameters.append(atom("CONDSTORE"))
        super().__init__(Mailbox(name), *((tuple(parameters),) if parameters else ()))

    def wire(self, dialect: Dialect) -> bytes:
        return mailbox_wire(self.mailbox, utf8=dialect.utf8)

    def reset(self) -> None:
        self._exists = 0
        self._codes: dict[str, int] = {}
        self._flags: frozenset[str] = frozenset()
        self._permanent: frozenset[str] | None = None
        self._vanished: list[str] = []
        self._changed: list[Fetched] = []
        self._read_only = self.words == ("EXAMINE",)

    def collect(self, response: Response) -> bool:
        match response:
            case Exists(count):
                self._exists = count
            case Expunge():
                self._exists = max(0, self._exists - 1)
            case Flags(names):
                self._flags = frozenset(names)
            case Vanished():
                self._vanished.append(response.uids)
            case FetchResponse(message):
                self._changed.append(message)
            case Recent():
                pass
            case Condition(status="OK") if response.code is not None:
                self._collect_code(response.code)
            case _:
                return False
        return True

    def _collect_code(self, code: Code) -> None:
        if code.name == "CLOSED":
            self.reset()
        elif code.name == "PERMANENTFLAGS" and isinstance(code.argument, frozenset):
            self._permanent = code.argument
        elif isinstance(code.argument, int):
            self._codes[code.name] = code.argument

    def complete(self, tagged: Tagged) -> None:
        if tagged.code is not None and tagged.code.name in ("READ-ONLY", "READ-WRITE"):
            self._read_only = tagged.code.name == "READ-ONLY"
        elif tagged.code is not None:
            self._collect_code(tagged.code)

    def result(self) -> Selected:
        return Selected(
            name=name_of(self.mailbox),
            exists=self._exists,
            uid_validity=self._codes.get("UIDVALIDITY", 0),
            uid_next=self._codes.get("UIDNEXT") or None,
            highest_modseq=self._codes.get("HIGHESTMODSEQ"),
            flags=self._flags,
            permanent_flags=self._permanent,
            read_only=self._read_only,
            unseen=self._codes.get("UNSEEN") or None,
            vanished=",".join(self._vanished),
            changed=tuple(self._changed),
        )


class Examine(Select):
    words = ("EXAMINE",)


class Close(Simple):
    """Leaves the mailbox and expunges what is marked \\Deleted, whoever marked it."""

    words: tuple[str, ...] = ("CLOSE",)
    repeatable = False
    touches = True


class Unselect(Close):
    """Leaves the mailbox as it is (RFC 3691)."""

    words = ("UNSELECT",)
    repeatable = True
    touches = False
