"""What an operation needs: a signed-in connection, or what the pool lends of one."""

from __future__ import annotations

from typing import Any, Protocol

from webmail.imap.commands import Command
from webmail.imap.selected import SelectedState


class Session(Protocol):
    """As Connection has them. `distrust` makes `has` False for what the server offers but refuses."""

    @property
    def selected(self) -> SelectedState | None: ...

    def has(self, name: str) -> bool: ...

    def distrust(self, name: str) -> None: ...

    def run(self, *commands: Command[Any]) -> Any: ...

    def gather(self, *commands: Command[Any]) -> Any: ...
