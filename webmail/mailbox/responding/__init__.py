"""Answers that the program writes when a person says so: to an invitation, a request for a receipt, a list."""

from .inviting import ANSWERS, answer_invitation, mark_answer
from .leaving import NoAnswerError, leave_at_once, letter_to_leave, ways_to_leave
from .receipting import send_receipt, settle_receipt
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
    "mark_answer",
    "send_receipt",
    "settle_receipt",
    "ways_to_leave",
]
