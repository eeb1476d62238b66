"""A person with an address book, and another whose contacts nobody may meet."""

from __future__ import annotations

import pytest

from tests.contacts.book import fill
from webmail.accounts.models import Person


@pytest.fixture
def kari(db) -> Person:
    return Person.objects.create(username="kari@fjord.example")


@pytest.fixture
def ola(db) -> Person:
    return Person.objects.create(username="ola@fjord.example")


@pytest.fixture
def many(kari) -> int:
    """Ten thousand contacts."""
    fill(
        kari, [(f"Person{number} Etternamn", (f"person{number}@fjord.example",)) for number in range(10_000)]
    )
    return 10_000
