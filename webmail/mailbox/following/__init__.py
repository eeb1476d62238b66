"""Following: which messages belong together."""

from .listing import MOST_OPEN, list_threads

__all__ = ["MOST_OPEN", "list_threads"]
