"""Commands for any state: CAPABILITY, NOOP, ID, ENABLE, STARTTLS, IDLE, LOGOUT (RFC 9051, 6.1; 2971; 2177)."""

from __future__ import annotations

from collections.abc import Mapping

from webmail.imap.commands.command import Command, Simple
from webmail.imap.encode import Argument, Raw, Text, atom
from webmail.imap.parse import Capability as CapabilityResponse
from webmail.imap.parse import Enabled as EnabledResponse
from webmail.imap.parse import Id as IdResponse
from webmail.imap.parse import Response


class Capability(Command[frozenset[str]]):
    """The server's capabilities in upper case; the connection notes them by itself."""

    words = ("CAPABILITY",)

    def reset(self) -> None:
        self._names: frozenset[str] = frozenset()

    def collect(self, response: Response) -> bool:
        if not isinstance(response, CapabilityResponse):
            return False
        self._names = frozenset(name.upper() for name in response.names)
        return True

    def result(self) -> frozenset[str]:
        return self._names


class Noop(Simple):
    words = ("NOOP",)


class Logout(Simple):
    words = ("LOGOUT",)


class StartTls(Simple):
    words = ("STARTTLS",)
    repeatable = False


class Idle(Simple):
    words = ("IDLE",)
    repeatable = False


class Notify(Simple):
    """NOTIFY (RFC 5465): from now on tell of new, gone and changed messages in every mailbox of the person's own."""

    words = ("NOTIFY",)

    def __init__(self) -> None:
        messages = b"MessageNew MessageExpunge FlagChange"
        super().__init__(
            Raw(b"SET (selected (%b)) (personal (%b MailboxName))" % (messages, messages)),
        )


class Id(Command[dict[str, str | None]]):
    """Tell who we are, learn who the server is; empty where it says NIL. Field names in lower case."""

    words = ("ID",)

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        pairs: tuple[Argument, ...] = tuple(Text(word) for pair in (fields or {}).items() for word in pair)
        super().__init__(pairs or Raw(b"NIL"))

    def reset(self) -> None:
        self._fields: dict[str, str | None] = {}

    def collect(self, response: Response) -> bool:
        if not isinstance(response, IdResponse):
            return False
        self._fields = dict(response.fields)
        return True

    def result(self) -> dict[str, str | None]:
        return self._fields


class Enable(Command[frozenset[str]]):
    """ENABLE (RFC 5161). What was switched on, in upper case; the connection notes it by itself."""

    words = ("ENABLE",)

    def __init__(self, *names: str) -> None:
        super().__init__(*(atom(name) for name in names))

    def reset(self) -> None:
        self._names: frozenset[str] = frozenset()

    def collect(self, response: Response) -> bool:
        if not isinstance(response, EnabledResponse):
            return False
        self._names |= {name.upper() for name in response.names}
        return True

    def result(self) -> frozenset[str]:
        return self._names
