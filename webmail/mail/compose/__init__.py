"""Messages written: what a person typed and attached as RFC 5322 and MIME. See `write`."""

from webmail.mail.compose.flowed import flowed
from webmail.mail.compose.message import ComposeError, File, Message, message_id
from webmail.mail.compose.recipients import Problem, Recipients, format_recipients, parse_recipients
from webmail.mail.compose.resend import Resent, resend
from webmail.mail.compose.rich import Rich, editor_html, outgoing_html, text_of
from webmail.mail.compose.write import Written, needs_eight_bit, needs_utf8, write

__all__ = [
    "ComposeError",
    "File",
    "Message",
    "Problem",
    "Recipients",
    "Resent",
    "Rich",
    "Written",
    "editor_html",
    "flowed",
    "format_recipients",
    "message_id",
    "needs_eight_bit",
    "needs_utf8",
    "outgoing_html",
    "parse_recipients",
    "resend",
    "text_of",
    "write",
]
