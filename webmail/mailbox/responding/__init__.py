"""Answers that the program writes when a person says so: to an invitation, a request for a receipt, a list."""

from .inviting import ANSWERS, answer_invitation, mark_answer
from .leaving import leave_at_once, leaving, letter_to_leave
from .receipting import refuse_receipt, send_receipt
from .response import NothingToAnswerError, Response
from .sent import find_sent

__all__ = [
    "ANSWERS",
    "NothingToAnswerError",
    "Response",
    "answer_invitation",
    "find_sent",
    "leave_at_once",
    "leaving",
    "letter_to_leave",
    "mark_answer",
    "refuse_receipt",
    "send_receipt",
]
