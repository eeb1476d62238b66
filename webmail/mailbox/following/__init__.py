"""Following: which messages belong together, in a list and as a conversation."""

from .listing import list_threads

__all__ = ["list_threads"]
