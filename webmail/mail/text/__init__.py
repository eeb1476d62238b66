"""Plain text as markup for the app's own page: escaped, linked, quotes folded. The result is safe to insert."""

from webmail.mail.text.enriched import plain_from_enriched
from webmail.mail.text.flowed import Line, plain_lines, read_lines
from webmail.mail.text.links import linkify
from webmail.mail.text.render import MAX_TEXT, Rendered, render
from webmail.mail.text.signature import split_signature

__all__ = [
    "MAX_TEXT",
    "Line",
    "Rendered",
    "linkify",
    "plain_from_enriched",
    "plain_lines",
    "read_lines",
    "render",
    "split_signature",
]
