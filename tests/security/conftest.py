"""The same people and servers as for the front door."""

from tests.front.conftest import kari, pool, visitor

__all__ = ["kari", "pool", "visitor"]
