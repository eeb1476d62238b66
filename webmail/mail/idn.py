"""Domain names for people: Unicode where it can't be mistaken for another name, punycode where it can."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LATIN_LOOKALIKES = frozenset("асԁеһіјӏорԛѕυѵԝхуοανικρτχօսոհցզ")
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
_ALLOWED = re.compile(r"[\w\u00b7\u200c\u200d・-]+\Z")


@lru_cache(maxsize=4_096)
def unicode_domain(domain: str) -> str:
    """`domain` with each xn-- label in Unicode (RFC 5891) if it is safe to show. Never raises."""
    if len(domain) > 255 or "xn--" not in domain.lower():
        return domain
    return ".".join(_label(label) for label in domain.split("."))


def _label(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        text = label[4:].encode("ascii").decode("punycode")
        if text.encode("punycode").decode("ascii").lower() != label[4:].lower():
            return label
    except (UnicodeError, ValueError, OverflowError):
        return label
    return text if _is_safe(text) else label


def _is_safe(text: str) -> bool:
    if not text or text.isascii() or unicodedata.normalize("NFKC", text).casefold() != text.casefold():
        return False
    if not _ALLOWED.match(text) or text != text.lower() or unicodedata.category(text[0]).startswith("M"):
        return False
    scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in text if char.isalpha()}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return False
    return not all(char in _LATIN_LOOKALIKES for char in text if char.isalpha())


def is_safe_host(host: str) -> bool:
    """A host's name that can be shown as it stands: no label that imitates another script's."""
    return host.isascii() or all(label.isascii() or _is_safe(label.lower()) for label in host.split("."))
