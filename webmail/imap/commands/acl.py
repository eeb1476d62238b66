"""MYRIGHTS and GETACL (RFC 4314)."""

from __future__ import annotations

from webmail.imap.commands.command import Command
from webmail.imap.encode import Mailbox
from webmail.imap.parse import AclResponse, MyRights, Response


class AskRights(Command[str]):
    """MYRIGHTS: the letters of what we may do with this mailbox."""

    words = ("MYRIGHTS",)
    anywhere = True

    def __init__(self, name: str | bytes) -> None:
        super().__init__(Mailbox(name))

    def reset(self) -> None:
        self._rights: str | None = None

    def collect(self, response: Response) -> bool:
        if not isinstance(response, MyRights) or self._rights is not None:
            return False
        self._rights = response.rights
        return True

    def result(self) -> str:
        return self._rights or ""


class GetAcl(Command[dict[str, str]]):
    """Everybody's rights, by identifier; only for who may administer the mailbox."""

    words = ("GETACL",)
    anywhere = True

    def __init__(self, name: str | bytes) -> None:
        super().__init__(Mailbox(name))

    def reset(self) -> None:
        self._rights: dict[str, str] = {}

    def collect(self, response: Response) -> bool:
        if not isinstance(response, AclResponse):
            return False
        self._rights = response.rights
        return True

    def result(self) -> dict[str, str]:
        return self._rights
