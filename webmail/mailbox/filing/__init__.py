"""Filing: what is done to messages, and how it is taken back. Each function is one thing a person does."""

from .conversations import OF_CONVERSATIONS, whole_conversation
from .doing import AT_ONCE, file_messages, lot_of, resume, stop
from .everything import everything, in_threads
from .order import BY_YEAR, FLAGS, KINDS, OF_THREADS, ROLES, Order
from .undoing import can_take_back, take_back

__all__ = [
    "AT_ONCE",
    "BY_YEAR",
    "FLAGS",
    "KINDS",
    "OF_CONVERSATIONS",
    "OF_THREADS",
    "ROLES",
    "Order",
    "can_take_back",
    "everything",
    "file_messages",
    "in_threads",
    "lot_of",
    "resume",
    "stop",
    "take_back",
    "whole_conversation",
]
