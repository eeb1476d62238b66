"""Filing: what is done to messages, and how it is taken back. Each function is one thing a person does."""

from .doing import AT_ONCE, file_messages, lot_of, resume, stop
from .everything import everything
from .order import BY_YEAR, FLAGS, KINDS, ROLES, Order
from .undoing import can_take_back, take_back

__all__ = [
    "AT_ONCE",
    "BY_YEAR",
    "FLAGS",
    "KINDS",
    "ROLES",
    "Order",
    "can_take_back",
    "everything",
    "file_messages",
    "lot_of",
    "resume",
    "stop",
    "take_back",
]
