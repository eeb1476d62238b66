"""Who writes to whom in the demo. All hosts are under .example (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str

    @property
    def first(self) -> str:
        return self.name.split()[0] if self.name else self.address.split("@")[0]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    name: str
    address: str
    password: str

    @property
    def person(self) -> Person:
        return Person(self.name, self.address)


ACCOUNTS = (
    Account("Kari Vestbø", "kari@fjord.example", "fjord-og-fjell"),
    Account("Ola Nes", "ola@fjord.example", "sol-i-november"),
)
KARI, OLA = (account.person for account in ACCOUNTS)
