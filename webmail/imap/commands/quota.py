"""GETQUOTAROOT (RFC 9208)."""

from __future__ import annotations

from webmail.imap.commands.command import Command
from webmail.imap.encode import Mailbox
from webmail.imap.parse import QuotaResponse, QuotaRoot, Response
from webmail.imap.types import Quota


class GetQuotaRoot(Command[tuple[Quota, ...]]):
    """Every resource of every root that this mailbox counts against."""

    words = ("GETQUOTAROOT",)
    anywhere = True

    def __init__(self, name: str | bytes) -> None:
        super().__init__(Mailbox(name))

    def reset(self) -> None:
        self._quotas: list[Quota] = []

    def collect(self, response: Response) -> bool:
        if isinstance(response, QuotaResponse):
            self._quotas += response.quotas
            return True
        return isinstance(response, QuotaRoot)

    def result(self) -> tuple[Quota, ...]:
        return tuple(self._quotas)
