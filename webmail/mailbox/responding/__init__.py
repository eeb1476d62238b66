"""Answers that the program writes when a person says so: to an invitation, a request for a receipt, a list."""

from ..reading.asking import ANSWERS
from .inviting import answer_invitation
from .leaving import NoAnswerError, leave_at_once, letter_to_leave, ways_to_leave
from .receipting import refuse_receipt, send_receipt
from .response import NothingToAnswerError, Response
from .sent import find_sent

__all__ = [
    "ANSWERS",
    "NoAnswerError",
    "NothingToAnswerError",
    "Response",
    "answer_invitation",
    "find_sent",
    "leave_at_once",
    "letter_to_leave",
    "refuse_receipt",
    "send_receipt",
    "ways_to_leave",
]
