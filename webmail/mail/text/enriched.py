"""text/enriched and text/richtext (RFC 1896, RFC 1341) without their commands."""

from __future__ import annotations

import re

_PARAM = re.compile(r"<param>[^<]{0,2000}</param>", re.IGNORECASE)
_COMMAND = re.compile(r"</?[A-Za-z0-9-]{1,60}>")
_NEWLINES = re.compile(r"\n+")
_BREAK = re.compile(r"<(?:nl|np|/?paragraph)>", re.IGNORECASE)


def plain_from_enriched(text: str) -> str:
    """One line break is a space and n of them are n - 1 (RFC 1896, 3); commands go, "<<" is "<"."""
    text = text.replace("\r\n", "\n")
    text = _NEWLINES.sub(lambda breaks: "\n" * (len(breaks[0]) - 1) or " ", text)
    text = _BREAK.sub("\n", _PARAM.sub("", text))
    return "<".join(_COMMAND.sub("", piece) for piece in text.replace("<lt>", "<<").split("<<"))
