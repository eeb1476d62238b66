"""Following: which messages belong together, in a list and as a conversation."""

from .conversation import Conversation, Member, conversation
from .listing import MOST_OPEN, list_threads
from .whole import whole_threads

__all__ = ["MOST_OPEN", "Conversation", "Member", "conversation", "list_threads", "whole_threads"]
