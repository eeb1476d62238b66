"""What a reply and a forwarded message are made of: people, subject, thread, quote. Pure functions."""

from webmail.mail.reply.arrange import Where, arrange, arrange_html, signed_text
from webmail.mail.reply.forward import forward_html, forward_text, forward_text_as_html
from webmail.mail.reply.original import HEADER_FIELDS, Original, original_of
from webmail.mail.reply.own import Own
from webmail.mail.reply.quote import quote_html, quote_text, quote_text_as_html
from webmail.mail.reply.recipients import (
    Reply,
    own_address_used,
    reply_to_all,
    reply_to_list,
    reply_to_sender,
)
from webmail.mail.reply.references import Thread, thread_of
from webmail.mail.reply.subject import forward_subject, reply_subject

__all__ = [
    "HEADER_FIELDS",
    "Original",
    "Own",
    "Reply",
    "Thread",
    "Where",
    "arrange",
    "arrange_html",
    "forward_html",
    "forward_subject",
    "forward_text",
    "forward_text_as_html",
    "original_of",
    "own_address_used",
    "quote_html",
    "quote_text",
    "quote_text_as_html",
    "reply_subject",
    "reply_to_all",
    "reply_to_list",
    "reply_to_sender",
    "signed_text",
    "thread_of",
]
