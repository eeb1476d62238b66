"""What can go wrong in `webmail.mail`. Most of it never fails: broken mail is shown as well as it can be."""

from __future__ import annotations


class MailError(Exception):
    """Base of all: `str()` is for logs, never holds message content."""


class TnefError(MailError):
    """Not a TNEF stream, or none of it can be read."""


class LimitError(MailError):
    """More than this program is willing to read into memory."""
