"""Addresses in plain text made links: http, https, www and mail only, each with a fixed set of attributes."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from webmail.mail.idn import is_safe_host

# What may not be in a link: spaces, quotes, brackets, controls, and characters that hide or turn text.
_STOP = (
    '\\s<>"`{}|\\\\^\x00-\x20\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\uffff'
)
_LINK = re.compile(
    rf"(?<![\w@.+/:-])(?:(?P<url>https?://[^{_STOP}]{{1,2000}}+)"
    rf"|(?P<www>www\.[^{_STOP}]{{1,2000}}+)"
    r"|(?:mailto:)?(?P<mail>[A-Za-z0-9][\w.!#$%&'*+/=?~-]{0,63}+@[\w-]{1,63}+(?>(?:\.[\w-]{1,63}+){1,8})))",
    re.IGNORECASE,
)
_HOST = re.compile(r"[^/?#]*+")
_PORT = re.compile(r":\d{0,5}\Z")
_NAME = re.compile(r"(?:[\w-]{1,63}\.){0,20}[\w-]{1,63}\.?\Z|\[[0-9a-f:.]{2,45}\]\Z", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~»”’…。、，"
_PAIRS = {")": "(", "]": "[", "）": "（", "」": "「", "】": "【"}
_ATTRIBUTES = 'rel="noopener noreferrer nofollow" target="_blank"'


def linkify(text: str) -> str:
    """`text` escaped, with its links. A URL that names a user before "@" or a host that imitates is not one."""
    out: list[str] = []
    position = 0
    for found in _LINK.finditer(text):
        if found.start() < position:
            continue
        if found["mail"]:
            shown = found[0].rstrip(".-_")
            address = found["mail"].rstrip(".-_")
            target = f"mailto:{quote(address, safe='@+=~!$*._-')}"
        else:
            shown = _trimmed(found[0])
            target = shown if found["url"] else f"http://{shown}"
            if not _is_sound(target):
                continue
        out += (
            escape(text[position : found.start()]),
            f'<a href="{escape(target)}" {_ATTRIBUTES}>{escape(shown)}</a>',
        )
        position = found.start() + len(shown)
    out.append(escape(text[position:]))
    return "".join(out)


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence around it; a bracket stays if it was opened inside."""
    surplus = {close: url.count(close) - url.count(opening) for close, opening in _PAIRS.items()}
    end = len(url)
    while end:
        char = url[end - 1]
        if surplus.get(char, 0) > 0:
            surplus[char] -= 1
        elif char not in _TRAILING:
            break
        end -= 1
    return url[:end]


def _is_sound(url: str) -> bool:
    found = _HOST.match(url.partition("://")[2])
    host = _PORT.sub("", found[0] if found else "")
    return bool(_NAME.match(host)) and is_safe_host(host)
