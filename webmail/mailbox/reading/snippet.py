"""The first words of a message, for the list."""

from __future__ import annotations

import re

from webmail.mail.charset import decode
from webmail.mail.header import clean
from webmail.mail.html import snippet_from_html
from webmail.mail.parse import slice_text
from webmail.mail.part import Part
from webmail.mail.parts import HTML_TYPES, PLAIN_TYPES
from webmail.mail.transfer import decode as decode_transfer

LENGTH = 160
# Of these octets words are made; more would only be thrown away.
OCTETS = 600
_SPACE = re.compile(r"\s+")


def snippet_of(text: str) -> str:
    return clean(_SPACE.sub(" ", text[: 4 * LENGTH])).strip()[:LENGTH]


def first_words(root: Part | None, octets: bytes) -> str:
    """From the beginning of BODY[1]: the text itself, or a multipart with the text somewhere in it."""
    first = root.children[0] if root is not None and root.section == "" and root.children else root
    if first is None or not octets:
        return ""
    if first.type.startswith("multipart/"):
        cut = slice_text(octets, first)
        for leaf in first.walk():
            if leaf.section in cut and leaf.type in PLAIN_TYPES | HTML_TYPES:
                return _words(leaf, cut[leaf.section][0])
        return ""
    return _words(first, octets) if first.type in PLAIN_TYPES | HTML_TYPES else ""


def _words(leaf: Part, octets: bytes) -> str:
    text = decode(decode_transfer(octets, leaf.encoding), leaf.charset)
    shown = snippet_from_html(text, length=LENGTH) if leaf.type in HTML_TYPES else snippet_of(text)
    return shown.rstrip("\ufffd")
