"""Messages written: what a person typed and attached as RFC 5322 and MIME. See `write`."""

from webmail.mail.compose.flowed import flowed
from webmail.mail.compose.message import ComposeError, File, Message, message_id
from webmail.mail.compose.recipients import Problem, Recipients, format_recipients, parse_recipients
from webmail.mail.compose.write import Written, needs_eight_bit, needs_utf8, write

__all__ = [
    "ComposeError",
    "File",
    "Message",
    "Problem",
    "Recipients",
    "Written",
    "flowed",
    "format_recipients",
    "message_id",
    "needs_eight_bit",
    "needs_utf8",
    "parse_recipients",
    "write",
]
