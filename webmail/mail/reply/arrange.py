"""Answer, quote and signature in the order that a person prefers."""

from __future__ import annotations

from typing import Literal

Where = Literal["above", "above-signed-below", "below"]
"""Where the answer is written: above the quote and signed there; above it, with the signature at the very end; or
below the quote."""

_DELIMITER = "-- \n"
# An empty paragraph that a browser gives a height, to write in.
_ROOM = "<p><br></p>"


def arrange(quote: str, signature: str, where: Where) -> str:
    """The text to begin with. The answer's place is its beginning, or with "below" two lines after the quote."""
    signed = signed_text(signature)
    if not quote:
        return f"\n\n{signed}" if signed else ""
    if where == "below":
        return f"{quote}\n\n" + (f"\n\n{signed}" if signed else "")
    if where == "above" and signed:
        return f"\n\n{signed}\n\n{quote}"
    return f"\n\n{quote}" + (f"\n\n{signed}" if signed else "")


def arrange_html(quote: str, signature: str, where: Where) -> str:
    """The same for HTML; both are sanitised fragments. The answer's place is the first empty paragraph."""
    signed = f'<div class="signature">-- <br>{signature}</div>' if signature.strip() else ""
    if where == "below":
        return f"{quote}{_ROOM}{signed}"
    return f"{_ROOM}{signed}{quote}" if where == "above" else f"{_ROOM}{quote}{signed}"


def signed_text(signature: str) -> str:
    """Behind the line that tells programs what follows (RFC 3676, 4.3), once."""
    text = signature.replace("\r\n", "\n").strip("\n").rstrip()
    if not text.strip():
        return ""
    return text if text.startswith(_DELIMITER) else f"{_DELIMITER}{text}"
