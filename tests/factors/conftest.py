import pytest

from tests.factors.clock import Clock
from webmail.accounts.models import Person


@pytest.fixture
def kari(db) -> Person:
    return Person.objects.create(username="kari@fjord.example")


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The time of codes and of waiting, which stands still until it is moved."""
    return Clock(monkeypatch)
