"""Finding: which messages match a view, and pages of them."""

from .around import around
from .asking import asker_of
from .beside import beside
from .listing import list_view
from .matching import matching

__all__ = ["around", "asker_of", "beside", "list_view", "matching"]
