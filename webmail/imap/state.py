"""What is known of the server at the other end, kept up to date by everything it says."""

from __future__ import annotations

from typing import Final

from webmail.imap.commands.select import Close, Select
from webmail.imap.encode import Dialect
from webmail.imap.exchange import Entry
from webmail.imap.parse import (
    Capability,
    Code,
    Condition,
    Enabled,
    Exists,
    Expunge,
    FetchResponse,
    Flags,
    NamespaceResponse,
    Response,
    Tagged,
    Vanished,
)
from webmail.imap.selected import SelectedState
from webmail.imap.types import Namespace

# What IMAP4rev2 takes in (RFC 9051, appendix E), for a server that offers nothing older.
_REV2: Final = frozenset(
    "BINARY CHILDREN ENABLE ESEARCH IDLE LIST-EXTENDED LIST-STATUS LITERAL- MOVE NAMESPACE SASL-IR SEARCHRES "
    "SPECIAL-USE STATUS=SIZE UIDPLUS UNSELECT".split()
)
_LITERAL_MINUS: Final = 4096
_ANY_SIZE: Final = 2**63 - 1
_MOST_ALERTS: Final = 20
_LONGEST_ALERT: Final = 1000


class State:
    """`told`: the server has named its capabilities since this was last set to False."""

    def __init__(self) -> None:
        self.capabilities: frozenset[str] = frozenset()
        self.told = False
        self.distrusted: set[str] = set()
        self.enabled: frozenset[str] = frozenset()
        self.namespace: Namespace | None = None
        self.selected: SelectedState | None = None
        self.alerts: list[str] = []
        self.bye: str | None = None

    def has(self, name: str) -> bool:
        name = name.upper()
        if name in self.distrusted:
            return False
        return name in self.capabilities or (name in _REV2 and self._rev2_only)

    @property
    def _rev2_only(self) -> bool:
        return "IMAP4REV2" in self.capabilities and "IMAP4REV1" not in self.capabilities

    @property
    def dialect(self) -> Dialect:
        unasked = _ANY_SIZE if self.has("LITERAL+") else _LITERAL_MINUS if self.has("LITERAL-") else 0
        utf8 = self._rev2_only or not self.enabled.isdisjoint(("UTF8=ACCEPT", "IMAP4REV2"))
        return Dialect(unasked, utf8=utf8)

    def hear(self, response: Response, taken: bool) -> None:
        """An untagged response; `taken` by a command as its answer."""
        match response:
            case Condition():
                if response.status == "BYE":
                    self.bye = response.text
                self._hear_code(response.code, response.text, taken=taken)
            case Capability():
                self.learn(response.names)
            case Enabled():
                self.enabled |= {name.upper() for name in response.names}
            case NamespaceResponse(namespace):
                self.namespace = namespace
            case _ if self.selected is not None:
                if isinstance(response, FetchResponse):
                    self.selected.heard_uid(response.message.uid)
                if not taken:
                    self._hear_mailbox(self.selected, response)

    def done(self, entry: Entry, tagged: Tagged) -> None:
        """A command has got its tagged answer."""
        command = entry.command
        if isinstance(command, Select):
            self.selected = (
                None if entry.failed else SelectedState.of(entry.outcome, command.wire(self.dialect))
            )
        elif isinstance(command, Close) and not entry.failed:
            self.selected = None
        self._hear_code(tagged.code, tagged.text, taken=isinstance(command, Select))

    def learn(self, names: frozenset[str]) -> None:
        self.capabilities = names
        self.told = True

    def _hear_code(self, code: Code | None, text: str, *, taken: bool) -> None:
        if code is None:
            return
        if code.name == "CAPABILITY":
            if isinstance(code.argument, frozenset):
                self.learn(code.argument)
        elif code.name == "ALERT" and len(self.alerts) < _MOST_ALERTS:
            self.alerts.append(text[:_LONGEST_ALERT])
        elif self.selected is not None and not taken and isinstance(code.argument, int):
            value = code.argument
            if code.name == "UIDNEXT":
                self.selected.uid_next = value
            elif code.name == "HIGHESTMODSEQ":
                self.selected.highest_modseq = value
            elif code.name == "UIDVALIDITY":
                self.selected.uid_validity = value

    def _hear_mailbox(self, selected: SelectedState, response: Response) -> None:
        match response:
            case Exists(count):
                selected.set_exists(count)
            case Expunge(seq):
                selected.expunge(seq)
            case Vanished(uids, earlier):
                selected.vanish(uids, earlier=earlier)
            case FetchResponse(message):
                selected.fetched(message)
            case Flags(names):
                selected.flags = frozenset(names)
