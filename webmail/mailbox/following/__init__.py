"""Following: which messages belong together, in a list and as a conversation."""

from .conversation import Conversation, Relative, conversation
from .listing import list_threads

__all__ = ["Conversation", "Relative", "conversation", "list_threads"]
