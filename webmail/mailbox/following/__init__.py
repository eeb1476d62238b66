"""Following: which messages belong together."""

from .listing import list_threads

__all__ = ["list_threads"]
