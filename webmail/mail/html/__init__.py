"""A message's HTML made safe to show: see `sanitise` and `document`."""

from webmail.mail.html.document import content_security_policy, document
from webmail.mail.html.policy import POLICY_VERSION
from webmail.mail.html.sanitise import sanitise
from webmail.mail.html.text import snippet_from_html, text_from_html
from webmail.mail.html.types import Choices, Refused, Sanitised, Words

__all__ = [
    "POLICY_VERSION",
    "Choices",
    "Refused",
    "Sanitised",
    "Words",
    "content_security_policy",
    "document",
    "sanitise",
    "snippet_from_html",
    "text_from_html",
]
